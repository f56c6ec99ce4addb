//! The trace of a call.

use std::sync::Arc;

use domain::edge::{TraceSource, TraceStep};
use live_state::{LiveEvent, LiveEventKind};
use serde_json::json;

use super::journal::{JournalError, Record};
use crate::context::Context;

/// Records what was done with each call; cheap to clone.
#[derive(Clone)]
pub struct Trace {
    context: Arc<Context>,
}

impl Trace {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Records a step before its request is answered. `call_id` is SIP's Call-ID; a request without one leaves no trace.
    /// `detail` must contain no secrets.
    ///
    /// # Errors
    /// [`JournalError`]: the request is not to be answered as if the step had been recorded.
    pub fn step(
        &self,
        call_id: &str,
        source: TraceSource,
        step: &str,
        outcome: &str,
        detail: &str,
    ) -> Result<(), JournalError> {
        if call_id.is_empty() {
            return Ok(());
        }
        let record = self.record(call_id, source, step, outcome, detail);
        self.context.journal.append(vec![record])
    }

    /// The record of a step, to be appended together with others; it is published to the live monitor.
    pub fn record(&self, call_id: &str, source: TraceSource, step: &str, outcome: &str, detail: &str) -> Record {
        let step = TraceStep::new(call_id, self.context.clock.now(), source, step, outcome, detail);
        self.context.live.publish(LiveEvent {
            account: self.context.account.clone(),
            kind: if outcome == "rejected" { LiveEventKind::Reject } else { LiveEventKind::Call },
            at: step.at,
            call_id: Some(step.call_id.clone()),
            data: json!({
                "source": step.source, "step": step.step, "outcome": step.outcome, "detail": step.detail,
            }),
        });
        Record::Step(step)
    }
}
