//! The desired beside the observed state, and the adoption of unmanaged trunks.

mod common;

use common::{PASSWORD, World, model::Model};
use domain::{
    MASK, Secret,
    livekit::{
        Desired, DispatchRule, DriftState, FieldDrift, InboundTrunk, Listed, ObjectDrift, ObjectKind, Observed,
        OutboundTrunk, OwnerTag, RuleOutcome, Step, StepAction, adopt_inbound, compare, describe, digits, plan,
    },
};
use serde_json::json;

const MAIN: &str = "+14155550100";
const SECOND: &str = "+14155550101";

fn in_sync(world: &World) -> Model {
    let mut livekit = Model::default();
    livekit.execute(&plan(&world.carrier.id, &world.desired(), &livekit.observed())).unwrap();
    livekit
}

fn compared(world: &World, livekit: &Model) -> Vec<ObjectDrift> {
    compare(&world.carrier.id, &world.desired(), &livekit.observed())
}

fn states(objects: &[ObjectDrift]) -> Vec<(ObjectKind, DriftState)> {
    objects.iter().map(|object| (object.kind, object.state)).collect()
}

fn field<'a>(object: &'a ObjectDrift, name: &str) -> &'a FieldDrift {
    object.fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("{name}: {object:?}"))
}

fn differing(object: &ObjectDrift) -> Vec<&str> {
    object.fields.iter().filter(|field| field.differs).map(|field| field.name.as_str()).collect()
}

#[test]
fn object_in_sync_has_both_sides_of_each_field() {
    let world = World::new(json!({"allowed_addresses": ["203.0.113.7"]})).answered(MAIN, 0);
    let objects = compared(&world, &in_sync(&world));
    let expected = [ObjectKind::InboundTrunk, ObjectKind::DispatchRule, ObjectKind::OutboundTrunk];
    assert_eq!(states(&objects), expected.map(|kind| (kind, DriftState::InSync)));
    assert!(objects.iter().all(|object| object.id.is_some()));
    assert_eq!(field(&objects[0], "allowed_addresses").observed, Some(vec!["203.0.113.7/32".to_owned()]));
    assert_eq!(field(&objects[1], "trunk_ids").desired, Some(vec![objects[0].id.clone().unwrap()]));
}

#[test]
fn missing_object_has_the_desired_side_alone() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let objects = compared(&world, &Model::default());
    assert!(objects.iter().all(|object| object.state == DriftState::Missing && object.id.is_none()));
    assert!(objects[0].fields.iter().all(|field| field.differs && field.observed.is_none() && field.desired.is_some()));
}

/// Without the prefix LiveKit also admits calls that only claim the address in their From header.
#[test]
fn address_without_prefix_is_drift() {
    let world = World::new(json!({"allowed_addresses": ["203.0.113.7"]})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    livekit.inbound.values_mut().for_each(|listed| listed.object.allowed_addresses = vec!["203.0.113.7".to_owned()]);
    assert_eq!(differing(&compared(&world, &livekit)[0]), ["allowed_addresses"]);
    let steps = plan(&world.carrier.id, &world.desired(), &livekit.observed());
    assert!(matches!(steps.as_slice(), [Step::ReplaceInbound(..)]), "{steps:?}");
}

#[test]
fn each_changed_field_differs() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    for listed in livekit.inbound.values_mut() {
        listed.object.name = "Renamed".to_owned();
        listed.object.numbers.push("+442079460000".to_owned());
        listed.object.allowed_addresses = vec!["0.0.0.0/0".to_owned()];
        listed.object.auth_username.clear();
        listed.unmanaged_settings = true;
    }
    livekit.rules.values_mut().for_each(|listed| listed.object.agent_name = "other".to_owned());
    livekit.outbound.values_mut().for_each(|listed| listed.object.address = "elsewhere.example.com".to_owned());
    let objects = compared(&world, &livekit);
    assert_eq!(differing(&objects[0]), ["name", "numbers", "allowed_addresses", "auth_username", "unmanaged_settings"]);
    assert_eq!(differing(&objects[1]), ["agent_name"]);
    assert_eq!(differing(&objects[2]), ["address"]);
    assert!(objects.iter().all(|object| object.state == DriftState::Drifted));
}

#[test]
fn krisp_differs_only_where_the_carrier_sets_it() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    livekit.inbound.values_mut().for_each(|listed| listed.object.krisp_enabled = Some(true));
    assert_eq!(compared(&world, &livekit)[0].state, DriftState::InSync);
    world.carrier.settings.krisp_enabled = Some(false);
    let inbound = &compared(&world, &livekit)[0];
    assert_eq!(differing(inbound), ["krisp_enabled"]);
    assert_eq!(field(inbound, "krisp_enabled").desired, Some(vec!["false".to_owned()]));
}

#[test]
fn header_of_an_operator_is_shown_and_no_difference() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    for listed in livekit.inbound.values_mut() {
        listed.object.headers_to_attributes.insert("X-Tier".to_owned(), "tier".to_owned());
    }
    let headers = field(&compared(&world, &livekit)[0], "headers_to_attributes").clone();
    let shown = headers.observed.clone().unwrap();
    assert!(!headers.differs && headers.desired == headers.observed && shown.contains(&"X-Tier=tier".to_owned()));
    // An entry of Trunkline's own form is Trunkline's.
    for listed in livekit.inbound.values_mut() {
        listed.object.headers_to_attributes.insert("X-Old".to_owned(), "sip.h.x-old".to_owned());
    }
    assert_eq!(differing(&compared(&world, &livekit)[0]), ["headers_to_attributes"]);
}

#[test]
fn different_password_is_masked() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    livekit.inbound.values_mut().for_each(|listed| listed.object.auth_password = Secret::new("s3cret-other"));
    livekit.outbound.values_mut().for_each(|listed| listed.object.auth_password = Secret::default());
    let objects = compared(&world, &livekit);
    let masked = || Some(vec![MASK.to_owned()]);
    let inbound = field(&objects[0], "auth_password");
    assert!(inbound.differs && inbound.desired == masked() && inbound.observed == masked());
    let outbound = field(&objects[2], "auth_password");
    assert!(outbound.differs && outbound.desired == masked() && outbound.observed == Some(Vec::new()));
    let steps = describe(&plan(&world.carrier.id, &world.desired(), &livekit.observed()), &livekit.observed());
    let shown = serde_json::to_string(&(objects, steps)).unwrap();
    assert!(!shown.contains("s3cret-other") && !shown.contains(PASSWORD), "{shown}");
}

#[test]
fn duplicates_and_objects_of_other_bots_are_extra() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let duplicate = livekit.outbound.values().next().unwrap().clone();
    livekit.outbound.insert("ST_~".to_owned(), Listed { id: "ST_~".to_owned(), ..duplicate });
    let earlier = World::new(json!({})).answered(SECOND, 1);
    livekit
        .execute(&plan(&earlier.carrier.id, &Desired { outbound: None, ..earlier.desired() }, &Observed::default()))
        .unwrap();
    let objects = compared(&world, &livekit);
    let extra: Vec<_> = objects.iter().filter(|object| object.state == DriftState::Extra).collect();
    assert_eq!(extra.len(), 3, "{extra:?}");
    assert!(
        extra.iter().all(|object| object.id.is_some() && object.fields.iter().all(|field| field.desired.is_none()))
    );
}

#[test]
fn steps_are_described_in_sentences() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut livekit = in_sync(&world);
    let (rule, trunk) = (livekit.rules.keys().next().unwrap().clone(), livekit.inbound.keys().next().unwrap().clone());
    livekit.inbound.values_mut().for_each(|listed| listed.object.allowed_addresses = vec!["192.0.2.1".to_owned()]);
    livekit.outbound.clear();
    livekit.rules.clear();
    let words = describe(&plan(&world.carrier.id, &world.desired(), &livekit.observed()), &livekit.observed());
    let actions: Vec<_> = words.iter().map(|word| (word.action, word.kind)).collect();
    assert_eq!(
        actions,
        [
            (StepAction::Replace, ObjectKind::InboundTrunk),
            (StepAction::Create, ObjectKind::DispatchRule),
            (StepAction::Create, ObjectKind::OutboundTrunk),
        ]
    );
    assert_eq!(
        words[0].text,
        format!("Replace the inbound trunk {trunk} in place, so that calls continue: allowed addresses.")
    );
    assert!(words[1].text.contains(&trunk) && words[1].text.contains("concierge"), "{}", words[1].text);
    let removal = describe(&[Step::DeleteRule(rule.clone())], &in_sync(&world).observed());
    assert!(removal[0].text.starts_with(&format!("Delete the dispatch rule {rule} (")), "{}", removal[0].text);
}

#[test]
fn numbers_are_compared_as_livekit_does() {
    for spelling in ["+14155550100", "14155550100", "1 (415) 555-0100", "+1-415-555-0100"] {
        assert_eq!(digits(spelling), "14155550100", "{spelling}");
    }
    for other in ["", "+", "alice", "1.415"] {
        assert_eq!(digits(other), other);
    }
}

/// An unmanaged trunk, and rules.
fn unmanaged(rules: Vec<DispatchRule>) -> Observed {
    let trunk = InboundTrunk { name: "Unmanaged".to_owned(), numbers: vec![MAIN.to_owned()], ..Default::default() };
    let rules = rules.into_iter().enumerate().map(|(at, rule)| Listed::written(format!("SDR_{at}"), rule)).collect();
    Observed { inbound: vec![Listed::written("ST_unmanaged".to_owned(), trunk)], rules, ..Default::default() }
}

fn rule(trunk_ids: &[&str], numbers: &[&str]) -> DispatchRule {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    DispatchRule { trunk_ids: owned(trunk_ids), numbers: owned(numbers), ..Default::default() }
}

fn owner_tag(world: &World) -> OwnerTag {
    OwnerTag::new(world.carrier.id.clone(), Some(world.bots[0].id.clone()))
}

#[test]
fn adopted_trunk_and_rule_keep_their_ids() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let before = unmanaged(vec![rule(&["ST_unmanaged"], &[])]);
    let (tagged, outcomes) = adopt_inbound(&before, "ST_unmanaged", &owner_tag(&world));
    assert_eq!(outcomes, [(0, RuleOutcome::Adopted)]);
    let steps = plan(&world.carrier.id, &world.desired(), &tagged);
    assert!(
        matches!(
            steps.as_slice(),
            [Step::ReplaceInbound(trunk, _), Step::ReplaceRule(rule, ..), Step::CreateOutbound(_)]
                if trunk == "ST_unmanaged" && rule == "SDR_0"
        ),
        "{steps:?}"
    );
    // Only the owner tag has changed.
    assert_eq!(tagged.inbound[0].object.numbers, before.inbound[0].object.numbers);
}

#[test]
fn rules_are_adopted_stay_or_prevent_the_adoption() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let outcomes = |rules: Vec<DispatchRule>| {
        let outcomes = adopt_inbound(&unmanaged(rules), "ST_unmanaged", &owner_tag(&world)).1;
        outcomes.into_iter().map(|(_, outcome)| outcome).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(vec![rule(&["ST_other"], &[])]), []);
    assert_eq!(
        outcomes(vec![
            rule(&["ST_unmanaged"], &[MAIN]),
            rule(&["ST_unmanaged"], &[]),
            rule(&[], &[]),
            rule(&["ST_unmanaged", "ST_2"], &[MAIN])
        ]),
        [RuleOutcome::Stays, RuleOutcome::Adopted, RuleOutcome::CatchAll, RuleOutcome::Stays]
    );
    assert_eq!(outcomes(vec![rule(&["ST_unmanaged", "ST_other"], &[])]), [RuleOutcome::Shared]);
}

#[test]
fn rule_without_unmanaged_settings_is_adopted() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let mut observed = unmanaged(vec![rule(&["ST_unmanaged"], &[]), rule(&["ST_unmanaged"], &[])]);
    observed.rules[0].unmanaged_settings = true;
    let (_, outcomes) = adopt_inbound(&observed, "ST_unmanaged", &owner_tag(&world));
    assert_eq!(outcomes, [(0, RuleOutcome::Stays), (1, RuleOutcome::Adopted)]);
}

#[test]
fn adopted_outbound_trunk_gets_the_owner_tag() {
    let mut world = World::new(json!({})).number(MAIN, json!({"direction": "outbound"}));
    world.carrier.sync.outbound_trunk_id = Some("ST_out".to_owned());
    let listed = |trunk: OutboundTrunk| Listed::written("ST_out".to_owned(), trunk);
    // Only the owner tag is missing.
    let trunk = OutboundTrunk { metadata: String::new(), ..world.outbound() };
    let before = Observed { outbound: vec![listed(trunk)], ..Default::default() };
    let steps = plan(&world.carrier.id, &world.desired(), &before);
    assert_eq!(steps, [Step::ReplaceOutbound("ST_out".to_owned(), world.outbound())]);
    let objects = compare(&world.carrier.id, &world.desired(), &before);
    assert_eq!(
        (objects.len(), objects[0].id.as_deref(), differing(&objects[0])),
        (1, Some("ST_out"), vec!["metadata"])
    );
    let after = Observed { outbound: vec![listed(world.outbound())], ..Default::default() };
    assert_eq!(plan(&world.carrier.id, &world.desired(), &after), []);
}

#[test]
fn untagged_outbound_trunk_is_replaced_if_it_is_the_only_one() {
    let mut world = World::new(json!({})).number(MAIN, json!({"direction": "outbound"}));
    world.carrier.sync.outbound_trunk_id = Some("ST_out".to_owned());
    let listed =
        |id: &str, metadata: String| Listed::written(id.to_owned(), OutboundTrunk { metadata, ..world.outbound() });
    let steps = |world: &World, outbound: Vec<Listed<OutboundTrunk>>| {
        plan(&world.carrier.id, &world.desired(), &Observed { outbound, ..Default::default() })
    };
    let other = OwnerTag::new(common::carrier(2, json!({})).id, None).write();
    assert_eq!(steps(&world, vec![listed("ST_out", other)]), [Step::CreateOutbound(world.outbound())]);
    assert_eq!(steps(&world, vec![listed("ST_2", String::new())]), [Step::CreateOutbound(world.outbound())]);
    let own = listed("ST_own", world.outbound().metadata);
    assert_eq!(steps(&world, vec![listed("ST_out", String::new()), own]), []);
    let without_numbers = World { carrier: world.carrier.clone(), ..World::new(json!({})) };
    assert_eq!(
        steps(&without_numbers, vec![listed("ST_out", String::new())]),
        [],
        "a trunk without owner tag is never deleted"
    );
}
