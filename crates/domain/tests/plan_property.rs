//! After any changes of operators and of other programs, LiveKit accepts each step, and is in sync afterwards.

mod common;

use std::collections::BTreeSet;

use common::{bot, carrier, did, model::Model, stored_as};
use domain::{
    Bot, Carrier, CarrierId, Did, Direction,
    livekit::{
        Desired, DispatchRule, DriftState, InboundTrunk, Listed, OutboundTrunk, OwnerTag, Step, StepAction, compare,
        describe, desired, plan,
    },
};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::json;

const CARRIERS: usize = 3;
const NUMBERS: usize = 5;
const BOTS: usize = 3;

/// One number of a carrier: direction, bot, and whether it was stored without its plus.
type NumberState = Option<(Direction, Option<usize>, bool)>;

/// The settings of a carrier.
#[derive(Clone, Debug)]
struct CarrierState {
    name: usize,
    authentication: usize,
    numbers: Vec<NumberState>,
}

/// A change of LiveKit that is none of a plan.
#[derive(Clone, Debug)]
enum Interference {
    /// A create whose response was lost, executed a second time.
    DuplicateInbound(Index),
    DuplicateOutbound(Index),
    /// The second rule is on the first one's trunk, or on its duplicate.
    DuplicateRule(Index, Index),
    UnmanagedSettings(Index),
    /// An entry of an operator, and one that an earlier configuration of the bot left.
    Headers(Index),
    DeletedInbound(Index),
    DeletedRule(Index),
    /// A rule without trunks.
    DetachedRule(Index),
}

fn number() -> impl Strategy<Value = NumberState> {
    let direction = prop_oneof![Just(Direction::Both), Just(Direction::Inbound), Just(Direction::Outbound)];
    prop::option::weighted(0.7, (direction, prop::option::weighted(0.8, 0..BOTS), any::<bool>()))
}

fn carrier_state() -> impl Strategy<Value = Option<CarrierState>> {
    let state = (0..3usize, 0..4usize, vec(number(), NUMBERS * 2));
    prop::option::weighted(
        0.85,
        state.prop_map(|(name, authentication, numbers)| CarrierState { name, authentication, numbers }),
    )
}

fn interference() -> impl Strategy<Value = Interference> {
    let index = any::<Index>;
    prop_oneof![
        index().prop_map(Interference::DuplicateInbound),
        index().prop_map(Interference::DuplicateOutbound),
        (index(), index()).prop_map(|(rule, trunk)| Interference::DuplicateRule(rule, trunk)),
        index().prop_map(Interference::UnmanagedSettings),
        index().prop_map(Interference::Headers),
        index().prop_map(Interference::DeletedInbound),
        index().prop_map(Interference::DeletedRule),
        index().prop_map(Interference::DetachedRule),
    ]
}

fn rows(index: usize, state: &CarrierState) -> (Carrier, Vec<Did>) {
    let authentications = [
        json!({}),
        json!({"inbound_auth": "ip", "allowed_addresses": ["203.0.113.7"], "krisp_enabled": true}),
        json!({"auth_username": null, "auth_password": null, "accept_any_source": true}),
        json!({"auth_username": null, "auth_password": null}),
    ];
    let mut settings = authentications[state.authentication].clone();
    settings["name"] = format!("Carrier {index}.{}", state.name).into();
    let carrier = carrier(index as u128 + 1, settings);
    let dids = state.numbers.iter().enumerate().filter_map(|(at, number)| {
        let (direction, answered, bare) = (*number)?;
        // The second half repeats the numbers, so that one may be stored with and without the plus.
        let number = format!("+1415555{index}{:03}", at % NUMBERS);
        let bare = if at < NUMBERS { bare } else { !state.numbers[at - NUMBERS]?.2 };
        let mut settings = json!({"direction": direction.as_str()});
        if let Some(answered) = answered {
            settings["bot_id"] = bot(answered as u128 + 1, "Bot").id.as_str().into();
        }
        let did = did((index * 100 + at) as u128, &carrier, &number, settings);
        Some(if bare { stored_as(&number[1..], did) } else { did })
    });
    let dids = dids.collect();
    (carrier, dids)
}

fn pick<T: Clone>(index: &Index, from: impl Iterator<Item = T>) -> Option<T> {
    let all: Vec<T> = from.collect();
    if all.is_empty() { None } else { Some(index.get(&all).clone()) }
}

fn interfere(livekit: &mut Model, interference: &Interference) {
    let tagged = |metadata: &str| OwnerTag::read(metadata).is_some();
    match interference {
        Interference::DuplicateInbound(which) => {
            let tagged_objects = livekit.inbound.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(picked) = pick(which, tagged_objects.cloned()) {
                let id = livekit.new_id("ST");
                livekit.inbound.insert(id.clone(), Listed { id, ..picked });
            }
        }
        Interference::DuplicateOutbound(which) => {
            let tagged_objects = livekit.outbound.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(picked) = pick(which, tagged_objects.cloned()) {
                let id = livekit.new_id("ST");
                livekit.outbound.insert(id.clone(), Listed { id, ..picked });
            }
        }
        Interference::DuplicateRule(which, trunk) => {
            let tagged_objects = livekit.rules.values().filter(|listed| tagged(&listed.object.metadata));
            let Some(mut picked) = pick(which, tagged_objects.cloned()) else { return };
            // A duplicate of the same trunk, as a lost response leaves it.
            let same = |listed: &&Listed<InboundTrunk>| listed.object.metadata == picked.object.metadata;
            let Some(trunk) = pick(trunk, livekit.inbound.values().filter(same).map(|listed| listed.id.clone())) else {
                return;
            };
            let id = livekit.new_id("SDR");
            picked.object.trunk_ids = vec![trunk];
            livekit.rules.insert(id.clone(), Listed { id, ..picked });
        }
        Interference::UnmanagedSettings(which) => {
            let tagged_objects = livekit.inbound.values_mut().filter(|listed| tagged(&listed.object.metadata));
            let mut tagged_objects: Vec<_> = tagged_objects.collect();
            if !tagged_objects.is_empty() {
                let at = which.index(tagged_objects.len());
                tagged_objects[at].unmanaged_settings = true;
            }
        }
        Interference::Headers(which) => {
            let tagged_objects = livekit.inbound.values_mut().filter(|listed| tagged(&listed.object.metadata));
            let mut tagged_objects: Vec<_> = tagged_objects.collect();
            if !tagged_objects.is_empty() {
                let at = which.index(tagged_objects.len());
                let forwarded = &mut tagged_objects[at].object.headers_to_attributes;
                forwarded.insert("X-Tier".to_owned(), "tier".to_owned());
                forwarded.insert("X-Old".to_owned(), "sip.h.x-old".to_owned());
            }
        }
        Interference::DeletedInbound(which) => {
            let tagged_objects = livekit.inbound.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(picked) = pick(which, tagged_objects.cloned()) {
                livekit.inbound.remove(&picked.id);
            }
        }
        Interference::DeletedRule(which) => {
            let tagged_objects = livekit.rules.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(picked) = pick(which, tagged_objects.cloned()) {
                livekit.rules.remove(&picked.id);
            }
        }
        Interference::DetachedRule(which) => {
            let tagged_objects = livekit.rules.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(picked) = pick(which, tagged_objects.cloned()) {
                livekit.rules.get_mut(&picked.id).unwrap().object.trunk_ids.clear();
            }
        }
    }
}

/// LiveKit with unmanaged trunks and an unmanaged rule.
fn with_others() -> Model {
    let mut livekit = Model::default();
    let trunk = InboundTrunk {
        name: "Unmanaged".to_owned(),
        metadata: "{\"managed_by\":\"terraform\"}".to_owned(),
        numbers: vec!["+442079460000".to_owned()],
        ..Default::default()
    };
    let id = livekit.new_id("ST");
    livekit.inbound.insert(id.clone(), Listed::written(id.clone(), trunk));
    let rule = DispatchRule { name: "Unmanaged".to_owned(), trunk_ids: vec![id], ..Default::default() };
    let id = livekit.new_id("SDR");
    livekit.rules.insert(id.clone(), Listed::written(id, rule));
    let id = livekit.new_id("ST");
    livekit.outbound.insert(id.clone(), Listed::written(id, OutboundTrunk::default()));
    livekit
}

/// The ids of a carrier's inbound trunks, with their owner tags.
fn trunk_ids(livekit: &Model, carrier: &CarrierId) -> BTreeSet<(String, String)> {
    let tagged_objects = |owner_tag: OwnerTag| owner_tag.carrier_id == *carrier;
    let trunks =
        livekit.inbound.values().filter(|listed| OwnerTag::read(&listed.object.metadata).is_some_and(tagged_objects));
    trunks.map(|listed| (listed.object.metadata.clone(), listed.id.clone())).collect()
}

/// Trunks that keep a number keep their id, unless there were duplicates.
fn check_ids_stay(before: &Model, after: &Model, carrier: &CarrierId, desired: &Desired) -> Result<(), TestCaseError> {
    let (had, kept) = (trunk_ids(before, carrier), trunk_ids(after, carrier));
    for (owner_tag, id) in
        had.iter().filter(|(owner_tag, _)| had.iter().filter(|(other, _)| other == owner_tag).count() == 1)
    {
        let Some(inbound) = desired.inbound.iter().find(|inbound| inbound.trunk.metadata == *owner_tag) else {
            continue;
        };
        let numbers = &before.inbound[id].object.numbers;
        if numbers.iter().any(|number| inbound.trunk.numbers.contains(number)) {
            prop_assert!(kept.contains(&(owner_tag.clone(), id.clone())));
        }
    }
    Ok(())
}

/// The comparison agrees with the plan: everything is in sync exactly where there are no steps, each step has a
/// description, and the plan for a carrier's own part of LiveKit is that for the whole.
fn check_comparison(
    carrier: &CarrierId,
    desired: &Desired,
    livekit: &Model,
    steps: &[Step],
) -> Result<(), TestCaseError> {
    let observed = livekit.observed();
    let objects = compare(carrier, desired, &observed);
    prop_assert_eq!(objects.iter().all(|object| object.state == DriftState::InSync), steps.is_empty());
    let words = describe(steps, &observed);
    prop_assert_eq!(words.len(), steps.len());
    let extra =
        objects.iter().filter(|object| object.state == DriftState::Extra).filter_map(|object| object.id.clone());
    let deleted: BTreeSet<Option<String>> =
        words.iter().filter(|word| word.action == StepAction::Delete).map(|word| word.id.clone()).collect();
    for id in extra {
        prop_assert!(deleted.contains(&Some(id)));
    }
    let (mut owned, unmanaged) = observed.by_carrier();
    let own = owned.remove(carrier).unwrap_or_default();
    prop_assert_eq!(plan(carrier, desired, &own), steps);
    prop_assert_eq!((unmanaged.inbound.len(), unmanaged.outbound.len(), unmanaged.rules.len()), (1, 1, 1));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn livekit_accepts_each_step_and_is_in_sync(
        rounds in vec((vec(carrier_state(), CARRIERS), vec(interference(), 0..4)), 1..5)
    ) {
        let bots: Vec<Bot> = (0..BOTS).map(|index| bot(index as u128 + 1, "Bot")).collect();
        let ids: Vec<CarrierId> = (0..CARRIERS).map(|index| carrier(index as u128 + 1, json!({})).id).collect();
        let mut livekit = with_others();
        let others = livekit.of_others(&ids);
        for (states, interferences) in rounds {
            for (index, state) in states.iter().enumerate() {
                let planned = state.as_ref().map(|state| rows(index, state)).map(|(carrier, dids)| desired(&carrier, &dids, &bots, &BTreeSet::new()));
                let planned = planned.unwrap_or_default();
                let before = livekit.clone();
                let steps = plan(&ids[index], &planned, &livekit.observed());
                check_comparison(&ids[index], &planned, &livekit, &steps)?;
                livekit.execute(&steps).map_err(TestCaseError::fail)?;
                prop_assert_eq!(plan(&ids[index], &planned, &livekit.observed()), []);
                prop_assert_eq!(trunk_ids(&livekit, &ids[index]).len(), planned.inbound.len());
                prop_assert_eq!(livekit.of_others(&ids), others.clone());
                check_ids_stay(&before, &livekit, &ids[index], &planned)?;
            }
            for interference in &interferences {
                interfere(&mut livekit, interference);
            }
        }
    }
}
