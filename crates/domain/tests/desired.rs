//! The desired state of a carrier.

mod common;

use std::collections::BTreeSet;

use common::{PASSWORD, World, did, stored_as};
use domain::{
    Direction, IpRange, SourcePolicy, Transport,
    livekit::{Desired, OwnerTag, bare},
};
use serde_json::json;

const MAIN: &str = "+14155550100";
/// The spelling that a carrier without a country may send.
const MAIN_00: &str = "0014155550100";
const SECOND: &str = "+14155550101";

fn without_bot() -> serde_json::Value {
    json!({})
}

fn outbound() -> serde_json::Value {
    json!({"direction": "outbound"})
}

#[test]
fn carrier_without_numbers_has_no_objects() {
    assert_eq!(World::new(json!({})).desired(), Default::default());
}

#[test]
fn outbound_carrier_has_no_inbound_trunk() {
    let world = World::new(json!({})).number(MAIN, outbound());
    assert!(world.desired().inbound.is_empty());
    assert_eq!(world.outbound().numbers, [MAIN]);
}

#[test]
fn inbound_carrier_has_no_outbound_trunk() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    world.dids[0].settings.direction = Direction::Inbound;
    assert_eq!(world.desired().outbound, None);
    assert_eq!(world.inbound().numbers, [MAIN, MAIN_00]);
}

#[test]
fn outbound_number_is_on_no_inbound_trunk() {
    let world = World::new(json!({})).answered(MAIN, 0).number(SECOND, outbound());
    assert_eq!(world.inbound().numbers, [MAIN, MAIN_00]);
    assert_eq!(world.outbound().numbers, [MAIN, SECOND]);
}

#[test]
fn closed_carrier_has_an_outbound_trunk_only() {
    let world = World::new(json!({"auth_username": null, "auth_password": null})).answered(MAIN, 0);
    assert_eq!(SourcePolicy::of(&world.carrier.settings), SourcePolicy::Closed);
    assert!(world.desired().inbound.is_empty());
    assert_eq!(world.outbound().numbers, [MAIN]);
}

#[test]
fn open_carrier_accepts_calls_to_its_own_numbers() {
    let open = json!({"auth_username": null, "auth_password": null, "accept_any_source": true});
    let trunk = World::new(open.clone()).answered(MAIN, 0).inbound();
    assert_eq!((trunk.auth_username.as_str(), trunk.auth_password.is_empty()), ("", true));
    assert!(trunk.allowed_addresses.is_empty());
    assert_eq!(trunk.numbers, [MAIN, MAIN_00]);
    assert!(World::new(open).number(MAIN, outbound()).desired().inbound.is_empty());
}

#[test]
fn ip_mode_requires_no_credentials() {
    let world = World::new(json!({"inbound_auth": "ip", "allowed_addresses": ["203.0.113.7", "198.51.100.0/24"]}))
        .answered(MAIN, 0);
    let trunk = world.inbound();
    assert_eq!(trunk.allowed_addresses, ["198.51.100.0/24", "203.0.113.7/32"]);
    assert_eq!((trunk.auth_username.as_str(), trunk.auth_password.is_empty()), ("", true));
    let out = world.outbound();
    assert_eq!((out.auth_username.as_str(), out.auth_password.expose()), ("acme", PASSWORD));
}

#[test]
fn credentials_mode_also_checks_the_allowlist() {
    let trunk = World::new(json!({"allowed_addresses": ["203.0.113.7"]})).answered(MAIN, 0).inbound();
    assert_eq!(trunk.allowed_addresses, ["203.0.113.7/32"]);
    assert_eq!((trunk.auth_username.as_str(), trunk.auth_password.expose()), ("acme", PASSWORD));
}

#[test]
fn number_without_a_bot_is_on_no_inbound_trunk() {
    let world = World::new(json!({})).answered(MAIN, 0).number(SECOND, without_bot());
    assert_eq!(world.inbound().numbers, [MAIN, MAIN_00]);
    assert_eq!(world.outbound().numbers, [MAIN, SECOND]);
}

#[test]
fn deleted_bot_has_no_trunk() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    world.bots.clear();
    assert!(world.desired().inbound.is_empty());
}

#[test]
fn each_bot_has_an_inbound_trunk_and_a_rule() {
    let world = World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1).answered("+14155550102", 0);
    assert_eq!(world.answered_by(0), [MAIN, "+14155550102", MAIN_00, "0014155550102"]);
    assert_eq!(world.answered_by(1), [SECOND, "0014155550101"]);
    let inbound = world.desired().inbound.remove(0);
    assert_eq!(inbound.trunk.name, "Twilio US to Concierge");
    let rule = inbound.rule;
    assert_eq!(rule.name, inbound.trunk.name);
    assert_eq!((rule.agent_name.as_str(), rule.agent_metadata.as_str()), ("concierge", "{\"hotel\":7}"));
    assert_eq!(rule.room_prefix, "call-");
    assert_eq!(rule.attributes["carrier_id"], world.carrier.id.as_str());
    assert_eq!(rule.attributes["bot_id"], world.bots[0].id.as_str());
}

#[test]
fn order_of_the_rows_does_not_matter() {
    let mut world = World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1).number("+14155550102", outbound());
    let before = world.desired();
    world.dids.reverse();
    world.bots.reverse();
    assert_eq!(world.desired(), before);
}

#[test]
fn debug_masks_passwords() {
    let world = World::new(json!({})).answered(MAIN, 0);
    assert!(!format!("{:?}", world.desired()).contains(PASSWORD));
}

#[test]
fn trap_1_entries_that_livekit_drops_are_rejected() {
    let dropped =
        ["sip://1.2.3.4", "1.2.3.4 5.6.7.8", "1.2.3.4,5.6.7.8", "1.2.3.4;x", "(1.2.3.4)", "+1.2.3.4", "*", "1.2.3.*"];
    let open = ["0.0.0.0/0", "::/0", "gw.plivo.com", "localhost", ""];
    for entry in dropped.into_iter().chain(open) {
        assert!(entry.parse::<IpRange>().is_err(), "{entry}");
    }
}

/// A trunk accepts a number with and without the plus. A rule compares numbers as text, so that it names none.
#[test]
fn trap_3_numbers_are_on_trunks_and_not_in_rules() {
    let world = World::new(json!({})).answered("+1 (415) 555-0100", 0).answered("0041 44 668 18 00", 1);
    assert_eq!(world.answered_by(0), [MAIN, MAIN_00]);
    assert_eq!(world.answered_by(1), ["+41446681800", "0041446681800"]);
    assert!(world.desired().inbound.iter().all(|inbound| inbound.rule.numbers.is_empty()));
}

#[test]
fn trap_3_no_number_is_listed_with_and_without_plus() {
    let world = World::new(json!({"destination_country": "IN"})).answered("+919812345678", 0).answered("1415555012", 0);
    let numbers = world.inbound().numbers;
    let distinct: BTreeSet<&str> = numbers.iter().map(|number| bare(number)).collect();
    assert_eq!(distinct.len(), numbers.len(), "{numbers:?}");
    assert!(numbers.contains(&"+919812345678".to_owned()));
}

#[cfg(feature = "numbering-plans")]
#[test]
fn trap_3_number_has_the_spellings_of_its_country() {
    let world = World::new(json!({"destination_country": "IN"})).answered("09812345678", 0);
    let expected = ["+919812345678", "00919812345678", "09812345678", "9812345678"];
    assert_eq!(world.inbound().numbers, expected);
    assert_eq!(world.outbound().numbers, ["+919812345678"]);
}

#[cfg(feature = "numbering-plans")]
#[test]
fn guess_that_is_another_e164_number_is_left_out() {
    let world = World::new(json!({"destination_country": "US"})).answered("+13612345678", 0);
    let guesses = domain::livekit::guessed_keys(&world.carrier, &world.dids);
    assert!(guesses.contains("3612345678") && !guesses.contains("13612345678"), "{guesses:?}");
    let numbers = |keys: &[&str]| world.desired_beside(keys).inbound.remove(0).trunk.numbers;
    assert_eq!(numbers(&[]), ["+13612345678", "01113612345678", "3612345678"]);
    assert_eq!(numbers(&["3612345678", "13612345678"]), ["+13612345678", "01113612345678"]);
}

#[test]
fn canonical_form_precedes_a_guessed_spelling() {
    let world = World::new(json!({"destination_country": "IN"})).answered("+919812345678", 0);
    let national = did(9, &world.carrier, "098123456", common::for_bot(&world.bots[1]));
    let mut world = world;
    world.dids.push(stored_as("09812345678", national));
    assert_eq!(world.answered_by(1), ["09812345678"]);
    assert!(!world.answered_by(0).contains(&"09812345678".to_owned()));
}

#[test]
fn e164_form_precedes_digits_without_country() {
    for order in [[0, 1], [1, 0]] {
        let mut world = World::new(json!({})).answered(MAIN, 0);
        let same = did(9, &world.carrier, "0999999", common::for_bot(&world.bots[1]));
        world.dids.push(stored_as("14155550100", same));
        world.dids = order.map(|index| world.dids[index].clone()).to_vec();
        assert_eq!(world.inbound().numbers, [MAIN, MAIN_00]);
        assert_eq!(world.answered_by(0), [MAIN, MAIN_00]);
    }
}

#[test]
fn trap_4_bot_without_numbers_has_no_trunk() {
    let world = World::new(json!({})).number(MAIN, without_bot());
    assert!(world.desired().inbound.is_empty());
}

#[test]
fn trap_7_objects_have_the_owner_tag() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let Desired { inbound, outbound, .. } = world.desired();
    let bot = Some(OwnerTag::new(world.carrier.id.clone(), Some(world.bots[0].id.clone())));
    assert_eq!(OwnerTag::read(&inbound[0].trunk.metadata), bot);
    assert_eq!(OwnerTag::read(&inbound[0].rule.metadata), bot);
    assert_eq!(OwnerTag::read(&outbound.unwrap().metadata), Some(OwnerTag::new(world.carrier.id.clone(), None)));
}

#[test]
fn trap_7_other_metadata_is_no_owner_tag() {
    for metadata in
        ["", "{}", "hello", "{\"managed_by\":\"terraform\",\"carrier_id\":\"car_1\"}", "{\"managed_by\":\"trunkline\"}"]
    {
        assert_eq!(OwnerTag::read(metadata), None, "{metadata}");
    }
}

#[test]
fn trap_8_outbound_trunk_has_the_country() {
    let world = World::new(json!({"destination_country": "US"})).number(MAIN, outbound());
    assert_eq!(world.outbound().destination_country, "US".parse().ok());
}

#[test]
fn trap_9_outbound_trunk_has_the_transport() {
    for (transport, port) in [("auto", 5060), ("udp", 5060), ("tcp", 5060), ("tls", 5061)] {
        let world = World::new(json!({"transport": transport})).number(MAIN, outbound());
        assert_eq!(world.outbound().transport.as_str(), transport);
        assert_eq!(transport.parse::<Transport>().unwrap().default_port(), port);
        assert_eq!(world.outbound().address, "acme.pstn.twilio.com");
    }
}
