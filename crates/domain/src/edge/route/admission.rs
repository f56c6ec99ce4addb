//! What a call is counted by: the account, its users, the DID, the carriers, and sliding windows.

use super::{
    decision::{Decision, Limits, Step},
    directory::{DidEntry, Directory},
};
use crate::{
    EdgeUserId,
    edge::{
        LimitDirection, LimitScope, Target,
        cac::{ChannelLimit, Dimension, EdgeDirection, WindowKey, WindowLimit},
    },
};

/// Adds what the call is counted by, unless it is rejected.
pub(super) fn add(directory: &impl Directory, decision: &mut Decision, did: Option<&DidEntry<'_>>) {
    if matches!(decision.step, Step::Reject(_)) {
        return;
    }
    let called = called_user(directory, decision, did);
    let settings = directory.settings();
    let mut limits = Limits::default();
    let mut channel = |dimension, max| limits.channels.push(ChannelLimit { dimension, max });
    let (mut is_out, mut is_emergency) = (false, false);
    if decision.direction == EdgeDirection::Inbound {
        channel(Dimension::AccountIn, settings.max_in.map(|max| max.get()));
    }
    if let Step::Carriers(call) = &decision.step {
        (is_out, is_emergency) = (true, call.is_emergency);
        // A call that is forwarded to a carrier is an outbound call as well.
        channel(Dimension::AccountOut, settings.max_out.map(|max| max.get()).filter(|_| !is_emergency));
    }
    if let Some(did) = did {
        let max = did.target.and_then(|target| target.max_channels).map(|max| max.get());
        channel(Dimension::Did(did.id.clone()), max);
    }
    for (user, is_limited) in [(&decision.caller, !is_emergency), (&called, true)] {
        let Some(user) = user.as_ref().and_then(|id| directory.user(id)) else { continue };
        channel(Dimension::User(user.id.clone()), user.max_simultaneous.filter(|_| is_limited));
    }
    if let Step::Carriers(call) = &decision.step {
        limits.alternatives = call
            .legs
            .iter()
            .map(|leg| {
                let carrier = directory.carrier(&leg.carrier).filter(|_| !is_emergency);
                ChannelLimit {
                    dimension: Dimension::Carrier(leg.carrier.clone()),
                    max: carrier.map(|carrier| carrier.channels),
                }
            })
            .collect();
    }
    if !is_emergency {
        limits.windows = windows(directory, decision, did, called.as_ref(), is_out);
    }
    decision.admission = Some(limits);
}

/// The user whose devices ring for the call, where it is one user's.
fn called_user(directory: &impl Directory, decision: &Decision, did: Option<&DidEntry<'_>>) -> Option<EdgeUserId> {
    let Step::Ring(ring) = &decision.step else { return None };
    let user = directory.device(&ring.legs.first()?.device)?.user_id;
    let is_one = ring.legs.iter().all(|leg| directory.device(&leg.device).is_some_and(|device| device.user_id == user));
    let is_group = did
        .and_then(|did| did.target?.target.as_ref())
        .is_some_and(|target| matches!(target, Target::RingGroup { .. }));
    // A caller who calls own devices is counted once.
    (is_one && !is_group && decision.caller.as_ref() != Some(&user)).then_some(user)
}

fn windows(
    directory: &impl Directory,
    decision: &Decision,
    did: Option<&DidEntry<'_>>,
    called: Option<&EdgeUserId>,
    is_out: bool,
) -> Vec<WindowLimit> {
    let is_in = decision.direction == EdgeDirection::Inbound;
    let number = match decision.direction {
        EdgeDirection::Inbound => Some(&decision.from),
        EdgeDirection::Outbound => Some(&decision.to),
        EdgeDirection::Internal => None,
    };
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
            LimitScope::Did(None) => did.iter().map(|did| did.id.to_string()).collect(),
            LimitScope::Did(Some(id)) => only(did.is_some_and(|did| did.id == *id)),
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
