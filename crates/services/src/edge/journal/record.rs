//! What the journal records.

use domain::{
    Timestamp,
    edge::{CallStart, EdgeEnd, TraceStep, binding::Binding, cac::OpenCall, dialog::DialogState},
};
use serde::{Deserialize, Serialize};

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// A ULID, in the order in which the entries were appended.
    pub id: String,
    #[serde(flatten)]
    pub record: Record,
}

/// Something to be written to the database. Applying a record a second time changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// A step of a call's trace.
    Step(TraceStep),
    /// A call began.
    Started(CallStart),
    /// A call rings or was answered.
    Progress {
        /// SIP's Call-ID.
        call_id: String,
        /// How far it has come.
        state: DialogState,
        /// When, by the edge's clock.
        at: Timestamp,
    },
    /// A call ended; it is not open any more.
    Ended {
        /// SIP's Call-ID.
        call_id: String,
        /// How it ended.
        end: EdgeEnd,
    },
    /// A call was admitted.
    Opened(OpenCall),
    /// A call is not counted any more, although it may go on.
    Reset {
        /// SIP's Call-ID.
        call_id: String,
    },
    /// The contacts of an address of record.
    Bindings {
        /// The address of record.
        aor: String,
        /// All of its contacts.
        bindings: Vec<Binding>,
        /// A ULID from before the contacts were read: a record with a later one has all changes of this one.
        change: String,
    },
    /// An agent's event.
    Agent {
        /// The edge user.
        user_id: String,
        /// What the agent did.
        event: String,
    },
}
