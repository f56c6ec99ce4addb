//! What LiveKit should hold for a carrier, as an operator would put it.

mod common;

use std::collections::BTreeSet;

use common::{PASSWORD, World, did, kept_as};
use domain::{
    Direction, IpRange, SourcePolicy, Transport,
    livekit::{Desired, OwnerTag, bare},
};
use serde_json::json;

const MAIN: &str = "+14155550100";
/// As carriers without a country may send it.
const MAIN_00: &str = "0014155550100";
const SECOND: &str = "+14155550101";

fn nobody() -> serde_json::Value {
    json!({})
}

fn outbound() -> serde_json::Value {
    json!({"direction": "outbound"})
}

#[test]
fn a_carrier_without_numbers_has_nothing_in_livekit() {
    assert_eq!(World::new(json!({})).desired(), Default::default());
}

#[test]
fn a_carrier_that_only_dials_out_has_no_inbound_trunk() {
    let world = World::new(json!({})).number(MAIN, outbound());
    assert!(world.desired().inbound.is_empty());
    assert_eq!(world.outbound().numbers, [MAIN]);
}

#[test]
fn a_carrier_that_only_rings_has_no_outbound_trunk() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    world.dids[0].settings.direction = Direction::Inbound;
    assert_eq!(world.desired().outbound, None);
    assert_eq!(world.inbound().numbers, [MAIN, MAIN_00]);
}

#[test]
fn an_outbound_number_does_not_ring() {
    let world = World::new(json!({})).answered(MAIN, 0).number(SECOND, outbound());
    assert_eq!(world.inbound().numbers, [MAIN, MAIN_00]);
    assert_eq!(world.outbound().numbers, [MAIN, SECOND]);
}

#[test]
fn a_carrier_that_nothing_guards_gets_no_inbound_trunk_but_dials_out() {
    let world = World::new(json!({"auth_username": null, "auth_password": null})).answered(MAIN, 0);
    assert_eq!(SourcePolicy::of(&world.carrier.settings), SourcePolicy::Closed);
    assert!(world.desired().inbound.is_empty());
    assert_eq!(world.outbound().numbers, [MAIN]);
}

#[test]
fn a_carrier_that_was_opened_by_hand_takes_any_source_for_its_own_numbers_only() {
    let open = json!({"auth_username": null, "auth_password": null, "accept_any_source": true});
    let trunk = World::new(open.clone()).answered(MAIN, 0).inbound();
    assert_eq!((trunk.auth_username.as_str(), trunk.auth_password.is_empty()), ("", true));
    assert!(trunk.allowed_addresses.is_empty());
    assert_eq!(trunk.numbers, [MAIN, MAIN_00]);
    assert!(World::new(open).number(MAIN, outbound()).desired().inbound.is_empty());
}

#[test]
fn in_ip_mode_the_trunk_asks_for_addresses_and_for_no_credentials() {
    let world = World::new(json!({"inbound_auth": "ip", "allowed_addresses": ["203.0.113.7", "198.51.100.0/24"]}))
        .answered(MAIN, 0);
    let trunk = world.inbound();
    assert_eq!(trunk.allowed_addresses, ["198.51.100.0/24", "203.0.113.7/32"]);
    assert_eq!((trunk.auth_username.as_str(), trunk.auth_password.is_empty()), ("", true));
    let out = world.outbound();
    assert_eq!((out.auth_username.as_str(), out.auth_password.expose()), ("acme", PASSWORD));
}

#[test]
fn in_credentials_mode_an_allowlist_is_asked_besides() {
    let trunk = World::new(json!({"allowed_addresses": ["203.0.113.7"]})).answered(MAIN, 0).inbound();
    assert_eq!(trunk.allowed_addresses, ["203.0.113.7/32"]);
    assert_eq!((trunk.auth_username.as_str(), trunk.auth_password.expose()), ("acme", PASSWORD));
}

#[test]
fn a_number_without_a_bot_is_on_no_inbound_trunk_and_so_its_calls_are_refused() {
    let world = World::new(json!({})).answered(MAIN, 0).number(SECOND, nobody());
    assert_eq!(world.inbound().numbers, [MAIN, MAIN_00]);
    assert_eq!(world.outbound().numbers, [MAIN, SECOND]);
}

#[test]
fn a_bot_that_is_gone_answers_nothing() {
    let mut world = World::new(json!({})).answered(MAIN, 0);
    world.bots.clear();
    assert!(world.desired().inbound.is_empty());
}

#[test]
fn each_bot_has_one_way_in_with_its_numbers_its_agent_and_who_it_is_for() {
    let world = World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1).answered("+14155550102", 0);
    assert_eq!(world.answered_by(0), [MAIN, "+14155550102", MAIN_00, "0014155550102"]);
    assert_eq!(world.answered_by(1), [SECOND, "0014155550101"]);
    let way = world.desired().inbound.remove(0);
    assert_eq!(way.trunk.name, "Twilio US to Concierge");
    let rule = way.rule;
    assert_eq!(rule.name, way.trunk.name);
    assert_eq!((rule.agent_name.as_str(), rule.agent_metadata.as_str()), ("concierge", "{\"hotel\":7}"));
    assert_eq!(rule.room_prefix, "call-");
    assert_eq!(rule.attributes["carrier_id"], world.carrier.id.as_str());
    assert_eq!(rule.attributes["bot_id"], world.bots[0].id.as_str());
}

#[test]
fn the_order_in_which_numbers_were_added_makes_no_difference() {
    let mut world = World::new(json!({})).answered(MAIN, 0).answered(SECOND, 1).number("+14155550102", outbound());
    let before = world.desired();
    world.dids.reverse();
    world.bots.reverse();
    assert_eq!(world.desired(), before);
}

#[test]
fn passwords_do_not_show_in_debug() {
    let world = World::new(json!({})).answered(MAIN, 0);
    assert!(!format!("{:?}", world.desired()).contains(PASSWORD));
}

#[test]
fn trap_1_what_livekit_would_drop_from_an_allowlist_is_no_address() {
    let dropped =
        ["sip://1.2.3.4", "1.2.3.4 5.6.7.8", "1.2.3.4,5.6.7.8", "1.2.3.4;x", "(1.2.3.4)", "+1.2.3.4", "*", "1.2.3.*"];
    let open = ["0.0.0.0/0", "::/0", "gw.plivo.com", "localhost", ""];
    for entry in dropped.into_iter().chain(open) {
        assert!(entry.parse::<IpRange>().is_err(), "{entry}");
    }
}

/// A trunk takes a number with and without the plus; the rule would compare it letter by letter, and so it names none.
#[test]
fn trap_3_numbers_stand_on_the_trunk_in_one_form_and_never_in_a_rule() {
    let world = World::new(json!({})).answered("+1 (415) 555-0100", 0).answered("0041 44 668 18 00", 1);
    assert_eq!(world.answered_by(0), [MAIN, MAIN_00]);
    assert_eq!(world.answered_by(1), ["+41446681800", "0041446681800"]);
    assert!(world.desired().inbound.iter().all(|way| way.rule.numbers.is_empty()));
}

#[test]
fn trap_3_a_trunk_names_no_number_with_and_without_the_plus() {
    let world = World::new(json!({"destination_country": "IN"})).answered("+919812345678", 0).answered("1415555012", 0);
    let numbers = world.inbound().numbers;
    let distinct: BTreeSet<&str> = numbers.iter().map(|number| bare(number)).collect();
    assert_eq!(distinct.len(), numbers.len(), "{numbers:?}");
    assert!(numbers.contains(&"+919812345678".to_owned()));
}

#[cfg(feature = "numbering-plans")]
#[test]
fn trap_3_a_number_is_known_in_the_spellings_of_its_carriers_country() {
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
fn a_spelling_belongs_to_the_number_that_is_called_so_by_rights() {
    let world = World::new(json!({"destination_country": "IN"})).answered("+919812345678", 0);
    let national = did(9, &world.carrier, "098123456", common::for_bot(&world.bots[1]));
    let mut world = world;
    world.dids.push(kept_as("09812345678", national));
    assert_eq!(world.answered_by(1), ["09812345678"]);
    assert!(!world.answered_by(0).contains(&"09812345678".to_owned()));
}

#[test]
fn of_two_numbers_that_livekit_cannot_tell_apart_the_international_one_rings() {
    for order in [[0, 1], [1, 0]] {
        let mut world = World::new(json!({})).answered(MAIN, 0);
        let same = did(9, &world.carrier, "0999999", common::for_bot(&world.bots[1]));
        world.dids.push(kept_as("14155550100", same));
        world.dids = order.map(|index| world.dids[index].clone()).to_vec();
        assert_eq!(world.inbound().numbers, [MAIN, MAIN_00]);
        assert_eq!(world.answered_by(0), [MAIN, MAIN_00]);
    }
}

#[test]
fn trap_4_no_trunk_is_without_numbers() {
    let world = World::new(json!({})).number(MAIN, nobody());
    assert!(world.desired().inbound.is_empty());
}

#[test]
fn trap_7_every_object_carries_the_mark_by_which_it_is_found_again() {
    let world = World::new(json!({})).answered(MAIN, 0);
    let Desired { inbound, outbound, .. } = world.desired();
    let bot = Some(OwnerTag::new(world.carrier.id.clone(), Some(world.bots[0].id.clone())));
    assert_eq!(OwnerTag::read(&inbound[0].trunk.metadata), bot);
    assert_eq!(OwnerTag::read(&inbound[0].rule.metadata), bot);
    assert_eq!(OwnerTag::read(&outbound.unwrap().metadata), Some(OwnerTag::new(world.carrier.id.clone(), None)));
}

#[test]
fn trap_7_other_peoples_metadata_is_no_mark() {
    for metadata in
        ["", "{}", "hello", "{\"managed_by\":\"terraform\",\"carrier_id\":\"car_1\"}", "{\"managed_by\":\"trunkline\"}"]
    {
        assert_eq!(OwnerTag::read(metadata), None, "{metadata}");
    }
}

#[test]
fn trap_8_the_country_goes_with_the_outbound_trunk() {
    let world = World::new(json!({"destination_country": "US"})).number(MAIN, outbound());
    assert_eq!(world.outbound().destination_country, "US".parse().ok());
}

#[test]
fn trap_9_the_transport_goes_along_and_says_which_port_is_meant() {
    for (transport, port) in [("auto", 5060), ("udp", 5060), ("tcp", 5060), ("tls", 5061)] {
        let world = World::new(json!({"transport": transport})).number(MAIN, outbound());
        assert_eq!(world.outbound().transport.as_str(), transport);
        assert_eq!(transport.parse::<Transport>().unwrap().default_port(), port);
        assert_eq!(world.outbound().address, "acme.pstn.twilio.com");
    }
}
