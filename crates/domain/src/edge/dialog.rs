//! Dialogs (RFC 3261 section 12): how far each call at the edge has come.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How long an ended dialog is remembered, so that an earlier event that arrives late does not bring it back.
pub const TERMINATED_KEPT_MILLIS: i64 = 300_000;

/// How far a dialog has come. It never moves back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialogState {
    /// INVITE was sent; it may ring.
    Early,
    /// Answered.
    Confirmed,
    /// Ended, answered or not.
    Terminated,
}

/// One call at the edge, by its Call-ID. Forks of an INVITE are one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialog {
    /// SIP's Call-ID.
    pub call_id: String,
    /// How far it has come.
    pub state: DialogState,
    /// The caller's address of record or number.
    pub caller: String,
    /// The address of record or number that is called.
    pub callee: String,
    /// The first event.
    pub started_at: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Until when it is remembered without further events, by the clock of the live state.
    pub expires_at: Timestamp,
}

/// What the edge reports of a dialog. Events may come twice and out of order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogEvent {
    /// SIP's Call-ID.
    pub call_id: String,
    /// How far the dialog has come.
    pub state: DialogState,
    /// The caller's address of record or number; empty where the event does not name it.
    pub caller: String,
    /// The address of record or number that is called; empty where the event does not name it.
    pub callee: String,
    /// When it happened, by the node's clock.
    pub at: Timestamp,
    /// How long the dialog is remembered without further events, in milliseconds.
    pub lease_millis: i64,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogChange {
    /// The dialog is new or has come further; this is what it is now.
    Changed(Dialog),
    /// The state is the same as before; the lease is renewed.
    Renewed(Dialog),
    /// A later state was reported before; nothing has changed.
    OutOfOrder,
}

impl Dialog {
    /// Applies an event to what is known of the dialog, if anything is.
    pub fn apply(known: Option<&Self>, event: &DialogEvent, now: Timestamp) -> DialogChange {
        let known = known.filter(|dialog| dialog.expires_at > now);
        if known.is_some_and(|dialog| event.state < dialog.state) {
            return DialogChange::OutOfOrder;
        }
        let further = known.is_none_or(|dialog| event.state > dialog.state);
        if known.is_some_and(|dialog| dialog.state == DialogState::Terminated) {
            // The end is reported twice. Its expiry stays: a repeated report must not keep it for ever.
            return known.cloned().map_or(DialogChange::OutOfOrder, DialogChange::Renewed);
        }
        let mut dialog = known.cloned().unwrap_or_else(|| Self {
            call_id: event.call_id.clone(),
            state: event.state,
            caller: String::new(),
            callee: String::new(),
            started_at: event.at,
            answered_at: None,
            ended_at: None,
            expires_at: now,
        });
        for (field, value) in [(&mut dialog.caller, &event.caller), (&mut dialog.callee, &event.callee)] {
            if field.is_empty() {
                field.clone_from(value);
            }
        }
        dialog.state = event.state;
        match event.state {
            DialogState::Early => {}
            DialogState::Confirmed => dialog.answered_at = dialog.answered_at.or(Some(event.at)),
            DialogState::Terminated => dialog.ended_at = Some(event.at),
        }
        let kept = if event.state == DialogState::Terminated { TERMINATED_KEPT_MILLIS } else { event.lease_millis };
        dialog.expires_at = now.plus_millis(kept);
        if further { DialogChange::Changed(dialog) } else { DialogChange::Renewed(dialog) }
    }
}
