use proptest::prelude::*;
use serde_json::json;

use super::plain::{Plain, outcome, request};
use crate::{
    EdgeUserId,
    edge::{
        cac::Dimension,
        route::{Step, limits},
    },
    is_emergency_number,
};

fn spain() -> (Plain, EdgeUserId) {
    let mut plain = Plain::default();
    let (a, b) = (plain.carrier("a"), plain.carrier("b"));
    plain.route("+34", 1, &[&a], json!({}));
    plain.route("+346", 2, &[&b], json!({}));
    let alice = plain.phone("alice", json!({}));
    (plain, alice)
}

#[test]
fn longest_prefix_comes_before_priority() {
    let (plain, alice) = spain();
    for to in ["+34911234567", "0034911234567", "tel:+34-91-123-45-67"] {
        assert_eq!(outcome(&plain.call(Some(&alice), to).step), "+34911234567@a.example", "{to}");
    }
    for to in ["+34611234567", "0034611234567"] {
        let decision = plain.call(Some(&alice), to);
        assert_eq!(outcome(&decision.step), "+34611234567@b.example +34611234567@a.example", "{to}");
        assert_eq!(decision.to, "+34611234567");
    }
    assert_eq!(outcome(&plain.call(Some(&alice), "+33123456789").step), "404");
}

#[test]
fn lower_priority_comes_first_among_equal_prefixes() {
    let (mut plain, alice) = spain();
    let c = plain.carrier("c");
    plain.route("+34", 0, &[&c], json!({ "cid_number": "+34900" }));
    let decision = plain.call(Some(&alice), "+34911234567");
    assert_eq!(outcome(&decision.step), "+34911234567@c.example +34911234567@a.example");
    let Step::Carriers(call) = decision.step else { panic!() };
    assert_eq!(call.legs[0].cid_number.as_deref(), Some("+34900"));
}

#[test]
fn emergency_number_comes_before_every_route() {
    let (mut plain, alice) = spain();
    let c = plain.carrier("c");
    plain.route("9*", 0, &[&c], json!({ "strip": 1 }));
    plain.limit(json!({ "scope_kind": "account", "period_sec": 60, "max_count": 0 }));
    let decision = plain.call(Some(&alice), "911");
    assert_eq!(outcome(&decision.step), "911@a.example 911@b.example 911@c.example");
    let limits = limits(&plain, &decision).unwrap();
    assert!(limits.windows.is_empty());
    assert!(limits.channels.iter().chain(&limits.alternatives).all(|limit| limit.max.is_none()));
    assert_eq!(decision.considered[0].rule, "emergency");
}

#[test]
fn emergency_number_is_sent_by_a_disabled_user() {
    let (mut plain, _) = spain();
    let bob = plain.phone("bob", json!({ "status": "disabled" }));
    assert_eq!(outcome(&plain.call(Some(&bob), "112").step), "112@a.example 112@b.example");
    assert_eq!(outcome(&plain.call(Some(&bob), "+34911234567").step), "403");
}

#[test]
fn route_that_makes_an_emergency_number_is_not_used() {
    let mut plain = Plain::default();
    let a = plain.carrier("a");
    plain.route("9", 1, &[&a], json!({ "strip": 1 }));
    plain.route("7", 1, &[&a], json!({ "strip": 1, "prepend": "91" }));
    let alice = plain.phone("alice", json!({}));
    for to in ["9911", "9112", "71", "90112", "9001911"] {
        let decision = plain.call(Some(&alice), to);
        assert!(!outcome(&decision.step).contains("11@"), "{to}: {}", outcome(&decision.step));
    }
    assert_eq!(outcome(&plain.call(Some(&alice), "9911").step), "404");
    assert!(plain.call(Some(&alice), "9911").considered[0].why.contains("emergency"));
    assert_eq!(outcome(&plain.call(Some(&alice), "90034911234567").step), "+34911234567@a.example");
}

#[test]
fn disabled_route_and_deleted_carrier_are_left_out() {
    let (mut plain, alice) = spain();
    let c = plain.carrier("c");
    plain.route("+3491", 1, &[&c], json!({ "status": "disabled" }));
    let decision = plain.call(Some(&alice), "+34911234567");
    assert_eq!(outcome(&decision.step), "+34911234567@a.example");
    assert!(!decision.considered[0].applies && decision.considered[1].applies);
    plain.carriers.retain(|carrier| carrier.name != "a");
    assert_eq!(outcome(&plain.call(Some(&alice), "+34911234567").step), "404");
}

#[test]
fn own_carrier_comes_before_the_routes() {
    let (mut plain, _) = spain();
    let b = plain.carriers[1].id.clone();
    let carol =
        plain.phone("carol", json!({ "trunk_id": b, "out_cid_number": "+34900111222", "out_cid_name": "Carol" }));
    let Step::Carriers(call) = plain.call(Some(&carol), "+34911234567").step else { panic!() };
    let legs: Vec<String> = call.legs.iter().map(|leg| leg.address.to_string()).collect();
    assert_eq!(legs, ["b.example", "a.example"]);
    assert_eq!(call.legs[0].cid_number.as_deref(), Some("+34900111222"));
    assert_eq!(call.cid_name.as_deref(), Some("Carol"));
}

#[test]
fn outbound_call_counts_account_user_and_one_carrier() {
    let (plain, alice) = spain();
    let decision = plain.call(Some(&alice), "+34611234567");
    let limits = limits(&plain, &decision).unwrap();
    let channels: Vec<String> = limits.channels.iter().map(|limit| limit.dimension.to_string()).collect();
    assert_eq!(channels, ["account_out".to_owned(), format!("user:{alice}")]);
    let carriers: Vec<&Dimension> = limits.alternatives.iter().map(|limit| &limit.dimension).collect();
    let expected = [&plain.carriers[1].id, &plain.carriers[0].id].map(|id| Dimension::Carrier(id.clone()));
    assert_eq!(carriers, expected.iter().collect::<Vec<_>>());
    assert_eq!(limits.alternatives[0].max, Some(10));
}

#[test]
fn windows_concern_their_scope_and_direction() {
    let (mut plain, alice) = spain();
    let window = |scope: &str, direction: &str| json!({ "scope_kind": scope, "direction": direction, "period_sec": 60, "max_count": 5 });
    plain.limit(window("account", "out"));
    plain.limit(window("account", "in"));
    plain.limit(window("user", "any"));
    plain.limit(window("number", "out"));
    plain.limit(json!({ "scope_kind": "number", "scope_id": "0034911234567", "period_sec": 60, "max_count": 5 }));
    plain.limit(json!({ "scope_kind": "user", "scope_id": plain.users[0].0, "period_sec": 60, "max_count": 5 }));
    let decision = plain.call(Some(&alice), "+34911234567");
    let subjects: Vec<String> =
        limits(&plain, &decision).unwrap().windows.into_iter().map(|window| window.key.subject).collect();
    assert_eq!(subjects, [String::new(), alice.to_string(), "+34911234567".to_owned(), String::new(), String::new()]);
}

#[test]
fn hostile_numbers_are_rejected() {
    let (plain, alice) = spain();
    for to in ["+34911234567\r\nX-Evil: 1", "\u{661}\u{662}\u{663}", "[2001:db8::1]", "sip:[::1]", "", "../../x", "\0"]
    {
        assert_eq!(outcome(&plain.call(Some(&alice), to).step), "404", "{to:?}");
    }
    assert_eq!(outcome(&plain.call(Some(&alice), &"1".repeat(300)).step), "404");
    assert_eq!(outcome(&plain.call(Some(&alice), &"9".repeat(65_536)).step), "404");
}

proptest! {
    /// All routes whose prefix begins the number, the longest first, then by priority: found by reading all of them.
    #[test]
    fn routes_are_those_of_a_naive_search(
        routes in prop::collection::vec(("[1-9]{0,3}", 0..3u32, any::<bool>()), 0..8),
        number in "[1-9]{7,9}",
    ) {
        let mut plain = Plain::default();
        let alice = plain.phone("alice", json!({}));
        let mut expected = Vec::new();
        for (index, (digits, priority, is_active)) in routes.iter().enumerate() {
            let prefix = if digits.is_empty() { "*".to_owned() } else { format!("+{digits}") };
            let is_taken = expected.iter().any(|(known, level, _, _)| known == digits && level == priority);
            if is_taken {
                continue;
            }
            let carrier = plain.carrier(&format!("c{index}"));
            let status = if *is_active { "active" } else { "disabled" };
            plain.route(&prefix, *priority, &[&carrier], json!({ "status": status }));
            expected.push((digits.clone(), *priority, *is_active, format!("+{number}@c{index}.example")));
        }
        expected.retain(|(digits, _, is_active, _)| *is_active && number.starts_with(digits.as_str()));
        expected.sort_by_key(|(digits, priority, ..)| (std::cmp::Reverse(digits.len()), *priority));
        let expected: Vec<String> = expected.into_iter().map(|(.., leg)| leg).collect();
        let expected = if expected.is_empty() { "404".to_owned() } else { expected.join(" ") };
        prop_assume!(!is_emergency_number(&format!("+{number}"), &[]));
        prop_assert_eq!(outcome(&plain.call(Some(&alice), &format!("+{number}")).step), expected);
    }

    #[test]
    fn no_rule_makes_an_emergency_number(to in "[0-9]{2,7}", strip in 0..5u32, prepend in "[0-9]{0,3}", prefix in "[0-9]{0,2}") {
        let mut plain = Plain::default();
        let a = plain.carrier("a");
        plain.country("US");
        let prefix = if prefix.is_empty() { "*".to_owned() } else { prefix };
        let prepend = if prepend.is_empty() { json!(null) } else { json!(prepend) };
        plain.route(&prefix, 1, &[&a], json!({ "strip": strip, "prepend": prepend }));
        let alice = plain.phone("alice", json!({}));
        let Step::Carriers(call) = plain.decide(&request(Some(&alice), &to)).step else { return Ok(()) };
        let sent = &call.legs[0].number;
        if call.is_emergency {
            prop_assert_eq!(sent, &to);
        } else {
            prop_assert!(!is_emergency_number(sent, &["US".parse().unwrap()]), "{} is sent as {}", to, sent);
        }
    }
}
