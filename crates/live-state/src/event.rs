//! What those who watch the edge see as it happens.

use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened at the edge. Events are for watching only: they may be lost, and no decision depends on them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveEvent {
    /// The account.
    pub account: AccountId,
    /// What it is about.
    pub kind: LiveEventKind,
    /// When it happened.
    pub at: Timestamp,
    /// SIP's Call-ID, for events of calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The particulars, by kind; a JSON object without secrets.
    pub data: Value,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveEventKind {
    /// A step of a call: routed, ringing, answered, ended.
    Call,
    /// A counter of open calls has changed.
    Cac,
    /// Bindings have changed.
    Registration,
    /// An authentication: challenged, accepted, refused.
    Auth,
    /// A call was refused.
    Reject,
    /// A ban was set or lifted.
    Ban,
    /// A command to the media engine.
    Command,
    /// An agent's state, or an offer to an agent.
    Agent,
}

/// How many events wait for a slow subscriber.
pub(crate) const EVENTS_KEPT: usize = 1024;
