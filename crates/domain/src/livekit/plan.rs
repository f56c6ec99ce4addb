//! From what LiveKit has to what it should have, in an order that never opens a door and never drops a call.
//!
//! - What is there is replaced in place: its id stays, calls go on.
//! - Rules go before their trunk, since a rule that has lost its trunks answers every trunk.
//! - A number that moves from one bot to another leaves the one rule before it enters the other: LiveKit refuses two
//!   rules for the same number.
//! - Doubles (left by an answer that got lost) go before the trunk that stays is written, since they hold its numbers.

use std::collections::BTreeSet;

use super::{Actual, Desired, DesiredRule, DispatchRule, InboundTrunk, Listed, Mark, OutboundTrunk};
use crate::{BotId, CarrierId};

/// Which trunk a new rule hangs on.
#[derive(Clone, Debug, PartialEq)]
pub enum TrunkRef {
    Id(String),
    /// The inbound trunk that an earlier step of the same plan creates.
    Created,
}

/// One call to LiveKit.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    CreateInbound(InboundTrunk),
    ReplaceInbound(String, InboundTrunk),
    CreateOutbound(OutboundTrunk),
    ReplaceOutbound(String, OutboundTrunk),
    /// The rule's `trunk_ids` come from the reference.
    CreateRule(TrunkRef, DispatchRule),
    ReplaceRule(String, DispatchRule),
    DeleteInbound(String),
    DeleteOutbound(String),
    DeleteRule(String),
}

/// The steps for one carrier; none where LiveKit already holds what it should. `Desired::default()` removes everything.
pub fn plan(carrier: &CarrierId, desired: &Desired, actual: &Actual) -> Vec<Step> {
    let mut steps = Vec::new();
    let inbound = ours(&actual.inbound, carrier, |trunk| &trunk.metadata);
    let outbound = ours(&actual.outbound, carrier, |trunk| &trunk.metadata);
    let rules = ours(&actual.rules, carrier, |rule| &rule.metadata);

    let trunk = desired.inbound.as_ref().and(inbound.first()).map(|listed| listed.id.as_str());
    let settled = free_rules(&mut steps, &rules, &desired.rules, trunk);
    if let Some(trunk) = trunk {
        settle_rules(&mut steps, &settled, &desired.rules, &TrunkRef::Id(trunk.to_owned()));
    }
    let spare = inbound.iter().skip(usize::from(trunk.is_some()));
    steps.extend(spare.map(|listed| Step::DeleteInbound(listed.id.clone())));
    match (&desired.inbound, trunk.and(inbound.first())) {
        (Some(wanted), Some(listed)) if differs(listed, wanted) => {
            steps.push(Step::ReplaceInbound(listed.id.clone(), wanted.clone()));
        }
        (Some(wanted), None) => {
            steps.push(Step::CreateInbound(wanted.clone()));
            settle_rules(&mut steps, &settled, &desired.rules, &TrunkRef::Created);
        }
        _ => {}
    }

    steps.extend(
        outbound
            .iter()
            .skip(usize::from(desired.outbound.is_some()))
            .map(|spare| Step::DeleteOutbound(spare.id.clone())),
    );
    match (&desired.outbound, outbound.first()) {
        (Some(wanted), Some(listed)) if differs(listed, wanted) => {
            steps.push(Step::ReplaceOutbound(listed.id.clone(), wanted.clone()));
        }
        (Some(wanted), None) => steps.push(Step::CreateOutbound(wanted.clone())),
        _ => {}
    }
    steps
}

fn ours<'a, T>(listed: &'a [Listed<T>], carrier: &CarrierId, metadata: impl Fn(&T) -> &str) -> Vec<&'a Listed<T>> {
    listed
        .iter()
        .filter(|listed| Mark::read(metadata(&listed.object)).is_some_and(|mark| mark.carrier_id == *carrier))
        .collect()
}

fn differs<T: PartialEq>(listed: &Listed<T>, wanted: &T) -> bool {
    listed.foreign_settings || listed.object != *wanted
}

/// A rule that stays, and the bot it is for.
struct Settled {
    bot_id: BotId,
    id: String,
    /// As LiveKit will hold it after the steps so far.
    now: DispatchRule,
    foreign_settings: bool,
}

/// Deletes rules that nobody wants and takes moving numbers out of those that stay. Where `trunk` is None, the trunk is
/// to go or to come: no rule stays.
fn free_rules(
    steps: &mut Vec<Step>,
    rules: &[&Listed<DispatchRule>],
    desired: &[DesiredRule],
    trunk: Option<&str>,
) -> Vec<Settled> {
    let mut settled: Vec<Settled> = Vec::new();
    for listed in rules {
        let bot_id = Mark::read(&listed.object.metadata).and_then(|mark| mark.bot_id);
        let wanted = desired.iter().find(|rule| Some(&rule.bot_id) == bot_id.as_ref());
        let (Some(wanted), Some(trunk)) = (wanted, trunk) else {
            steps.push(Step::DeleteRule(listed.id.clone()));
            continue;
        };
        if settled.iter().any(|rule| rule.bot_id == wanted.bot_id) {
            steps.push(Step::DeleteRule(listed.id.clone()));
            continue;
        }
        let mut now = listed.object.clone();
        if moves_away(&now, wanted, desired) {
            now.numbers.retain(|number| wanted.rule.numbers.contains(number));
            if now.numbers.is_empty() {
                // With no number left it would answer all of them: it goes, and comes back with its new ones.
                steps.push(Step::DeleteRule(listed.id.clone()));
                continue;
            }
            now.trunk_ids = vec![trunk.to_owned()];
            steps.push(Step::ReplaceRule(listed.id.clone(), now.clone()));
        }
        let (bot_id, id) = (wanted.bot_id.clone(), listed.id.clone());
        settled.push(Settled { bot_id, id, now, foreign_settings: listed.foreign_settings });
    }
    settled
}

/// One of the rule's numbers is wanted by another rule of the carrier.
fn moves_away(now: &DispatchRule, wanted: &DesiredRule, desired: &[DesiredRule]) -> bool {
    let kept: BTreeSet<&String> = wanted.rule.numbers.iter().collect();
    let elsewhere: BTreeSet<&String> =
        desired.iter().filter(|rule| rule.bot_id != wanted.bot_id).flat_map(|rule| &rule.rule.numbers).collect();
    now.numbers.iter().any(|number| !kept.contains(number) && elsewhere.contains(number))
}

fn settle_rules(steps: &mut Vec<Step>, settled: &[Settled], desired: &[DesiredRule], trunk: &TrunkRef) {
    for wanted in desired {
        let mut rule = wanted.rule.clone();
        if let TrunkRef::Id(id) = trunk {
            rule.trunk_ids = vec![id.clone()];
        }
        match settled.iter().find(|settled| settled.bot_id == wanted.bot_id) {
            Some(settled) if settled.foreign_settings || settled.now != rule => {
                steps.push(Step::ReplaceRule(settled.id.clone(), rule));
            }
            Some(_) => {}
            None => steps.push(Step::CreateRule(trunk.clone(), rule)),
        }
    }
}
