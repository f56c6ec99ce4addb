//! The answer to the edge: the document `rtjson` of a decision.

use std::collections::HashMap;

use super::{
    decision::{CarrierCall, Decision, Reject, Ring, RingLeg, Step},
    rtjson::{DisplayName, HeaderValue, Routing, Rtjson, RtjsonAction, RtjsonParty, RtjsonRoute, RtjsonRoutes},
};
use crate::{
    AccountId, SipAddress, Transport,
    edge::{SipUri, binding::Binding},
};

/// How long a carrier may take for a first response before the next one is tried, in milliseconds.
const CARRIER_FIRST_RESPONSE: u32 = 5_000;
/// How long a carrier's callee may ring, in milliseconds.
const CARRIER_RINGS: u32 = 120_000;
/// In a second.
const MILLIS: u32 = 1_000;

/// Bindings by address of record.
pub type Bindings = HashMap<String, Vec<Binding>>;

/// What an answer needs besides the decision.
#[derive(Clone, Debug)]
pub struct AnswerContext<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// LiveKit's SIP endpoint, which leads to bots.
    pub livekit: Option<&'a SipAddress>,
    /// The domain of the caller's address in From headers.
    pub domain: Option<&'a SipAddress>,
    /// The bindings of the addresses of record in the decision.
    pub bindings: &'a Bindings,
    /// The first carrier that has a free channel, as an index into the legs: those before it are left out.
    pub first_carrier: usize,
}

/// The document of a decision, below [`Rtjson::LIMIT`].
pub fn answer(decision: &Decision, context: &AnswerContext<'_>) -> Rtjson {
    let mut document = Answer { decision, context }.step(&decision.step, context.first_carrier);
    document.account_id = Some(context.account.to_string());
    let vars = &mut document.vars;
    vars.insert("caller_cid", printable(decision.from.strip_prefix('+').unwrap_or(&decision.from)));
    vars.insert("called", printable(&decision.to));
    vars.insert("direction", decision.direction.as_str().to_owned());
    if let Some(name) = &decision.caller_name {
        vars.insert("caller_name", printable(name));
    }
    document.limited()
}

/// What happens where the devices without a binding can't ring.
pub fn reachable(step: Step, bindings: &Bindings) -> Step {
    match step {
        Step::Ring(ring) if !ring.legs.iter().any(|leg| !contacts(bindings, leg).is_empty()) => {
            reachable(*ring.no_answer, bindings)
        }
        step => step,
    }
}

/// A device's bindings, the newest first, with how long each rings.
fn contacts(bindings: &Bindings, leg: &RingLeg) -> Vec<(RtjsonRoute, u32)> {
    let is_of_device =
        |binding: &&Binding| binding.contact.device_id.as_deref().is_none_or(|device| device == leg.device.as_str());
    let bindings = bindings.get(&leg.aor).into_iter().flatten();
    let mut bindings: Vec<&Binding> = bindings.filter(is_of_device).collect();
    bindings.sort_by_key(|binding| std::cmp::Reverse(binding.registered_at));
    let route = |binding: &Binding| {
        let contact = &binding.contact;
        let mut route = RtjsonRoute::to(contact.uri.parse().ok()?);
        // A contact behind NAT without the address that it sent from can't be reached.
        route.dst_uri = match contact.received.as_deref() {
            Some(received) => Some(received.parse().ok()?),
            None => None,
        };
        route.path = match contact.path.as_deref() {
            Some(path) => Some(HeaderValue::new(path).ok()?),
            None => None,
        };
        Some((route, leg.timeout_sec.saturating_mul(MILLIS)))
    };
    bindings.into_iter().filter_map(route).collect()
}

struct Answer<'a> {
    decision: &'a Decision,
    context: &'a AnswerContext<'a>,
}

impl Answer<'_> {
    fn step(&self, step: &Step, first_carrier: usize) -> Rtjson {
        match step {
            Step::Media { kind, id } => media(kind, id),
            Step::Ring(ring) => self.ring(ring),
            Step::Bot { number, .. } => self.bot(number),
            Step::Carriers(call) => self.carriers(call, first_carrier),
            Step::Reject(reject) => rejected(reject),
        }
    }

    fn ring(&self, ring: &Ring) -> Rtjson {
        let mut routes = Vec::new();
        for (route, timer) in ring.legs.iter().flat_map(|leg| contacts(self.context.bindings, leg)) {
            // A binding without a device belongs to each of the user's.
            if routes
                .iter()
                .all(|(known, _): &(RtjsonRoute, u32)| known.uri != route.uri || known.dst_uri != route.dst_uri)
            {
                routes.push((route, timer));
            }
        }
        let is_sequential = ring.sequential && routes.len() > 1;
        if is_sequential {
            for (route, timer) in &mut routes {
                route.fr_inv_timer = Some(*timer);
            }
        }
        // Headers are written in serial routing alone; one route is always serial.
        let routing = if ring.sequential || routes.len() == 1 { Routing::Serial } else { Routing::Parallel };
        let mut routes: Vec<RtjsonRoute> = routes.into_iter().map(|(route, _)| route).collect();
        if routing == Routing::Serial {
            let from = self.caller();
            for route in &mut routes {
                route.headers.from.clone_from(&from);
            }
        }
        let Some(routes) = RtjsonRoutes::new(routing, routes) else {
            return self.step(&ring.no_answer, 0);
        };
        let mut document = Rtjson::new(RtjsonAction::Proxy);
        document.routes = Some(routes);
        document.ring_timeout = Some(ring.timeout_sec.saturating_mul(MILLIS));
        document.on_busy = Some(Box::new(self.step(&ring.busy, 0)));
        document.on_no_answer = Some(Box::new(self.step(&ring.no_answer, 0)));
        document
    }

    /// The caller as the callee sees it, of a device: the name and number are the user's, whatever the device has sent.
    fn caller(&self) -> Option<RtjsonParty> {
        self.decision.caller.as_ref()?;
        let uri = SipUri::new(&self.decision.from, self.context.domain?.clone()).ok()?;
        let display = self.decision.caller_name.as_deref().and_then(|name| DisplayName::new(name).ok());
        Some(RtjsonParty { display, uri })
    }

    fn bot(&self, number: &str) -> Rtjson {
        let Some(host) = self.context.livekit else {
            return rejected(&Reject::new(503, "LiveKit's SIP endpoint is not known; set LIVEKIT_SIP_HOST"));
        };
        let Ok(uri) = SipUri::new(number, host.clone()) else {
            return rejected(&Reject::new(503, format!("{number} can't be written as a SIP URI")));
        };
        let mut document = Rtjson::new(RtjsonAction::Bot);
        document.routes = RtjsonRoutes::new(Routing::Serial, vec![RtjsonRoute::to(uri)]);
        document
    }

    fn carriers(&self, call: &CarrierCall, first: usize) -> Rtjson {
        let display = call.cid_name.as_deref().and_then(|name| DisplayName::new(name).ok());
        let mut routes = Vec::new();
        for leg in call.legs.iter().skip(first) {
            let uri = SipUri::new(&leg.number, leg.address.clone());
            let uri = uri.and_then(|uri| match leg.transport {
                Transport::Auto => Ok(uri),
                transport => uri.with_parameter("transport", transport.as_str()),
            });
            let Ok(uri) = uri else { continue };
            let mut route = RtjsonRoute::to(uri);
            let host = self.context.domain.unwrap_or(&leg.address).clone();
            let number = leg.cid_number.as_deref().or_else(|| self.number_of_caller());
            route.headers.from = number
                .and_then(|number| SipUri::new(number, host).ok())
                .map(|uri| RtjsonParty { display: display.clone(), uri });
            route.fr_timer = Some(CARRIER_FIRST_RESPONSE);
            route.fr_inv_timer = Some(CARRIER_RINGS);
            route.carrier_id = Some(leg.carrier.to_string());
            routes.push(route);
        }
        let mut document = Rtjson::new(RtjsonAction::Outbound);
        document.routes = RtjsonRoutes::new(Routing::Serial, routes);
        if document.routes.is_none() {
            return rejected(&Reject::new(503, "no carrier's address can be written as a SIP URI"));
        }
        document
    }

    /// A call that was forwarded keeps its caller's number where no other one is set.
    fn number_of_caller(&self) -> Option<&str> {
        self.decision.caller.is_none().then_some(self.decision.from.as_str())
    }
}

fn media(kind: &'static str, id: &str) -> Rtjson {
    let mut document = Rtjson::new(RtjsonAction::Flow);
    match kind {
        "flow" => document.flow_id = Some(id.to_owned()),
        _ => (document.kind, document.target_id) = (Some(kind), Some(id.to_owned())),
    }
    document
}

fn rejected(reject: &Reject) -> Rtjson {
    let mut document = Rtjson::new(RtjsonAction::Reject);
    (document.code, document.reason, document.why) =
        (Some(reject.code), Some(reject.reason), Some(printable(&reject.why)));
    document
}

/// The text without control characters, as values are written to headers by the edge.
fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}
