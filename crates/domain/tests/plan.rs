//! The way from what LiveKit has to what it should have.

mod common;

use std::collections::BTreeMap;

use common::{World, model::Model};
use domain::livekit::{Desired, InboundTrunk, Listed, Observed, OwnerTag, Step, TrunkRef, plan};
use serde_json::json;

const MAIN: &str = "+14155550100";
const SECOND: &str = "+14155550101";
const THIRD: &str = "+14155550102";

/// LiveKit, in step with the world.
fn in_sync(world: &World) -> Model {
    let mut livekit = Model::default();
    follow(&mut livekit, world);
    livekit
}

/// Carries the world over; the steps that it took.
fn follow(livekit: &mut Model, world: &World) -> Vec<Step> {
    let steps = plan(&world.carrier.id, &world.desired(), &livekit.seen());
    livekit.take(&steps).unwrap();
    assert_eq!(plan(&world.carrier.id, &world.desired(), &livekit.seen()), []);
    steps
}

fn only<T: Clone>(listed: &BTreeMap<String, Listed<T>>) -> Listed<T> {
    assert_eq!(listed.len(), 1);
    listed.values().next().unwrap().clone()
}

/// The ids of all inbound trunks and rules.
fn ids(livekit: &Model) -> Vec<String> {
    livekit.inbound.keys().chain(livekit.rules.keys()).cloned().collect()
}

#[test]
fn each_bot_of_a_new_carrier_gets_a_trunk_and_then_the_rule_that_hangs_on_it() {
    let livekit = in_sync(&World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1));
    assert_eq!((livekit.inbound.len(), livekit.outbound.len(), livekit.rules.len()), (2, 1, 2));
    for rule in livekit.rules.values() {
        let trunk = &livekit.inbound[&rule.object.trunk_ids[0]];
        assert_eq!(OwnerTag::read(&trunk.object.metadata), OwnerTag::read(&rule.object.metadata));
    }
}

#[test]
fn what_is_in_step_is_left_alone() {
    let world = World::new(json!({})).answered(MAIN, 0);
    assert_eq!(plan(&world.carrier.id, &world.desired(), &in_sync(&world).seen()), []);
}

#[test]
fn an_edit_is_replaced_in_place() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let (before, outbound) = (ids(&livekit), only(&livekit.outbound).id);
    world.carrier =
        common::carrier(1, json!({"name": "Renamed", "sip_address": "sip.telnyx.com", "auth_username": "b"}));
    follow(&mut livekit, &world);
    assert_eq!((ids(&livekit), only(&livekit.outbound).id), (before, outbound));
    assert_eq!(only(&livekit.rules).object.name, "Renamed to Concierge");
}

#[test]
fn two_bots_swap_their_numbers() {
    let mut livekit = in_sync(&World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1));
    let swapped = World::new(json!({})).answered(MAIN, 1).answered(SECOND, 0);
    follow(&mut livekit, &swapped);
    assert_eq!((livekit.inbound.len(), livekit.rules.len()), (2, 2));
}

#[test]
fn a_number_moves_between_bots_that_keep_others_and_everything_keeps_its_id() {
    let mut livekit = in_sync(&World::new(json!({})).answered(MAIN, 0).answered(SECOND, 0).answered(THIRD, 1));
    let before = ids(&livekit);
    for bots in [[0, 1, 1], [0, 0, 1]] {
        let world = World::new(json!({})).answered(MAIN, bots[0]).answered(SECOND, bots[1]).answered(THIRD, bots[2]);
        follow(&mut livekit, &world);
        assert_eq!(ids(&livekit), before);
    }
}

#[test]
fn a_number_may_change_bot_and_spelling_at_once() {
    let bare = || {
        let mut world = World::new(json!({})).answered("0999999", 1).answered(SECOND, 0);
        world.dids[0] = common::kept_as("14155550100", world.dids[0].clone());
        world
    };
    let plain = || World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1);
    let mut livekit = in_sync(&bare());
    follow(&mut livekit, &plain());
    follow(&mut livekit, &bare());
}

#[test]
fn a_setting_that_somebody_made_by_hand_is_cleared() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    livekit.inbound.values_mut().for_each(|listed| listed.unmanaged_settings = true);
    livekit.outbound.values_mut().for_each(|listed| listed.unmanaged_settings = true);
    livekit.rules.values_mut().for_each(|listed| listed.unmanaged_settings = true);
    let steps = follow(&mut livekit, &world);
    assert!(
        matches!(steps.as_slice(), [Step::ReplaceInbound(..), Step::ReplaceRule(..), Step::ReplaceOutbound(..)]),
        "{steps:?}"
    );
}

#[test]
fn trap_4_rules_go_before_their_trunks() {
    let world = World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1);
    let mut livekit = in_sync(&world);
    let steps = plan(&world.carrier.id, &Desired::default(), &livekit.seen());
    let rules = steps.iter().take_while(|step| matches!(step, Step::DeleteRule(_))).count();
    assert_eq!((rules, steps.len()), (2, 5));
    livekit.take(&steps).unwrap();
    assert_eq!(livekit.seen(), Observed::default());
}

#[test]
fn trap_4_a_rule_that_has_lost_its_trunk_is_hung_up_again() {
    let world = World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1);
    for trunk_ids in [vec![], vec!["ST_gone".to_owned()]] {
        let mut livekit = in_sync(&world);
        livekit.rules.values_mut().for_each(|listed| listed.object.trunk_ids.clone_from(&trunk_ids));
        let steps = plan(&world.carrier.id, &world.desired(), &livekit.seen());
        let hung = |step: &Step| matches!(step, Step::ReplaceRule(_, TrunkRef::Id(trunk), _) if livekit.inbound.contains_key(trunk));
        assert!(steps.len() == 2 && steps.iter().all(hung), "{steps:?}");
    }
}

#[test]
fn trap_4_a_rule_whose_trunk_somebody_deleted_hangs_on_the_new_one() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let rule = only(&livekit.rules).id;
    livekit.inbound.clear();
    let steps = plan(&world.carrier.id, &world.desired(), &livekit.seen());
    assert!(matches!(steps.as_slice(), [Step::CreateInbound(..), Step::ReplaceRule(..)]), "{steps:?}");
    livekit.rules.clear();
    follow(&mut livekit, &world);
    assert_ne!(only(&livekit.rules).id, rule);
}

#[test]
fn trap_4_a_carrier_that_closes_loses_its_ways_in_but_still_dials_out() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    world.carrier = common::carrier(1, json!({"auth_username": null, "auth_password": null}));
    follow(&mut livekit, &world);
    assert_eq!((livekit.inbound.len(), livekit.rules.len(), livekit.outbound.len()), (0, 0, 1));
}

/// As on a trunk that was made by hand and adopted.
#[test]
fn trap_5_a_number_leaves_one_trunk_before_it_enters_another_however_it_was_punctuated() {
    let mut livekit = in_sync(&World::new(json!({})).answered(MAIN, 1).answered(SECOND, 1));
    let written = vec!["+1 (415) 555-0100".to_owned(), "1-415-555-0101".to_owned()];
    livekit.inbound.values_mut().for_each(|listed| listed.object.numbers.clone_from(&written));
    let before = ids(&livekit);
    follow(&mut livekit, &World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1));
    assert_eq!(livekit.inbound.len(), 2);
    assert!(before.iter().all(|id| ids(&livekit).contains(id)), "what was there stays");
}

/// LiveKit lets two trunks with one number come about on a replace.
#[test]
fn trap_5_a_number_leaves_one_trunk_before_it_enters_another() {
    let mut livekit = in_sync(&World::new(json!({})).answered(MAIN, 1).answered(SECOND, 1).answered(THIRD, 0));
    let world = World::new(json!({})).answered(MAIN, 1).answered(SECOND, 0).answered(THIRD, 0);
    let steps = follow(&mut livekit, &world);
    let written: Vec<bool> = steps
        .iter()
        .filter_map(|step| if let Step::ReplaceInbound(_, trunk) = step { Some(trunk) } else { None })
        .map(|trunk| trunk.numbers.contains(&SECOND.to_owned()))
        .collect();
    assert_eq!(written, [false, true]);
}

#[test]
fn trap_7_what_a_lost_answer_left_behind_is_found_by_its_mark_and_not_made_again() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    livekit.rules.clear();
    livekit.outbound.clear();
    let steps = follow(&mut livekit, &world);
    assert!(matches!(steps.as_slice(), [Step::CreateRule(..), Step::CreateOutbound(_)]), "{steps:?}");
}

#[test]
fn trap_7_doubles_go_and_the_first_stays() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let (trunk, rule) = (only(&livekit.inbound), only(&livekit.rules));
    livekit.inbound.insert("ST_~".to_owned(), Listed { id: "ST_~".to_owned(), ..trunk.clone() });
    let mut double = Listed { id: "SDR_~".to_owned(), ..rule.clone() };
    double.object.trunk_ids = vec!["ST_~".to_owned()];
    livekit.rules.insert("SDR_~".to_owned(), double);
    follow(&mut livekit, &world);
    assert_eq!((only(&livekit.inbound), only(&livekit.rules)), (trunk, rule));
}

/// Agents dial by the id of the trunk that the row names, whatever its place in LiveKit's list.
#[test]
fn the_outbound_trunk_that_the_row_names_stays() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let first = only(&livekit.outbound);
    livekit.outbound.insert("ST_~".to_owned(), Listed { id: "ST_~".to_owned(), ..first.clone() });
    world.carrier.sync.outbound_trunk_id = Some("ST_~".to_owned());
    assert_eq!(follow(&mut livekit, &world), [Step::DeleteOutbound(first.id)]);
    assert_eq!(only(&livekit.outbound).id, "ST_~");
}

/// A trunk of somebody else with one number.
fn unmanaged_trunk(number: &str) -> Listed<InboundTrunk> {
    let trunk = InboundTrunk { name: "Other".to_owned(), numbers: vec![number.to_owned()], ..Default::default() };
    Listed::written("ST_other".to_owned(), trunk)
}

#[test]
fn a_conflicting_number_is_left_out_and_the_rest_is_planned() {
    let world = World::new(json!({})).answered(MAIN, 0).answered(SECOND, 0).answered(THIRD, 1);
    let observed = Observed { inbound: vec![unmanaged_trunk("1 (415) 555-0101")], ..Observed::default() };
    let (desired, conflicts) = world.desired().without_conflicts(&world.carrier.id, &observed);
    let numbers: Vec<_> = desired.inbound.iter().map(|inbound| inbound.trunk.numbers.clone()).collect();
    assert_eq!(numbers, [[MAIN, "0014155550100"], [THIRD, "0014155550102"]]);
    assert_eq!(desired.outbound, world.desired().outbound);
    let [conflict] = conflicts.as_slice() else { panic!("{conflicts:?}") };
    assert_eq!((conflict.number.as_str(), conflict.trunk_id.as_str()), (SECOND, "ST_other"));
    assert_eq!((&conflict.bot_id, conflict.owner.as_ref()), (&world.bots[0].id, None));
}

#[test]
fn a_bot_whose_numbers_all_conflict_has_no_trunk_and_no_rule() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&World::new(json!({})).answered(SECOND, 0));
    livekit.inbound.insert("ST_other".to_owned(), unmanaged_trunk(MAIN));
    let (desired, conflicts) = world.desired().without_conflicts(&world.carrier.id, &livekit.seen());
    assert_eq!(conflicts.len(), 1);
    livekit.take(&plan(&world.carrier.id, &desired, &livekit.seen())).unwrap();
    assert_eq!(livekit.inbound.keys().collect::<Vec<_>>(), ["ST_other"]);
    assert!(livekit.rules.is_empty());
}

#[test]
fn a_number_on_the_carriers_own_trunk_is_no_conflict() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let livekit = in_sync(&World::new(json!({})).answered(MAIN, 1));
    assert_eq!(world.desired().without_conflicts(&world.carrier.id, &livekit.seen()), (world.desired(), Vec::new()));
}

#[test]
fn somebody_elses_objects_are_never_touched() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let other = World { carrier: common::carrier(2, json!({})), ..World::new(json!({})) }.answered(SECOND, 0);
    let mut livekit = in_sync(&other);
    let unmanaged = InboundTrunk { name: "By hand".to_owned(), numbers: vec![THIRD.to_owned()], ..Default::default() };
    livekit.inbound.insert("ST_hand".to_owned(), Listed::written("ST_hand".to_owned(), unmanaged));
    let before = livekit.seen();
    follow(&mut livekit, &world);
    assert_eq!(livekit.of_others(std::slice::from_ref(&world.carrier.id)), before);
    let steps = plan(&world.carrier.id, &Desired::default(), &livekit.seen());
    livekit.take(&steps).unwrap();
    assert_eq!(livekit.seen(), before);
}
