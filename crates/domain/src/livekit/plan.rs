//! From what LiveKit has to what it should have, in an order that never opens a door and never drops a call.
//!
//! - What is there is replaced in place: its id stays, calls go on.
//! - Rules go before their trunk: a rule that has lost its trunks answers every trunk.
//! - A number that moves from one trunk to another leaves the one before it enters the other: LiveKit lets two trunks
//!   with the same number come about on a replace, and then fails their calls.
//! - Doubles (left by an answer that got lost) go before the trunk that stays is written, since they hold its numbers.

use std::collections::BTreeSet;

use super::{Desired, DispatchRule, Inbound, InboundTrunk, Listed, Observed, OutboundTrunk, OwnerTag, digits};
use crate::{BotId, CarrierId};

/// Which trunk a rule hangs on.
#[derive(Clone, Debug, PartialEq)]
pub enum TrunkRef {
    Id(String),
    /// The bot's inbound trunk, which an earlier step of the same plan creates.
    Created(BotId),
}

/// One call to LiveKit.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    CreateInbound(BotId, InboundTrunk),
    ReplaceInbound(String, InboundTrunk),
    CreateOutbound(OutboundTrunk),
    ReplaceOutbound(String, OutboundTrunk),
    /// The rule's `trunk_ids` come from the reference.
    CreateRule(TrunkRef, DispatchRule),
    ReplaceRule(String, TrunkRef, DispatchRule),
    DeleteInbound(String),
    DeleteOutbound(String),
    DeleteRule(String),
}

/// The steps for one carrier; none where LiveKit already holds what it should. `Desired::default()` removes everything.
pub fn plan(carrier: &CarrierId, desired: &Desired, observed: &Observed) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut ways = pair(&mut steps, carrier, desired, observed);
    free_moving_numbers(&mut steps, &mut ways);
    for way in &ways {
        settle(&mut steps, way);
    }
    plan_outbound(&mut steps, carrier, desired, observed);
    steps
}

/// A desired way in, and what LiveKit has of it after the steps so far.
struct Way<'a> {
    wanted: &'a Inbound,
    trunk: Option<Listed<InboundTrunk>>,
    rule: Option<&'a Listed<DispatchRule>>,
}

/// Finds what is there of each way in, and removes what belongs to none: rules first, then trunks.
fn pair<'a>(steps: &mut Vec<Step>, carrier: &CarrierId, desired: &'a Desired, observed: &'a Observed) -> Vec<Way<'a>> {
    let trunks = ours(&observed.inbound, carrier, |trunk| &trunk.metadata);
    let rules = ours(&observed.rules, carrier, |rule| &rule.metadata);
    let of = |wanted: &Inbound| Some(wanted.bot_id.clone());
    let ways: Vec<Way> = desired
        .inbound
        .iter()
        .map(|wanted| Way {
            wanted,
            trunk: trunks.iter().find(|(bot, _)| *bot == of(wanted)).map(|(_, listed)| (*listed).clone()),
            rule: rules.iter().find(|(bot, _)| *bot == of(wanted)).map(|(_, listed)| *listed),
        })
        .collect();
    let kept_rule = |id: &str| ways.iter().any(|way| way.rule.is_some_and(|rule| rule.id == id));
    let kept_trunk = |id: &str| ways.iter().any(|way| way.trunk.as_ref().is_some_and(|trunk| trunk.id == id));
    steps.extend(
        rules.iter().filter(|(_, rule)| !kept_rule(&rule.id)).map(|(_, rule)| Step::DeleteRule(rule.id.clone())),
    );
    // A rule that stays lets go of trunks that go.
    for way in &ways {
        if let (Some(trunk), Some(rule)) = (&way.trunk, way.rule)
            && rule.object.trunk_ids.iter().any(|id| !kept_trunk(id))
        {
            steps.push(replace_rule(rule, &trunk.id, way.wanted));
        }
    }
    let spare = trunks.iter().filter(|(_, trunk)| !kept_trunk(&trunk.id));
    steps.extend(spare.map(|(_, trunk)| Step::DeleteInbound(trunk.id.clone())));
    ways
}

/// Takes numbers that another way in wants out of the trunks that still hold them; be it with punctuation, on a trunk that
/// was adopted.
fn free_moving_numbers(steps: &mut Vec<Step>, ways: &mut [Way]) {
    for index in 0..ways.len() {
        let Some(trunk) = &ways[index].trunk else { continue };
        let kept: BTreeSet<String> = ways[index].wanted.trunk.numbers.iter().map(|number| digits(number)).collect();
        let elsewhere: BTreeSet<String> = ways
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
            .flat_map(|(_, way)| way.wanted.trunk.numbers.iter().map(|number| digits(number)))
            .collect();
        let moves = |number: String| !kept.contains(&number) && elsewhere.contains(&number);
        if !trunk.object.numbers.iter().any(|number| moves(digits(number))) {
            continue;
        }
        let mut now = trunk.clone();
        now.object.numbers.retain(|number| kept.contains(&digits(number)));
        if now.object.numbers.is_empty() {
            // With no number left it would answer for all of them: it goes, and comes back with its new ones.
            if let Some(rule) = ways[index].rule.take() {
                steps.push(Step::DeleteRule(rule.id.clone()));
            }
            steps.push(Step::DeleteInbound(now.id));
            ways[index].trunk = None;
        } else {
            steps.push(Step::ReplaceInbound(now.id.clone(), now.object.clone()));
            now.unmanaged_settings = false;
            ways[index].trunk = Some(now);
        }
    }
}

/// Creates or replaces the trunk, then the rule.
fn settle(steps: &mut Vec<Step>, way: &Way) {
    let Way { wanted, trunk, rule } = way;
    match trunk {
        Some(trunk) => {
            if differs(trunk, &wanted.trunk) {
                steps.push(Step::ReplaceInbound(trunk.id.clone(), wanted.trunk.clone()));
            }
        }
        None => steps.push(Step::CreateInbound(wanted.bot_id.clone(), wanted.trunk.clone())),
    }
    let reference =
        trunk.as_ref().map_or_else(|| TrunkRef::Created(wanted.bot_id.clone()), |trunk| TrunkRef::Id(trunk.id.clone()));
    match (rule, trunk) {
        (None, _) => steps.push(Step::CreateRule(reference, wanted.rule.clone())),
        (Some(rule), None) => steps.push(Step::ReplaceRule(rule.id.clone(), reference, wanted.rule.clone())),
        (Some(rule), Some(trunk)) => {
            let hung = DispatchRule { trunk_ids: vec![trunk.id.clone()], ..wanted.rule.clone() };
            let step = replace_rule(rule, &trunk.id, wanted);
            if differs(rule, &hung) && !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
}

fn plan_outbound(steps: &mut Vec<Step>, carrier: &CarrierId, desired: &Desired, observed: &Observed) {
    let trunks = ways_out(carrier, desired, observed);
    let spare = trunks.iter().skip(usize::from(desired.outbound.is_some()));
    steps.extend(spare.map(|trunk| Step::DeleteOutbound(trunk.id.clone())));
    match (&desired.outbound, trunks.first()) {
        (Some(wanted), Some(trunk)) if differs(trunk, wanted) => {
            steps.push(Step::ReplaceOutbound(trunk.id.clone(), wanted.clone()));
        }
        (Some(wanted), None) => steps.push(Step::CreateOutbound(wanted.clone())),
        _ => {}
    }
}

fn replace_rule(rule: &Listed<DispatchRule>, trunk: &str, wanted: &Inbound) -> Step {
    Step::ReplaceRule(rule.id.clone(), TrunkRef::Id(trunk.to_owned()), wanted.rule.clone())
}

/// The outbound trunks with the carrier's owner_tag. Where there is none and one is wanted, the unmarked one that the carrier's
/// row names: the replace that makes it what it should be writes the owner_tag, too. Never one to be deleted.
pub(super) fn ways_out<'a>(
    carrier: &CarrierId,
    desired: &Desired,
    observed: &'a Observed,
) -> Vec<&'a Listed<OutboundTrunk>> {
    let tagged = ours(&observed.outbound, carrier, |trunk| &trunk.metadata);
    if !tagged.is_empty() || desired.outbound.is_none() {
        return tagged.into_iter().map(|(_, listed)| listed).collect();
    }
    let named = |listed: &&Listed<OutboundTrunk>| {
        desired.outbound_id.as_ref() == Some(&listed.id) && OwnerTag::read(&listed.object.metadata).is_none()
    };
    observed.outbound.iter().find(named).into_iter().collect()
}

/// What carries the carrier's owner_tag, with the bot that the owner_tag names.
pub(super) fn ours<'a, T>(
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

fn differs<T: PartialEq>(listed: &Listed<T>, wanted: &T) -> bool {
    listed.unmanaged_settings || listed.object != *wanted
}
