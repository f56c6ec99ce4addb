//! What routing decides of a call.

use std::net::IpAddr;

use serde::Serialize;

use crate::{
    BotId, CarrierId, DeviceId, DidId, EdgeUserId, OutboundRouteId, SipAddress, Timestamp, Transport,
    edge::cac::{ChannelLimit, EdgeDirection, WindowLimit},
};

/// A call to be routed.
#[derive(Clone, Debug)]
pub struct RouteRequest<'a> {
    /// The caller's number or user, as the edge has it of the From header.
    pub from: &'a str,
    /// The called number or user, as the edge has it of the request URI.
    pub to: &'a str,
    /// The edge user whose device has authenticated.
    pub caller: Option<EdgeUserId>,
    /// Where the INVITE came from.
    pub source: Option<IpAddr>,
    /// When.
    pub now: Timestamp,
    /// Counts calls: ring groups with `round_robin` begin with another member each time.
    pub sequence: usize,
    /// Users who have as many calls as they may have.
    pub busy: &'a [EdgeUserId],
}

/// What happens to a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// As seen from the edge.
    pub direction: EdgeDirection,
    /// The caller's number or user.
    pub from: String,
    /// The called number or user, normalised.
    pub to: String,
    /// The caller's name, for the callee.
    pub caller_name: Option<String>,
    /// The DID that was called, and how many calls it may have at once.
    pub did: Option<(DidId, Option<u32>)>,
    /// The edge user who calls.
    pub caller: Option<EdgeUserId>,
    /// What happens.
    pub step: Step,
    /// Every rule that was considered, in order.
    pub considered: Vec<Considered>,
}

/// What a call is counted by ([`crate::edge::cac::AdmitRequest`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Each has to have a free channel.
    pub channels: Vec<ChannelLimit>,
    /// The carriers of an outbound call, in the order of [`CarrierCall::legs`].
    pub alternatives: Vec<ChannelLimit>,
    /// Calls in a period.
    pub windows: Vec<WindowLimit>,
}

/// One thing that happens to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The media engine has it.
    Media {
        /// `flow`, `queue`, `voicemail` or `conference`.
        kind: &'static str,
        /// The id, or the name of the room.
        id: String,
    },
    /// Phones ring.
    Ring(Ring),
    /// A bot answers, by LiveKit's SIP endpoint.
    Bot {
        /// The bot.
        bot: BotId,
        /// The number by which LiveKit knows the bot.
        number: String,
    },
    /// It goes to carriers.
    Carriers(CarrierCall),
    /// It is rejected.
    Reject(Reject),
}

/// Phones that ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// The user whose devices they are; None for a ring group.
    pub user: Option<EdgeUserId>,
    /// The devices.
    pub legs: Vec<RingLeg>,
    /// One after another.
    pub sequential: bool,
    /// How long they ring altogether, in seconds.
    pub timeout_sec: u32,
    /// What follows where the callee is busy or declines.
    pub busy: Box<Step>,
    /// What follows where no device answers, or none is registered.
    pub no_answer: Box<Step>,
}

/// A device that rings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingLeg {
    /// The device.
    pub device: DeviceId,
    /// The address of record of its user.
    pub aor: String,
    /// How long it rings, in seconds.
    pub timeout_sec: u32,
}

/// A call to carriers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierCall {
    /// The carriers in the order in which they are tried.
    pub legs: Vec<CarrierLeg>,
    /// The caller ID's name.
    pub cid_name: Option<String>,
    /// Whether an emergency number is called: no limit applies.
    pub is_emergency: bool,
}

/// One carrier of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierLeg {
    /// The carrier.
    pub carrier: CarrierId,
    /// The route by which it is used.
    pub route: Option<OutboundRouteId>,
    /// Where the call is sent.
    pub address: SipAddress,
    /// How.
    pub transport: Transport,
    /// The number that the carrier gets.
    pub number: String,
    /// The caller ID's number.
    pub cid_number: Option<String>,
}

/// A rejected call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// SIP status.
    pub code: u16,
    /// Reason phrase (RFC 3261 §21).
    pub reason: &'static str,
    /// Why, for operators.
    pub why: String,
}

impl Reject {
    /// A rejection with the reason phrase of its code.
    pub fn new(code: u16, why: impl Into<String>) -> Self {
        Self { code, reason: reason(code), why: why.into() }
    }
}

impl Step {
    /// The addresses of record whose bindings an answer needs.
    pub fn aors(&self) -> Vec<String> {
        let mut aors = Vec::new();
        self.collect_aors(&mut aors);
        aors
    }

    fn collect_aors(&self, aors: &mut Vec<String>) {
        let Self::Ring(ring) = self else { return };
        for leg in &ring.legs {
            if !aors.contains(&leg.aor) {
                aors.push(leg.aor.clone());
            }
        }
        ring.busy.collect_aors(aors);
        ring.no_answer.collect_aors(aors);
    }

    /// A rejection.
    pub fn reject(code: u16, why: impl Into<String>) -> Self {
        Self::Reject(Reject::new(code, why))
    }
}

fn reason(code: u16) -> &'static str {
    match code {
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        433 => "Anonymity Disallowed",
        480 => "Temporarily Unavailable",
        482 => "Loop Detected",
        484 => "Address Incomplete",
        486 => "Busy Here",
        603 => "Decline",
        _ => "Service Unavailable",
    }
}

/// A rule that was considered, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Considered {
    /// What kind of rule: `emergency`, `extension`, `user`, `did`, `schedule`, `trunk`, `outbound_route`.
    pub rule: &'static str,
    /// The rule's id or name.
    pub id: Option<String>,
    /// Whether it decides the call; the next ones with it follow where it fails.
    pub applies: bool,
    /// Why, or why not.
    pub why: String,
}
