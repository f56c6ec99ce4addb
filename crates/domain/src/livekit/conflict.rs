//! Numbers that another inbound trunk already has.
//!
//! LiveKit refuses to create a second trunk with a number, whatever its credentials and addresses. On a replace it may accept
//! one, and then fails the calls. So a conflicting number is left out of the plan; everything else is applied.

use std::collections::{BTreeMap, BTreeSet};

use super::{Desired, InboundTrunk, Listed, Observed, OwnerTag, digits};
use crate::{BotId, CarrierId};

/// One desired number, and the trunk that has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The bot that should answer the number.
    pub bot_id: BotId,
    /// The number's canonical form, or the spelling that conflicts.
    pub number: String,
    /// `ST_…`
    pub trunk_id: String,
    /// The trunk's name in LiveKit.
    pub trunk_name: String,
    /// The carrier whose owner tag the trunk has; none: Trunkline does not manage the trunk.
    pub owner: Option<CarrierId>,
}

impl Desired {
    /// The desired state without the numbers that are on other inbound trunks, and these numbers. A DID whose canonical form
    /// is on another trunk is left out in all its spellings. An inbound trunk that
    /// would have no numbers left is not desired at all: it would answer every number.
    pub fn without_conflicts(mut self, carrier: &CarrierId, observed: &Observed) -> (Self, Vec<Conflict>) {
        let desired: BTreeSet<String> =
            self.inbound.iter().flat_map(|inbound| &inbound.trunk.numbers).map(|number| digits(number)).collect();
        let others = trunks_of_others(carrier, &desired, observed);
        let mut conflicts = Vec::new();
        for inbound in &mut self.inbound {
            let canonical = |number: &str| inbound.canonical.get(&digits(number)).cloned();
            let mut reported = BTreeSet::new();
            // The canonical spellings first: they are what a conflict is reported by.
            let (mut numbers, others_spellings): (Vec<_>, Vec<_>) = std::mem::take(&mut inbound.trunk.numbers)
                .into_iter()
                .partition(|number| canonical(number) == Some(digits(number)));
            numbers.extend(others_spellings);
            let mut left_out = BTreeSet::new();
            numbers.retain(|number| {
                let did = canonical(number);
                if left_out.contains(&did) {
                    return false;
                }
                let Some(other) = others.get(&digits(number)) else { return true };
                // Another spelling that conflicts is left out alone: the DID stays reachable by the rest.
                if did == Some(digits(number)) {
                    left_out.insert(did.clone());
                }
                if reported.insert(did) {
                    conflicts.push(Conflict {
                        bot_id: inbound.bot_id.clone(),
                        number: number.clone(),
                        trunk_id: other.id.clone(),
                        trunk_name: other.object.name.clone(),
                        owner: OwnerTag::read(&other.object.metadata).map(|owner_tag| owner_tag.carrier_id),
                    });
                }
                false
            });
            numbers.sort_unstable();
            inbound.trunk.numbers = numbers;
        }
        self.inbound.retain(|inbound| !inbound.trunk.numbers.is_empty());
        let unmanaged = conflicts.iter().filter(|conflict| conflict.owner.is_none());
        self.unadopted_trunks = unmanaged.map(|conflict| conflict.trunk_id.clone()).collect();
        (self, conflicts)
    }
}

/// By the digits of the numbers that are desired.
fn trunks_of_others<'a>(
    carrier: &CarrierId,
    desired: &BTreeSet<String>,
    observed: &'a Observed,
) -> BTreeMap<String, &'a Listed<InboundTrunk>> {
    let is_other = |listed: &&Listed<InboundTrunk>| {
        OwnerTag::read(&listed.object.metadata).is_none_or(|owner_tag| owner_tag.carrier_id != *carrier)
    };
    let mut others = BTreeMap::new();
    for listed in observed.inbound.iter().filter(is_other) {
        for number in listed.object.numbers.iter().map(|number| digits(number)) {
            if desired.contains(&number) {
                others.entry(number).or_insert(listed);
            }
        }
    }
    others
}
