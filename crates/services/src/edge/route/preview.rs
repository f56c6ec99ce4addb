//! Which rule decides a call, and why: without a call.

use api_types::{
    input::EdgeRoutePreviewQuery,
    view::{EdgeRouteCarrier, EdgeRoutePreview, EdgeRouteRule},
};
use domain::{
    Action, EdgeUserId,
    edge::route::{Decision, Directory, RouteRequest, RtjsonAction, Step, decide},
};

use super::Routing;
use crate::{Actor, Error, Result, edge::index::EdgeView};

impl Routing {
    /// How a call would be routed now. Nothing is counted, and every device counts as registered.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a called number; [`Error::EdgeNotReady`].
    #[expect(clippy::unused_async, reason = "use cases are awaited")]
    pub async fn preview(&self, actor: &Actor, query: EdgeRoutePreviewQuery) -> Result<EdgeRoutePreview> {
        actor.require(Action::ReadEdge)?;
        let (from, to) = query.parse().map_err(Error::Invalid)?;
        let view = self.view()?;
        let by_id = from.parse::<EdgeUserId>().ok().and_then(|id| view.user(&id));
        let caller = by_id.or_else(|| view.user_by_name(&from)).map(|user| user.id);
        let now = self.context.clock.now();
        let request = RouteRequest { from: &from, to: &to, caller, source: None, now, sequence: 0, busy: &[] };
        Ok(described(&view, decide(&view, &request)))
    }
}

fn described(view: &EdgeView<'_>, decision: Decision) -> EdgeRoutePreview {
    let name = |id| view.carrier(id).map_or_else(String::new, |carrier| carrier.name.to_owned());
    let (action, summary) = match &decision.step {
        Step::Media { kind, id } => (RtjsonAction::Flow, format!("{kind} {id} has the call")),
        Step::Ring(ring) => (RtjsonAction::Proxy, format!("devices ring for {} s", ring.timeout_sec)),
        Step::Bot { number, .. } => {
            (RtjsonAction::Bot, format!("a bot answers, by LiveKit's SIP endpoint as {number}"))
        }
        Step::Carriers(call) => {
            let names: Vec<String> = call.legs.iter().map(|leg| name(&leg.carrier)).collect();
            (RtjsonAction::Outbound, format!("the call goes to {}", names.join(", then ")))
        }
        Step::Reject(reject) => (RtjsonAction::Reject, format!("{} {}: {}", reject.code, reject.reason, reject.why)),
    };
    let legs = match &decision.step {
        Step::Carriers(call) => &call.legs[..],
        _ => &[],
    };
    EdgeRoutePreview {
        direction: decision.direction.as_str().to_owned(),
        action: action.as_str().to_owned(),
        summary,
        code: match &decision.step {
            Step::Reject(reject) => Some(reject.code),
            _ => None,
        },
        carriers: legs
            .iter()
            .map(|leg| EdgeRouteCarrier {
                name: name(&leg.carrier),
                carrier_id: leg.carrier.clone(),
                route_id: leg.route.clone(),
                number: leg.number.clone(),
                cid_number: leg.cid_number.clone(),
            })
            .collect(),
        aors: decision.step.aors(),
        considered: decision
            .considered
            .into_iter()
            .map(|rule| EdgeRouteRule { rule: rule.rule.to_owned(), id: rule.id, applies: rule.applies, why: rule.why })
            .collect(),
        from: decision.from,
        to: decision.to,
    }
}
