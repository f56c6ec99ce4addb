//! The steps from the observed to the desired state, in an order that never accepts more calls than before and never drops
//! one.
//!
//! - An object that exists is replaced in place: its id stays, and calls continue.
//! - Rules are deleted before their trunk: a rule that has lost its trunks answers every trunk.
//! - A number that moves between two trunks leaves the old one before it enters the new one. LiveKit does not refuse a
//!   replace that puts one number on two trunks, and then fails the calls to it.
//! - Duplicates (left by a lost response) are deleted before the trunk that stays is written, since they have its numbers.

use std::collections::BTreeSet;

use super::{Desired, DispatchRule, Inbound, InboundTrunk, Listed, Observed, OutboundTrunk, OwnerTag, digits};
use crate::{BotId, CarrierId};

/// The trunk that a rule names.
#[derive(Clone, Debug, PartialEq)]
pub enum TrunkRef {
    /// LiveKit's id, `ST_…`.
    Id(String),
    /// The bot's inbound trunk, which an earlier step of the same plan creates.
    Created(BotId),
}

/// One call to LiveKit.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Creates the bot's inbound trunk.
    CreateInbound(BotId, InboundTrunk),
    /// Replaces the inbound trunk with this id.
    ReplaceInbound(String, InboundTrunk),
    /// Creates the outbound trunk.
    CreateOutbound(OutboundTrunk),
    /// Replaces the outbound trunk with this id.
    ReplaceOutbound(String, OutboundTrunk),
    /// Creates a rule, whose `trunk_ids` is the reference.
    CreateRule(TrunkRef, DispatchRule),
    /// Replaces the rule with this id. Its `trunk_ids` is the reference.
    ReplaceRule(String, TrunkRef, DispatchRule),
    /// Deletes the inbound trunk with this id.
    DeleteInbound(String),
    /// Deletes the outbound trunk with this id.
    DeleteOutbound(String),
    /// Deletes the rule with this id.
    DeleteRule(String),
}

impl Step {
    /// Whether the step creates an object, whose id is not known before.
    pub fn creates(&self) -> bool {
        matches!(self, Self::CreateInbound(..) | Self::CreateOutbound(_) | Self::CreateRule(..))
    }
}

/// The steps for one carrier; none where LiveKit is in sync. `Desired::default()` removes everything.
pub fn plan(carrier: &CarrierId, desired: &Desired, observed: &Observed) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut routes = match_inbound(&mut steps, carrier, desired, observed);
    free_moving_numbers(&mut steps, &mut routes);
    for route in &routes {
        plan_inbound(&mut steps, route);
    }
    plan_outbound(&mut steps, carrier, desired, observed);
    steps
}

/// The desired trunk and rule of one bot, and what LiveKit has of them after the steps so far.
struct Route<'a> {
    desired: &'a Inbound,
    /// The desired trunk, with what operators have added to the observed one.
    desired_trunk: InboundTrunk,
    trunk: Option<Listed<InboundTrunk>>,
    rule: Option<&'a Listed<DispatchRule>>,
}

/// Matches observed with desired objects, and deletes those that match none: rules first, then trunks.
fn match_inbound<'a>(
    steps: &mut Vec<Step>,
    carrier: &CarrierId,
    desired: &'a Desired,
    observed: &'a Observed,
) -> Vec<Route<'a>> {
    let trunks = owned(&observed.inbound, carrier, |trunk| &trunk.metadata);
    let rules = owned(&observed.rules, carrier, |rule| &rule.metadata);
    let bot_of = |desired: &Inbound| Some(desired.bot_id.clone());
    let routes: Vec<Route> = desired
        .inbound
        .iter()
        .map(|desired| {
            let trunk = trunks.iter().find(|(bot, _)| *bot == bot_of(desired)).map(|(_, listed)| (*listed).clone());
            Route {
                desired,
                desired_trunk: trunk.as_ref().map_or_else(
                    || desired.trunk.clone(),
                    |trunk| desired.trunk.with_operator_settings_of(&trunk.object),
                ),
                trunk,
                rule: rules.iter().find(|(bot, _)| *bot == bot_of(desired)).map(|(_, listed)| *listed),
            }
        })
        .collect();
    let rule_stays = |id: &str| routes.iter().any(|route| route.rule.is_some_and(|rule| rule.id == id));
    let trunk_stays = |id: &str| routes.iter().any(|route| route.trunk.as_ref().is_some_and(|trunk| trunk.id == id));
    let is_unadopted = |rule: &DispatchRule| rule.trunk_ids.iter().any(|id| desired.unadopted_trunks.contains(id));
    let spare = rules.iter().filter(|(_, rule)| !rule_stays(&rule.id) && !is_unadopted(&rule.object));
    steps.extend(spare.map(|(_, rule)| Step::DeleteRule(rule.id.clone())));
    // A rule that stays stops naming trunks that are deleted.
    for route in &routes {
        if let (Some(trunk), Some(rule)) = (&route.trunk, route.rule)
            && rule.object.trunk_ids.iter().any(|id| !trunk_stays(id))
        {
            steps.push(replace_rule(rule, &trunk.id, route.desired));
        }
    }
    let spare = trunks.iter().filter(|(_, trunk)| !trunk_stays(&trunk.id));
    steps.extend(spare.map(|(_, trunk)| Step::DeleteInbound(trunk.id.clone())));
    routes
}

/// Removes numbers that another route needs from the trunks that still have them, with any punctuation: an adopted trunk
/// may have them so.
fn free_moving_numbers(steps: &mut Vec<Step>, routes: &mut [Route]) {
    for index in 0..routes.len() {
        let Some(trunk) = &routes[index].trunk else { continue };
        let own: BTreeSet<String> = routes[index].desired.trunk.numbers.iter().map(|number| digits(number)).collect();
        let elsewhere: BTreeSet<String> = routes
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
            .flat_map(|(_, route)| route.desired.trunk.numbers.iter().map(|number| digits(number)))
            .collect();
        let moves = |number: String| !own.contains(&number) && elsewhere.contains(&number);
        if !trunk.object.numbers.iter().any(|number| moves(digits(number))) {
            continue;
        }
        let mut reduced = trunk.clone();
        reduced.object.numbers.retain(|number| own.contains(&digits(number)));
        if reduced.object.numbers.is_empty() {
            // A trunk without numbers answers every number: it is deleted, and created again with its new numbers.
            if let Some(rule) = routes[index].rule.take() {
                steps.push(Step::DeleteRule(rule.id.clone()));
            }
            steps.push(Step::DeleteInbound(reduced.id));
            routes[index].trunk = None;
        } else {
            steps.push(Step::ReplaceInbound(reduced.id.clone(), reduced.object.clone()));
            reduced.unmanaged_settings = false;
            routes[index].trunk = Some(reduced);
        }
    }
}

/// Creates or replaces the trunk, then the rule.
fn plan_inbound(steps: &mut Vec<Step>, route: &Route) {
    let Route { desired, desired_trunk, trunk, rule } = route;
    match trunk {
        Some(trunk) => {
            if differs(trunk, desired_trunk) {
                steps.push(Step::ReplaceInbound(trunk.id.clone(), desired_trunk.clone()));
            }
        }
        None => steps.push(Step::CreateInbound(desired.bot_id.clone(), desired_trunk.clone())),
    }
    let reference = trunk
        .as_ref()
        .map_or_else(|| TrunkRef::Created(desired.bot_id.clone()), |trunk| TrunkRef::Id(trunk.id.clone()));
    match (rule, trunk) {
        (None, _) => steps.push(Step::CreateRule(reference, desired.rule.clone())),
        (Some(rule), None) => steps.push(Step::ReplaceRule(rule.id.clone(), reference, desired.rule.clone())),
        (Some(rule), Some(trunk)) => {
            let on_trunk = DispatchRule { trunk_ids: vec![trunk.id.clone()], ..desired.rule.clone() };
            let step = replace_rule(rule, &trunk.id, desired);
            if differs(rule, &on_trunk) && !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
}

fn plan_outbound(steps: &mut Vec<Step>, carrier: &CarrierId, desired: &Desired, observed: &Observed) {
    let trunks = outbound_trunks(carrier, desired, observed);
    let spare = trunks.iter().skip(usize::from(desired.outbound.is_some()));
    steps.extend(spare.map(|trunk| Step::DeleteOutbound(trunk.id.clone())));
    match (&desired.outbound, trunks.first()) {
        (Some(desired), Some(trunk)) if differs(trunk, desired) => {
            steps.push(Step::ReplaceOutbound(trunk.id.clone(), desired.clone()));
        }
        (Some(desired), None) => steps.push(Step::CreateOutbound(desired.clone())),
        _ => {}
    }
}

fn replace_rule(rule: &Listed<DispatchRule>, trunk: &str, desired: &Inbound) -> Step {
    Step::ReplaceRule(rule.id.clone(), TrunkRef::Id(trunk.to_owned()), desired.rule.clone())
}

/// The outbound trunks with the carrier's owner tag, the one that stays first: that is the one that the carrier's row
/// names, since agents dial by its id. Where none has the tag and one is desired, the untagged one that the row names: the
/// replace writes the tag. A trunk without the owner tag is never deleted.
pub(super) fn outbound_trunks<'a>(
    carrier: &CarrierId,
    desired: &Desired,
    observed: &'a Observed,
) -> Vec<&'a Listed<OutboundTrunk>> {
    let is_named = |listed: &Listed<OutboundTrunk>| desired.outbound_id.as_ref() == Some(&listed.id);
    let tagged = owned(&observed.outbound, carrier, |trunk| &trunk.metadata);
    let mut trunks: Vec<_> = tagged.into_iter().map(|(_, listed)| listed).collect();
    if trunks.is_empty() && desired.outbound.is_some() {
        let untagged =
            |listed: &&Listed<OutboundTrunk>| is_named(listed) && OwnerTag::read(&listed.object.metadata).is_none();
        trunks.extend(observed.outbound.iter().find(untagged));
    }
    trunks.sort_by_key(|listed| !is_named(listed));
    trunks
}

/// The objects with the carrier's owner tag, and the bot that the tag names.
pub(super) fn owned<'a, T>(
    listed: &'a [Listed<T>],
    carrier: &CarrierId,
    metadata: impl Fn(&T) -> &str,
) -> Vec<(Option<BotId>, &'a Listed<T>)> {
    listed
        .iter()
        .filter_map(|listed| OwnerTag::read(metadata(&listed.object)).map(|owner_tag| (owner_tag, listed)))
        .filter(|(owner_tag, _)| owner_tag.carrier_id == *carrier)
        .map(|(owner_tag, listed)| (owner_tag.bot_id, listed))
        .collect()
}

fn differs<T: PartialEq>(listed: &Listed<T>, desired: &T) -> bool {
    listed.unmanaged_settings || listed.object != *desired
}
