//! The trace of a call: each step of its handling, in order.

use serde::{Deserialize, Serialize};

use super::field;
use crate::Timestamp;

/// Characters of a step's name and outcome.
const MAX_NAME: usize = 64;
/// Characters of a step's detail.
const MAX_DETAIL: usize = 1_000;
/// Characters of a Call-ID; RFC 3261 sets no limit.
pub const MAX_CALL_ID: usize = 255;

field::choices! {
    /// What handled the step.
    TraceSource (unknown_source) {
        /// Digest authentication: `POST /auth`.
        Auth = "auth",
        /// The route decision: `POST /route`.
        Route = "route",
        /// Call admission control.
        Admit = "admit",
        /// What the edge reports of dialogs: `POST /presence/event`.
        Presence = "presence",
        /// The call flow.
        Flow = "flow",
        /// A queue.
        Queue = "queue",
        /// The media engine.
        Media = "media",
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    /// SIP's Call-ID.
    pub call_id: String,
    /// When the server handled it, by the server's clock.
    pub at: Timestamp,
    /// What handled it.
    pub source: TraceSource,
    /// Which step: `digest`, `target`, `confirmed`.
    pub step: String,
    /// How it ended: `ok`, `challenged`, `refused`.
    pub outcome: String,
    /// The particulars or the error, without secrets; may be empty.
    pub detail: String,
}

impl TraceStep {
    /// Longer texts are cut: they come from SIP messages. `call_id` is no longer than [`MAX_CALL_ID`].
    pub fn new(call_id: &str, at: Timestamp, source: TraceSource, step: &str, outcome: &str, detail: &str) -> Self {
        Self {
            call_id: cut(call_id, MAX_CALL_ID),
            at,
            source,
            step: cut(step, MAX_NAME),
            outcome: cut(outcome, MAX_NAME),
            detail: cut(detail, MAX_DETAIL),
        }
    }
}

/// PostgreSQL stores no NUL.
fn cut(text: &str, max: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_characters() {
        let long = "é\0".repeat(2_000);
        let step = TraceStep::new(&long, Timestamp::from_millis(1), TraceSource::Auth, &long, "ok", &long);
        assert_eq!(step.call_id, "é".repeat(MAX_CALL_ID));
        assert_eq!(step.detail, "é".repeat(MAX_DETAIL));
    }
}
