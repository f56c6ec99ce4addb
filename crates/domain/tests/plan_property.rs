//! Whatever operators, accidents and other people do: each step is one that LiveKit takes, and at the end it is in step.

mod common;

use std::collections::BTreeSet;

use common::{bot, carrier, did, kept_as, model::Model};
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

/// One number of a carrier: rings, dials, or both; who answers; whether it was given without its plus.
type NumberState = Option<(Direction, Option<usize>, bool)>;

/// A carrier as it is meant to be; none: it is deleted.
#[derive(Clone, Debug)]
struct CarrierState {
    name: usize,
    guard: usize,
    numbers: Vec<NumberState>,
}

/// What happens to LiveKit behind Trunkline's back.
#[derive(Clone, Debug)]
enum Accident {
    /// A create whose answer got lost, made a second time.
    DoubleInbound(Index),
    DoubleOutbound(Index),
    /// The second one hangs on the first one's trunk, or on another.
    DoubleRule(Index, Index),
    ForeignSettings(Index),
    LostInbound(Index),
    LostRule(Index),
    Unhung(Index),
}

fn number() -> impl Strategy<Value = NumberState> {
    let direction = prop_oneof![Just(Direction::Both), Just(Direction::Inbound), Just(Direction::Outbound)];
    prop::option::weighted(0.7, (direction, prop::option::weighted(0.8, 0..BOTS), any::<bool>()))
}

fn carrier_state() -> impl Strategy<Value = Option<CarrierState>> {
    let state = (0..3usize, 0..4usize, vec(number(), NUMBERS * 2));
    prop::option::weighted(0.85, state.prop_map(|(name, guard, numbers)| CarrierState { name, guard, numbers }))
}

fn accident() -> impl Strategy<Value = Accident> {
    let index = any::<Index>;
    prop_oneof![
        index().prop_map(Accident::DoubleInbound),
        index().prop_map(Accident::DoubleOutbound),
        (index(), index()).prop_map(|(rule, trunk)| Accident::DoubleRule(rule, trunk)),
        index().prop_map(Accident::ForeignSettings),
        index().prop_map(Accident::LostInbound),
        index().prop_map(Accident::LostRule),
        index().prop_map(Accident::Unhung),
    ]
}

fn meant(index: usize, state: &CarrierState) -> (Carrier, Vec<Did>) {
    let guards = [
        json!({}),
        json!({"inbound_auth": "ip", "allowed_addresses": ["203.0.113.7"]}),
        json!({"auth_username": null, "auth_password": null, "accept_any_source": true}),
        json!({"auth_username": null, "auth_password": null}),
    ];
    let mut settings = guards[state.guard].clone();
    settings["name"] = format!("Carrier {index}.{}", state.name).into();
    let carrier = carrier(index as u128 + 1, settings);
    let dids = state.numbers.iter().enumerate().filter_map(|(place, number)| {
        let (direction, answered, bare) = (*number)?;
        // The second half of the places are the same numbers once more, so that with and without the plus can meet.
        let number = format!("+1415555{index}{:03}", place % NUMBERS);
        let bare = if place < NUMBERS { bare } else { !state.numbers[place - NUMBERS]?.2 };
        let mut settings = json!({"direction": direction.as_str()});
        if let Some(answered) = answered {
            settings["bot_id"] = bot(answered as u128 + 1, "Bot").id.as_str().into();
        }
        let did = did((index * 100 + place) as u128, &carrier, &number, settings);
        Some(if bare { kept_as(&number[1..], did) } else { did })
    });
    let dids = dids.collect();
    (carrier, dids)
}

fn pick<T: Clone>(index: &Index, from: impl Iterator<Item = T>) -> Option<T> {
    let all: Vec<T> = from.collect();
    if all.is_empty() { None } else { Some(index.get(&all).clone()) }
}

fn happen(livekit: &mut Model, accident: &Accident) {
    let tagged = |metadata: &str| OwnerTag::read(metadata).is_some();
    match accident {
        Accident::DoubleInbound(which) => {
            let ours = livekit.inbound.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(found) = pick(which, ours.cloned()) {
                let id = livekit.new_id("ST");
                livekit.inbound.insert(id.clone(), Listed { id, ..found });
            }
        }
        Accident::DoubleOutbound(which) => {
            let ours = livekit.outbound.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(found) = pick(which, ours.cloned()) {
                let id = livekit.new_id("ST");
                livekit.outbound.insert(id.clone(), Listed { id, ..found });
            }
        }
        Accident::DoubleRule(which, trunk) => {
            let ours = livekit.rules.values().filter(|listed| tagged(&listed.object.metadata));
            let Some(mut found) = pick(which, ours.cloned()) else { return };
            // Doubles of the same way in, as a lost answer leaves them.
            let same = |listed: &&Listed<InboundTrunk>| listed.object.metadata == found.object.metadata;
            let Some(trunk) = pick(trunk, livekit.inbound.values().filter(same).map(|listed| listed.id.clone())) else {
                return;
            };
            let id = livekit.new_id("SDR");
            found.object.trunk_ids = vec![trunk];
            livekit.rules.insert(id.clone(), Listed { id, ..found });
        }
        Accident::ForeignSettings(which) => {
            let ours = livekit.inbound.values_mut().filter(|listed| tagged(&listed.object.metadata));
            let mut ours: Vec<_> = ours.collect();
            if !ours.is_empty() {
                let at = which.index(ours.len());
                ours[at].unmanaged_settings = true;
            }
        }
        Accident::LostInbound(which) => {
            let ours = livekit.inbound.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(found) = pick(which, ours.cloned()) {
                livekit.inbound.remove(&found.id);
            }
        }
        Accident::LostRule(which) => {
            let ours = livekit.rules.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(found) = pick(which, ours.cloned()) {
                livekit.rules.remove(&found.id);
            }
        }
        Accident::Unhung(which) => {
            let ours = livekit.rules.values().filter(|listed| tagged(&listed.object.metadata));
            if let Some(found) = pick(which, ours.cloned()) {
                livekit.rules.get_mut(&found.id).unwrap().object.trunk_ids.clear();
            }
        }
    }
}

/// Trunks and a rule that are none of Trunkline's business.
fn with_others() -> Model {
    let mut livekit = Model::default();
    let trunk = InboundTrunk {
        name: "By hand".to_owned(),
        metadata: "{\"managed_by\":\"terraform\"}".to_owned(),
        numbers: vec!["+442079460000".to_owned()],
        ..Default::default()
    };
    let id = livekit.new_id("ST");
    livekit.inbound.insert(id.clone(), Listed::written(id.clone(), trunk));
    let rule = DispatchRule { name: "By hand".to_owned(), trunk_ids: vec![id], ..Default::default() };
    let id = livekit.new_id("SDR");
    livekit.rules.insert(id.clone(), Listed::written(id, rule));
    let id = livekit.new_id("ST");
    livekit.outbound.insert(id.clone(), Listed::written(id, OutboundTrunk::default()));
    livekit
}

/// The ids of a carrier's ways in, by the owner_tag that they carry.
fn trunk_ids(livekit: &Model, carrier: &CarrierId) -> BTreeSet<(String, String)> {
    let ours = |owner_tag: OwnerTag| owner_tag.carrier_id == *carrier;
    let trunks = livekit.inbound.values().filter(|listed| OwnerTag::read(&listed.object.metadata).is_some_and(ours));
    trunks.map(|listed| (listed.object.metadata.clone(), listed.id.clone())).collect()
}

/// Trunks that keep a number keep their id, unless there were two of them.
fn check_kept(before: &Model, after: &Model, carrier: &CarrierId, desired: &Desired) -> Result<(), TestCaseError> {
    let (had, kept) = (trunk_ids(before, carrier), trunk_ids(after, carrier));
    for (owner_tag, id) in
        had.iter().filter(|(owner_tag, _)| had.iter().filter(|(other, _)| other == owner_tag).count() == 1)
    {
        let Some(way) = desired.inbound.iter().find(|way| way.trunk.metadata == *owner_tag) else { continue };
        let numbers = &before.inbound[id].object.numbers;
        if numbers.iter().any(|number| way.trunk.numbers.contains(number)) {
            prop_assert!(kept.contains(&(owner_tag.clone(), id.clone())));
        }
    }
    Ok(())
}

/// What is shown is what is done: all is in step where there are no steps and only there; the words are the steps'; a
/// carrier's own part of LiveKit says as much as the whole.
fn check_comparison(
    carrier: &CarrierId,
    wanted: &Desired,
    livekit: &Model,
    steps: &[Step],
) -> Result<(), TestCaseError> {
    let seen = livekit.seen();
    let objects = compare(carrier, wanted, &seen);
    prop_assert_eq!(objects.iter().all(|object| object.state == DriftState::InSync), steps.is_empty());
    let words = describe(steps, &seen);
    prop_assert_eq!(words.len(), steps.len());
    let extra =
        objects.iter().filter(|object| object.state == DriftState::Extra).filter_map(|object| object.id.clone());
    let deleted: BTreeSet<Option<String>> =
        words.iter().filter(|word| word.action == StepAction::Delete).map(|word| word.id.clone()).collect();
    for id in extra {
        prop_assert!(deleted.contains(&Some(id)));
    }
    let (mut ours, unmanaged) = seen.by_carrier();
    let its = ours.remove(carrier).unwrap_or_default();
    prop_assert_eq!(plan(carrier, wanted, &its), steps);
    prop_assert_eq!((unmanaged.inbound.len(), unmanaged.outbound.len(), unmanaged.rules.len()), (1, 1, 1));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_step_is_taken_and_livekit_ends_in_step(
        rounds in vec((vec(carrier_state(), CARRIERS), vec(accident(), 0..4)), 1..5)
    ) {
        let bots: Vec<Bot> = (0..BOTS).map(|index| bot(index as u128 + 1, "Bot")).collect();
        let ids: Vec<CarrierId> = (0..CARRIERS).map(|index| carrier(index as u128 + 1, json!({})).id).collect();
        let mut livekit = with_others();
        let others = livekit.of_others(&ids);
        for (states, accidents) in rounds {
            for (index, state) in states.iter().enumerate() {
                let wanted = state.as_ref().map(|state| meant(index, state)).map(|(carrier, dids)| desired(&carrier, &dids, &bots, &BTreeSet::new()));
                let wanted = wanted.unwrap_or_default();
                let before = livekit.clone();
                let steps = plan(&ids[index], &wanted, &livekit.seen());
                check_comparison(&ids[index], &wanted, &livekit, &steps)?;
                livekit.take(&steps).map_err(TestCaseError::fail)?;
                prop_assert_eq!(plan(&ids[index], &wanted, &livekit.seen()), []);
                prop_assert_eq!(trunk_ids(&livekit, &ids[index]).len(), wanted.inbound.len());
                prop_assert_eq!(livekit.of_others(&ids), others.clone());
                check_kept(&before, &livekit, &ids[index], &wanted)?;
            }
            for accident in &accidents {
                happen(&mut livekit, accident);
            }
        }
    }
}
