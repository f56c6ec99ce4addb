//! The routing decision: what happens to a call, by the account's configuration alone.
//!
//! - **Inbound**, from a caller who has not authenticated: the called DID, who may call it, business hours, the target.
//! - **Internal**, from a device to an extension, a user or a DID of the account.
//! - **Outbound**, from a device to another number: emergency numbers first, then the user's carrier, then the outbound
//!   routes, the longest prefix first and then by priority. Further carriers follow where one fails.
//!
//! [`decide`] names the devices that may ring. With their bindings, [`reachable`] leaves out who can't be reached, [`limits`]
//! names what the call is counted by, and [`answer`] writes the document for Kamailio.

mod admission;
mod answer;
mod decision;
mod dialled;
mod directory;
mod outbound;
mod rtjson;
mod target;
#[cfg(test)]
mod tests;

use target::Resolver;

use self::outbound::Caller;
pub use self::{
    admission::limits,
    answer::{AnswerContext, Bindings, answer, reachable},
    decision::{CarrierCall, CarrierLeg, Considered, Decision, Limits, Reject, Ring, RingLeg, RouteRequest, Step},
    dialled::Dialled,
    directory::{
        CarrierEntry, DeviceEntry, DidEntry, Directory, LimitEntry, OutboundRoute, UserEntry, UserOptions, user_aor,
    },
    outbound::CARRIERS_TRIED,
    rtjson::{
        DisplayName, HeaderValue, Routing, Rtjson, RtjsonAction, RtjsonHeaders, RtjsonParty, RtjsonRoute, RtjsonRoutes,
    },
    target::{DEVICES_RUNG, HOPS},
};
use crate::{
    DidId, SourcePolicy,
    edge::{ScheduleState, Status, Target, cac::EdgeDirection},
};

/// Decides what happens to a call.
pub fn decide(directory: &impl Directory, request: &RouteRequest<'_>) -> Decision {
    match &request.caller {
        None => inbound(directory, request),
        Some(_) => from_device(directory, request),
    }
}

fn decision(direction: EdgeDirection, request: &RouteRequest<'_>, to: &str, step: Step) -> Decision {
    Decision {
        direction,
        from: request.from.to_owned(),
        to: to.to_owned(),
        caller_name: None,
        did: None,
        caller: request.caller.clone(),
        step,
        considered: Vec::new(),
    }
}

/// From a carrier: the DID, who calls, business hours, the target.
fn inbound(directory: &impl Directory, request: &RouteRequest<'_>) -> Decision {
    let unknown = |why: String| decision(EdgeDirection::Inbound, request, request.to, Step::reject(404, why));
    let dialled = match Dialled::read(request.to, None) {
        Ok(dialled) => dialled,
        Err(fault) => return unknown(fault.message),
    };
    let Some(did) = directory.did(dialled.text()).filter(|did| did.is_inbound) else {
        return unknown(format!(
            "{} is no DID for inbound calls, and the caller has not authenticated",
            dialled.canonical()
        ));
    };
    let mut resolver = Resolver::new(directory, request, &did.number);
    let step = match refuse_source(directory, request, &did) {
        Some(step) => step,
        None => did_target(&mut resolver, &did),
    };
    let considered = resolver.considered;
    let mut decision = decision(EdgeDirection::Inbound, request, &did.number, step);
    (decision.did, decision.considered) = (Some(counted(&did)), considered);
    decision.from = normalised(directory, request.from);
    decision
}

/// The DID, and how many calls it may have at once.
fn counted(did: &DidEntry<'_>) -> (DidId, Option<u32>) {
    (did.id.clone(), did.target.and_then(|target| target.max_channels).map(|max| max.get()))
}

/// Who may call the DID, where the edge names the source of the call.
fn refuse_source(directory: &impl Directory, request: &RouteRequest<'_>, did: &DidEntry<'_>) -> Option<Step> {
    let target = did.target;
    if target.is_some_and(|target| target.status != Status::Active) {
        return Some(Step::reject(480, format!("the DID {} is disabled at the edge", did.number)));
    }
    if target.is_some_and(|target| !target.allow_anonymous) && is_anonymous(request.from) {
        return Some(Step::reject(433, format!("the DID {} accepts no calls without a caller's number", did.number)));
    }
    let (Some(source), Some(carrier)) = (request.source, directory.carrier(&did.carrier_id)) else { return None };
    let name = carrier.name;
    let why = match carrier.source_policy {
        SourcePolicy::Any => return None,
        SourcePolicy::Allowlist | SourcePolicy::Credentials { addresses: true } if carrier.allows(source) => {
            return None;
        }
        SourcePolicy::Allowlist | SourcePolicy::Credentials { addresses: true } => {
            format!("{source} is not on the allowlist of the carrier {name}")
        }
        // LiveKit asks for them itself.
        SourcePolicy::Credentials { addresses: false } if leads_to_bot(did) => return None,
        SourcePolicy::Credentials { addresses: false } => {
            format!("the carrier {name} has no allowlist; add its addresses, so that the edge knows its calls")
        }
        SourcePolicy::Closed => format!("the carrier {name} accepts no calls; add its addresses to its allowlist"),
    };
    Some(Step::reject(403, why))
}

fn leads_to_bot(did: &DidEntry<'_>) -> bool {
    match did.target.and_then(|target| target.target.as_ref()) {
        None => did.bot_id.is_some(),
        Some(target) => matches!(target, Target::Bot { .. }),
    }
}

fn is_anonymous(from: &str) -> bool {
    let from = from.trim();
    from.is_empty()
        || ["anonymous", "restricted", "unknown", "unavailable"].iter().any(|name| from.eq_ignore_ascii_case(name))
}

/// What business hours choose among the DID's targets; its bot without any, and the account's default without a bot.
fn did_target<D: Directory>(resolver: &mut Resolver<'_, D>, did: &DidEntry<'_>) -> Step {
    let directory = resolver.directory;
    let id = Some(did.id.to_string());
    let note = |why: String| Considered { rule: "did", id: id.clone(), applies: true, why };
    let target = match did.target {
        None => None,
        Some(settings) => match schedule_state(resolver, settings.schedule_id.as_ref()) {
            ScheduleState::InHours => settings.target.as_ref(),
            state => {
                let holiday = settings.holiday_target.as_ref().filter(|_| state == ScheduleState::Holiday);
                match holiday.or(settings.closed_target.as_ref()) {
                    Some(target) => Some(target),
                    None => return Step::reject(480, format!("the DID {} is called out of hours", did.number)),
                }
            }
        },
    };
    let default = directory.settings().did_default_target.as_ref();
    match (target, &did.bot_id, default) {
        (Some(Target::Bot { id: bot }), Some(own), _) if bot == own => {
            resolver.considered.push(note(format!("{} leads to its bot", did.number)));
            Step::Bot { bot: bot.clone(), number: did.number.clone() }
        }
        (Some(target), _, _) => {
            resolver.considered.push(note(format!("{} leads to {target}", did.number)));
            resolver.target(target)
        }
        (None, Some(bot), _) => {
            resolver.considered.push(note(format!("{} has no target of its own and leads to its bot", did.number)));
            Step::Bot { bot: bot.clone(), number: did.number.clone() }
        }
        (None, None, Some(target)) => {
            resolver.considered.push(note(format!("{} has neither target nor bot: the account's default", did.number)));
            resolver.target(target)
        }
        (None, None, None) => Step::reject(480, format!("the DID {} has neither a target nor a bot", did.number)),
    }
}

/// A schedule that does not exist any more is open.
fn schedule_state<D: Directory>(resolver: &mut Resolver<'_, D>, id: Option<&crate::ScheduleId>) -> ScheduleState {
    let Some(id) = id else { return ScheduleState::InHours };
    let Some(schedule) = resolver.directory.schedule(id) else { return ScheduleState::InHours };
    let zone = schedule.timezone.as_ref().unwrap_or(&resolver.directory.settings().timezone);
    let local = zone.local_date_time(resolver.request.now);
    let state = local.map_or(ScheduleState::InHours, |local| schedule.state_at(local));
    resolver.considered.push(Considered {
        rule: "schedule",
        id: Some(id.to_string()),
        applies: true,
        why: format!("{} says {}", schedule.name, state.as_str()),
    });
    state
}

/// From a device: emergency numbers of the country, extensions, users, the account's own DIDs, then carriers.
fn from_device(directory: &impl Directory, request: &RouteRequest<'_>) -> Decision {
    let caller = request.caller.as_ref().and_then(|id| directory.user(id));
    let Some(caller) = caller else {
        return decision(
            EdgeDirection::Internal,
            request,
            request.to,
            Step::reject(403, "the caller's user does not exist any more"),
        );
    };
    let country = directory.settings().country;
    let dialled = Dialled::read(request.to, country);
    let emergency = dialled.as_ref().ok().filter(|dialled| dialled.is_local_emergency(country));
    let mut resolver = Resolver::new(directory, request, request.to);
    resolver.caller = Some(&caller);
    let (direction, to, did, step) = match (emergency, caller.is_active) {
        // Also for a user who is disabled.
        (Some(dialled), _) => outbound_emergency(&mut resolver, dialled),
        (None, false) => {
            let step = Step::reject(403, format!("the user {} is disabled", caller.username));
            (EdgeDirection::Internal, request.to.to_owned(), None, step)
        }
        (None, true) => device_call(&mut resolver, dialled.as_ref().ok()),
    };
    let considered = resolver.considered;
    let mut decision = decision(direction, request, &to, step);
    decision.considered = considered;
    decision.from = caller.username.to_owned();
    decision.caller_name = caller.display_name.map(str::to_owned);
    decision.did = did.as_ref().map(counted);
    decision
}

type Called<'a> = (EdgeDirection, String, Option<DidEntry<'a>>, Step);

fn outbound_emergency<'a, D: Directory>(resolver: &mut Resolver<'a, D>, dialled: &Dialled) -> Called<'a> {
    let caller = Caller { user: resolver.caller };
    let step = outbound::emergency(resolver.directory, dialled, &caller, &mut resolver.considered);
    (EdgeDirection::Outbound, dialled.text().to_owned(), None, step)
}

fn device_call<'a, D: Directory>(resolver: &mut Resolver<'a, D>, dialled: Option<&Dialled>) -> Called<'a> {
    let directory = resolver.directory;
    let internal = |to: &str, did, step| (EdgeDirection::Internal, to.to_owned(), did, step);
    if let Some(extension) = dialled.and_then(|dialled| directory.extension(dialled.text())) {
        let digits = extension.digits.as_str();
        let is_active = extension.status == Status::Active;
        let why = if is_active { format!("leads to {}", extension.target) } else { "it is disabled".to_owned() };
        resolver.considered.push(Considered {
            rule: "extension",
            id: Some(digits.to_owned()),
            applies: is_active,
            why,
        });
        let step = match is_active {
            true => resolver.target(&extension.target),
            false => Step::reject(404, format!("the extension {digits} is disabled")),
        };
        return internal(digits, None, step);
    }
    let name = username(resolver.request.to);
    if let Some(user) = directory.user_by_name(name) {
        let step = resolver.target(&Target::User { id: user.id.clone() });
        return internal(name, None, step);
    }
    let Some(dialled) = dialled else {
        let why = format!("{} is neither a number nor a user", crate::text::excerpt(resolver.request.to));
        return internal(name, None, Step::reject(404, why));
    };
    let country = directory.settings().country;
    let own = directory.did(dialled.canonical()).filter(|did| did.is_inbound);
    if let Some(did) = own {
        let step = did_target(resolver, &did);
        return internal(&did.number.clone(), Some(did), step);
    }
    if dialled.is_emergency(country) {
        return outbound_emergency(resolver, dialled);
    }
    let caller = Caller { user: resolver.caller };
    let step = outbound::call(directory, dialled, &caller, &mut resolver.considered);
    (EdgeDirection::Outbound, dialled.canonical().to_owned(), None, step)
}

/// The user of a SIP URI, or the text itself.
fn username(to: &str) -> &str {
    let user = to.strip_prefix("sip:").or_else(|| to.strip_prefix("sips:")).unwrap_or(to);
    user.split('@').next().unwrap_or_default()
}

fn normalised(directory: &impl Directory, number: &str) -> String {
    match Dialled::read(number, directory.settings().country) {
        Ok(number) => number.canonical().to_owned(),
        Err(_) => number.to_owned(),
    }
}
