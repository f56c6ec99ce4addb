//! The steps from the observed to the desired state.

mod common;

use std::collections::BTreeMap;

use common::{World, model::Model};
use domain::{
    AnsweredBy, SipHeaderConfig, SipHeaderNames,
    livekit::{Desired, InboundTrunk, Listed, Observed, OwnerTag, Step, TrunkRef, plan},
};
use serde_json::json;

const MAIN: &str = "+14155550100";
const SECOND: &str = "+14155550101";
const THIRD: &str = "+14155550102";

/// LiveKit with the desired state of this world.
fn in_sync(world: &World) -> Model {
    let mut livekit = Model::default();
    sync(&mut livekit, world);
    livekit
}

/// Plans and executes; the executed steps.
fn sync(livekit: &mut Model, world: &World) -> Vec<Step> {
    let steps = plan(&world.carrier.id, &world.desired(), &livekit.observed());
    livekit.execute(&steps).unwrap();
    assert_eq!(plan(&world.carrier.id, &world.desired(), &livekit.observed()), []);
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
fn each_bot_of_a_new_carrier_gets_a_trunk_and_a_rule() {
    let livekit = in_sync(&World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1));
    assert_eq!((livekit.inbound.len(), livekit.outbound.len(), livekit.rules.len()), (2, 1, 2));
    for rule in livekit.rules.values() {
        let trunk = &livekit.inbound[&rule.object.trunk_ids[0]];
        assert_eq!(OwnerTag::read(&trunk.object.metadata), OwnerTag::read(&rule.object.metadata));
    }
}

#[test]
fn plan_in_sync_has_no_steps() {
    let world = World::new(json!({})).answered(MAIN, 0);
    assert_eq!(plan(&world.carrier.id, &world.desired(), &in_sync(&world).observed()), []);
}

#[test]
fn edited_objects_keep_their_ids() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let (before, outbound) = (ids(&livekit), only(&livekit.outbound).id);
    world.carrier =
        common::carrier(1, json!({"name": "Renamed", "sip_address": "sip.telnyx.com", "auth_username": "b"}));
    sync(&mut livekit, &world);
    assert_eq!((ids(&livekit), only(&livekit.outbound).id), (before, outbound));
    assert_eq!(only(&livekit.rules).object.name, "Renamed to Concierge");
}

#[test]
fn two_bots_exchange_their_numbers() {
    let mut livekit = in_sync(&World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1));
    let swapped = World::new(json!({})).answered(MAIN, 1).answered(SECOND, 0);
    sync(&mut livekit, &swapped);
    assert_eq!((livekit.inbound.len(), livekit.rules.len()), (2, 2));
}

#[test]
fn ids_stay_when_a_number_moves_between_bots() {
    let mut livekit = in_sync(&World::new(json!({})).answered(MAIN, 0).answered(SECOND, 0).answered(THIRD, 1));
    let before = ids(&livekit);
    for bots in [[0, 1, 1], [0, 0, 1]] {
        let world = World::new(json!({})).answered(MAIN, bots[0]).answered(SECOND, bots[1]).answered(THIRD, bots[2]);
        sync(&mut livekit, &world);
        assert_eq!(ids(&livekit), before);
    }
}

#[test]
fn number_changes_bot_and_spelling_at_once() {
    let bare = || {
        let mut world = World::new(json!({})).answered("0999999", 1).answered(SECOND, 0);
        world.dids[0] = common::stored_as("14155550100", world.dids[0].clone());
        world
    };
    let plain = || World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1);
    let mut livekit = in_sync(&bare());
    sync(&mut livekit, &plain());
    sync(&mut livekit, &bare());
}

#[test]
fn unmanaged_settings_are_cleared() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    livekit.inbound.values_mut().for_each(|listed| listed.unmanaged_settings = true);
    livekit.outbound.values_mut().for_each(|listed| listed.unmanaged_settings = true);
    livekit.rules.values_mut().for_each(|listed| listed.unmanaged_settings = true);
    let steps = sync(&mut livekit, &world);
    assert!(
        matches!(steps.as_slice(), [Step::ReplaceInbound(..), Step::ReplaceRule(..), Step::ReplaceOutbound(..)]),
        "{steps:?}"
    );
}

#[test]
fn trap_4_rules_are_deleted_before_their_trunks() {
    let world = World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1);
    let mut livekit = in_sync(&world);
    let steps = plan(&world.carrier.id, &Desired::default(), &livekit.observed());
    let rules = steps.iter().take_while(|step| matches!(step, Step::DeleteRule(_))).count();
    assert_eq!((rules, steps.len()), (2, 5));
    livekit.execute(&steps).unwrap();
    assert_eq!(livekit.observed(), Observed::default());
}

#[test]
fn trap_4_rule_without_its_trunk_names_it_again() {
    let world = World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1);
    for trunk_ids in [vec![], vec!["ST_deleted".to_owned()]] {
        let mut livekit = in_sync(&world);
        livekit.rules.values_mut().for_each(|listed| listed.object.trunk_ids.clone_from(&trunk_ids));
        let steps = plan(&world.carrier.id, &world.desired(), &livekit.observed());
        let names_trunk = |step: &Step| matches!(step, Step::ReplaceRule(_, TrunkRef::Id(trunk), _) if livekit.inbound.contains_key(trunk));
        assert!(steps.len() == 2 && steps.iter().all(names_trunk), "{steps:?}");
    }
}

#[test]
fn trap_4_rule_of_a_deleted_trunk_names_the_new_one() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let rule = only(&livekit.rules).id;
    livekit.inbound.clear();
    let steps = plan(&world.carrier.id, &world.desired(), &livekit.observed());
    assert!(matches!(steps.as_slice(), [Step::CreateInbound(..), Step::ReplaceRule(..)]), "{steps:?}");
    livekit.rules.clear();
    sync(&mut livekit, &world);
    assert_ne!(only(&livekit.rules).id, rule);
}

#[test]
fn trap_4_closed_carrier_loses_its_inbound_trunks() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    world.carrier = common::carrier(1, json!({"auth_username": null, "auth_password": null}));
    sync(&mut livekit, &world);
    assert_eq!((livekit.inbound.len(), livekit.rules.len(), livekit.outbound.len()), (0, 0, 1));
}

/// An adopted trunk may have numbers with punctuation.
#[test]
fn trap_5_punctuated_number_leaves_its_trunk_first() {
    let mut livekit = in_sync(&World::new(json!({})).answered(MAIN, 1).answered(SECOND, 1));
    let written = vec!["+1 (415) 555-0100".to_owned(), "1-415-555-0101".to_owned()];
    livekit.inbound.values_mut().for_each(|listed| listed.object.numbers.clone_from(&written));
    let before = ids(&livekit);
    sync(&mut livekit, &World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1));
    assert_eq!(livekit.inbound.len(), 2);
    assert!(before.iter().all(|id| ids(&livekit).contains(id)), "all ids stay");
}

/// LiveKit does not refuse a replace that puts one number on two trunks.
#[test]
fn trap_5_number_leaves_its_trunk_first() {
    let mut livekit = in_sync(&World::new(json!({})).answered(MAIN, 1).answered(SECOND, 1).answered(THIRD, 0));
    let world = World::new(json!({})).answered(MAIN, 1).answered(SECOND, 0).answered(THIRD, 0);
    let steps = sync(&mut livekit, &world);
    let written: Vec<bool> = steps
        .iter()
        .filter_map(|step| if let Step::ReplaceInbound(_, trunk) = step { Some(trunk) } else { None })
        .map(|trunk| trunk.numbers.contains(&SECOND.to_owned()))
        .collect();
    assert_eq!(written, [false, true]);
}

#[test]
fn trap_7_tagged_objects_are_not_created_again() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    livekit.rules.clear();
    livekit.outbound.clear();
    let steps = sync(&mut livekit, &world);
    assert!(matches!(steps.as_slice(), [Step::CreateRule(..), Step::CreateOutbound(_)]), "{steps:?}");
}

#[test]
fn trap_7_duplicates_are_deleted_and_the_first_stays() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let (trunk, rule) = (only(&livekit.inbound), only(&livekit.rules));
    livekit.inbound.insert("ST_~".to_owned(), Listed { id: "ST_~".to_owned(), ..trunk.clone() });
    let mut duplicate = Listed { id: "SDR_~".to_owned(), ..rule.clone() };
    duplicate.object.trunk_ids = vec!["ST_~".to_owned()];
    livekit.rules.insert("SDR_~".to_owned(), duplicate);
    sync(&mut livekit, &world);
    assert_eq!((only(&livekit.inbound), only(&livekit.rules)), (trunk, rule));
}

/// Agents dial by the id of this trunk.
#[test]
fn outbound_trunk_that_the_row_names_stays() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let first = only(&livekit.outbound);
    livekit.outbound.insert("ST_~".to_owned(), Listed { id: "ST_~".to_owned(), ..first.clone() });
    world.carrier.sync.outbound_trunk_id = Some("ST_~".to_owned());
    assert_eq!(sync(&mut livekit, &world), [Step::DeleteOutbound(first.id)]);
    assert_eq!(only(&livekit.outbound).id, "ST_~");
}

/// An unmanaged trunk with one number.
fn unmanaged_trunk(number: &str) -> Listed<InboundTrunk> {
    let trunk = InboundTrunk { name: "Other".to_owned(), numbers: vec![number.to_owned()], ..Default::default() };
    Listed::written("ST_other".to_owned(), trunk)
}

#[test]
fn conflicting_number_alone_is_left_out() {
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
fn bot_with_conflicting_numbers_only_has_no_trunk() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&World::new(json!({})).answered(SECOND, 0));
    livekit.inbound.insert("ST_other".to_owned(), unmanaged_trunk(MAIN));
    let (desired, conflicts) = world.desired().without_conflicts(&world.carrier.id, &livekit.observed());
    assert_eq!(conflicts.len(), 1);
    livekit.execute(&plan(&world.carrier.id, &desired, &livekit.observed())).unwrap();
    assert_eq!(livekit.inbound.keys().collect::<Vec<_>>(), ["ST_other"]);
    assert!(livekit.rules.is_empty());
}

#[test]
fn number_on_the_carriers_own_trunk_is_no_conflict() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let livekit = in_sync(&World::new(json!({})).answered(MAIN, 1));
    assert_eq!(
        world.desired().without_conflicts(&world.carrier.id, &livekit.observed()),
        (world.desired(), Vec::new())
    );
}

#[test]
fn objects_of_others_are_not_changed() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let other = World { carrier: common::carrier(2, json!({})), ..World::new(json!({})) }.answered(SECOND, 0);
    let mut livekit = in_sync(&other);
    let unmanaged =
        InboundTrunk { name: "Unmanaged".to_owned(), numbers: vec![THIRD.to_owned()], ..Default::default() };
    livekit.inbound.insert("ST_unmanaged".to_owned(), Listed::written("ST_unmanaged".to_owned(), unmanaged));
    let before = livekit.observed();
    sync(&mut livekit, &world);
    assert_eq!(livekit.of_others(std::slice::from_ref(&world.carrier.id)), before);
    let steps = plan(&world.carrier.id, &Desired::default(), &livekit.observed());
    livekit.execute(&steps).unwrap();
    assert_eq!(livekit.observed(), before);
}

#[test]
fn headers_that_an_operator_forwards_stay() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let id = only(&livekit.inbound).id;
    let forwarded = &mut livekit.inbound.get_mut(&id).unwrap().object.headers_to_attributes;
    forwarded.insert("X-Tier".to_owned(), "tier".to_owned());
    forwarded.insert("x-call-id".to_owned(), "call".to_owned());
    assert_eq!(sync(&mut livekit, &world), [], "further entries are no difference");
    world.carrier.settings.name = "Renamed".parse().unwrap();
    sync(&mut livekit, &world);
    let trunk = only(&livekit.inbound);
    let forwarded = &trunk.object.headers_to_attributes;
    assert_eq!((forwarded["X-Tier"].as_str(), forwarded["x-call-id"].as_str()), ("tier", "call"));
    assert_eq!((trunk.id, forwarded["X-Call-ID"].as_str()), (id, "sip.h.x-call-id"));
}

#[test]
fn krisp_stays_unless_the_carrier_sets_it() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let id = only(&livekit.inbound).id;
    livekit.inbound.get_mut(&id).unwrap().object.krisp_enabled = Some(true);
    assert_eq!(sync(&mut livekit, &world), [], "it is no difference");
    world.carrier.settings.name = "Renamed".parse().unwrap();
    sync(&mut livekit, &world);
    assert_eq!(only(&livekit.inbound).object.krisp_enabled, Some(true));
    for desired in [false, true] {
        world.carrier.settings.krisp_enabled = Some(desired);
        assert!(matches!(sync(&mut livekit, &world).as_slice(), [Step::ReplaceInbound(..)]));
        assert_eq!(
            (only(&livekit.inbound).id, only(&livekit.inbound).object.krisp_enabled),
            (id.clone(), Some(desired))
        );
    }
}

#[test]
fn headers_follow_what_the_bot_allows() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let config = |names: &[&str]| SipHeaderConfig {
        enabled: true,
        allowed_headers: SipHeaderNames::parse(names.iter().copied()).unwrap(),
        ..SipHeaderConfig::default()
    };
    world.bots[0].settings.sip_header_config = config(&["X-Tier"]);
    assert!(matches!(sync(&mut livekit, &world).as_slice(), [Step::ReplaceInbound(..)]));
    assert_eq!(only(&livekit.inbound).object.headers_to_attributes["X-Tier"], "sip.h.x-tier");
    world.bots[0].settings.sip_header_config = config(&[]);
    sync(&mut livekit, &world);
    assert!(!only(&livekit.inbound).object.headers_to_attributes.contains_key("X-Tier"));
}

#[test]
fn removed_default_header_is_forwarded_again() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let id = only(&livekit.inbound).id;
    let trunk = &mut livekit.inbound.get_mut(&id).unwrap().object;
    trunk.headers_to_attributes.remove("X-Call-ID");
    trunk.headers_to_attributes.insert("Diversion".to_owned(), "elsewhere".to_owned());
    assert!(matches!(sync(&mut livekit, &world).as_slice(), [Step::ReplaceInbound(..)]));
    assert_eq!(only(&livekit.inbound).object, world.inbound());
}

#[test]
fn fleet_bot_has_a_rule_without_an_agent() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let before = ids(&livekit);
    world.bots[0].settings.answered_by = AnsweredBy::Fleet;
    assert!(matches!(sync(&mut livekit, &world).as_slice(), [Step::ReplaceRule(..)]));
    let rule = only(&livekit.rules).object;
    assert_eq!((rule.agent_name.as_str(), rule.agent_metadata.as_str(), rule.room_prefix.as_str()), ("", "", "call-"));
    assert_eq!(ids(&livekit), before);
}
