//! What a call is counted by: the account, its users, the DID, the carriers, and sliding windows.

use super::{
    decision::{Decision, Limits, Step},
    directory::Directory,
};
use crate::{
    EdgeUserId,
    edge::{
        LimitDirection, LimitScope,
        cac::{ChannelLimit, Dimension, EdgeDirection, WindowKey, WindowLimit},
    },
};

/// What the call is counted by; None for one that is rejected. An emergency call is counted, and no limit applies to it.
pub fn limits(directory: &impl Directory, decision: &Decision) -> Option<Limits> {
    let called = match &decision.step {
        Step::Reject(_) => return None,
        // Who calls own devices is counted once.
        Step::Ring(ring) => ring.user.as_ref().filter(|user| decision.caller.as_ref() != Some(user)),
        Step::Media { .. } | Step::Bot { .. } | Step::Carriers(_) => None,
    };
    let settings = directory.settings();
    let mut limits = Limits::default();
    let mut channel = |dimension, max| limits.channels.push(ChannelLimit { dimension, max });
    let call = match &decision.step {
        Step::Carriers(call) => Some(call),
        _ => None,
    };
    let is_limited = !call.is_some_and(|call| call.is_emergency);
    if decision.direction == EdgeDirection::Inbound {
        channel(Dimension::AccountIn, settings.max_in.map(|max| max.get()));
    }
    if call.is_some() {
        // A call that is forwarded to a carrier is an outbound call as well.
        channel(Dimension::AccountOut, settings.max_out.map(|max| max.get()).filter(|_| is_limited));
    }
    if let Some((did, max)) = &decision.did {
        channel(Dimension::Did(did.clone()), *max);
    }
    for user in [decision.caller.as_ref(), called].into_iter().flatten() {
        let max = directory.user(user).and_then(|user| user.max_simultaneous);
        channel(Dimension::User(user.clone()), max.filter(|_| is_limited));
    }
    limits.alternatives = call
        .map_or(&[][..], |call| &call.legs)
        .iter()
        .map(|leg| {
            let max = directory.carrier(&leg.carrier).map(|carrier| carrier.channels);
            ChannelLimit { dimension: Dimension::Carrier(leg.carrier.clone()), max: max.filter(|_| is_limited) }
        })
        .collect();
    if is_limited {
        limits.windows = windows(directory, decision, called, call.is_some());
    }
    Some(limits)
}

fn windows(
    directory: &impl Directory,
    decision: &Decision,
    called: Option<&EdgeUserId>,
    is_out: bool,
) -> Vec<WindowLimit> {
    let is_in = decision.direction == EdgeDirection::Inbound;
    let number = match decision.direction {
        EdgeDirection::Inbound => Some(&decision.from),
        EdgeDirection::Outbound => Some(&decision.to),
        EdgeDirection::Internal => None,
    };
    let did = decision.did.as_ref().map(|(did, _)| did);
    let mut windows = Vec::new();
    for limit in directory.limits() {
        let applies = match limit.settings.direction {
            LimitDirection::Any => true,
            LimitDirection::In => is_in,
            LimitDirection::Out => is_out,
            LimitDirection::Dialer => false,
        };
        if !applies {
            continue;
        }
        let users = [decision.caller.as_ref(), called];
        let subjects: Vec<String> = match &limit.scope {
            LimitScope::Account => vec![String::new()],
            LimitScope::User(None) => users.into_iter().flatten().map(ToString::to_string).collect(),
            LimitScope::User(Some(id)) => only(users.contains(&Some(id))),
            LimitScope::Did(None) => did.iter().map(ToString::to_string).collect(),
            LimitScope::Did(Some(id)) => only(did == Some(id)),
            LimitScope::Number(None) => number.iter().map(|number| (*number).clone()).collect(),
            LimitScope::Number(Some(limited)) => {
                only(number.is_some_and(|number| digits(number) == digits(limited.as_str())))
            }
        };
        windows.extend(subjects.into_iter().map(|subject| WindowLimit {
            key: WindowKey { limit: limit.id.clone(), subject },
            period_sec: limit.settings.period_sec.get(),
            max_count: limit.settings.max_count.get(),
            hard: limit.settings.hard,
        }));
    }
    windows
}

/// One window for all calls of the limit, where it concerns the call.
fn only(is_concerned: bool) -> Vec<String> {
    if is_concerned { vec![String::new()] } else { Vec::new() }
}

fn digits(number: &str) -> &str {
    number.strip_prefix('+').or_else(|| number.strip_prefix("00")).unwrap_or(number)
}
