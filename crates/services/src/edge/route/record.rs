//! What is recorded of a route decision, before its answer.

use api_types::input::EdgeRouteRequest;
use domain::edge::{
    CallStart, TraceSource,
    route::{Decision, RtjsonAction, Step},
};

use super::{Routed, Routing};
use crate::{
    Result,
    edge::{
        calls::{EdgeCalls, open_call},
        trace::Trace,
    },
};

/// The SIP status of a call whose answer could not be written.
const NOT_WRITTEN: u16 = 500;

impl Routing {
    /// A call that is decided again when the caller has authenticated has steps, and no row yet.
    pub(super) fn record_unchallenged(&self, request: &EdgeRouteRequest, routed: &Routed) -> Result<()> {
        let Step::Reject(reject) = &routed.decision.step else { return Ok(()) };
        let detail = format!("{}: {}", reject.code, reject.why);
        let trace = Trace::new(self.context.clone());
        Ok(trace.step(&request.call_id, TraceSource::Route, "decide", "rejected", &detail)?)
    }

    /// Records the call's row and the steps of its trace.
    pub(super) fn record(&self, request: &EdgeRouteRequest, routed: &Routed) -> Result<()> {
        let Decision { direction, from, to, did, step, .. } = &routed.decision;
        let trace = Trace::new(self.context.clone());
        let calls = EdgeCalls::new(self.context.clone());
        let start = CallStart {
            call_id: request.call_id.clone(),
            direction: *direction,
            from: from.clone(),
            to: to.clone(),
            carrier: None,
            did_id: did.as_ref().map(|(did, _)| did.clone()),
            bot: None,
            at: self.context.clock.now(),
        };
        let action = routed.document.action;
        let rejection = match step {
            Step::Reject(reject) => Some((reject.code, reject.why.as_str())),
            _ if action == RtjsonAction::Reject => Some((NOT_WRITTEN, "the answer could not be written")),
            _ => None,
        };
        let step = |source, step: &str, outcome: &str, detail: &str| {
            trace.record(&request.call_id, source, step, outcome, detail)
        };
        if let Some((code, why)) = rejection {
            let steps = vec![step(TraceSource::Route, "decide", "rejected", &format!("{code}: {why}"))];
            return Ok(calls.refuse(start, code, why, steps)?);
        }
        let mut steps = vec![step(TraceSource::Route, "decide", action.as_str(), &format!("{from} to {to}"))];
        let admission = routed.admission.as_ref().map(|(request, admitted)| (request, admitted));
        if let Some((request, admitted)) = admission {
            let open = open_call(request, admitted, start.at);
            let counted: Vec<String> = open.dimensions.iter().map(ToString::to_string).collect();
            steps.push(step(TraceSource::Admit, "admit", "ok", &counted.join(", ")));
        }
        Ok(calls.begin(start, admission, steps)?)
    }
}
