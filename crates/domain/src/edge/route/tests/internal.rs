use serde_json::{Value, json};

use super::plain::{Plain, outcome, request, settings};
use crate::{
    EdgeUserId, RingGroupId,
    edge::{
        cac::{Dimension, EdgeDirection},
        route::{Ring, RouteRequest, Step, limits},
    },
};

fn ring(step: &Step) -> &Ring {
    let Step::Ring(ring) = step else { panic!("{step:?}") };
    ring
}

fn user(id: &EdgeUserId) -> Value {
    json!({ "kind": "user", "id": id })
}

#[test]
fn extension_user_and_own_did_are_internal() {
    let mut plain = Plain::default();
    let a = plain.carrier("a");
    let (alice, bob) = (plain.phone("alice", json!({})), plain.phone("bob", json!({})));
    plain.extension("1001", user(&bob));
    plain.did("+14155550123", &a, Some(json!({ "target": user(&bob) })));
    for to in ["1001", "bob", "sip:bob@acme.example", "+14155550123", "0014155550123"] {
        let decision = plain.call(Some(&alice), to);
        assert_eq!(
            (decision.direction, outcome(&decision.step).as_str()),
            (EdgeDirection::Internal, "ring bob@acme.example"),
            "{to}"
        );
    }
    let decision = plain.call(Some(&alice), "1001");
    let dimensions: Vec<Dimension> =
        limits(&plain, &decision).unwrap().channels.into_iter().map(|limit| limit.dimension).collect();
    assert_eq!(dimensions, [Dimension::User(alice), Dimension::User(bob)]);
}

#[test]
fn extension_needs_an_authenticated_caller() {
    let mut plain = Plain::default();
    let bob = plain.phone("bob", json!({}));
    plain.extension("1001", user(&bob));
    assert_eq!(outcome(&plain.call(None, "1001").step), "404");
    assert_eq!(outcome(&plain.call(None, "bob").step), "404");
}

#[test]
fn extension_precedes_emergency_numbers_of_other_countries() {
    let mut plain = Plain::default();
    let a = plain.carrier("a");
    plain.route("*", 1, &[&a], json!({}));
    let (alice, bob) = (plain.phone("alice", json!({})), plain.phone("bob", json!({})));
    plain.extension("110", user(&bob));
    plain.extension("112", user(&bob));
    assert_eq!(outcome(&plain.call(Some(&alice), "110").step), "ring bob@acme.example");
    assert_eq!(outcome(&plain.call(Some(&alice), "112").step), "112@a.example");
    plain.country("DE");
    assert_eq!(outcome(&plain.call(Some(&alice), "110").step), "110@a.example");
}

#[test]
fn forwards_are_in_their_order() {
    let mut plain = Plain::default();
    let (alice, bob) = (plain.phone("alice", json!({})), plain.phone("bob", json!({})));
    let always = plain.phone("always", json!({ "fwd_always": user(&bob), "dnd": true }));
    let dnd = plain.phone("dnd", json!({ "dnd": true, "fwd_busy": user(&bob) }));
    let silent = plain.phone("silent", json!({ "dnd": true }));
    let late = plain.phone("late", json!({ "fwd_noanswer": user(&bob), "ring_timeout_sec": 7 }));
    for (to, expected) in [("always", "ring bob@acme.example"), ("dnd", "ring bob@acme.example"), ("silent", "486")] {
        assert_eq!(outcome(&plain.call(Some(&alice), to).step), expected, "{to}");
    }
    let decision = plain.call(Some(&alice), "late");
    assert_eq!(ring(&decision.step).timeout_sec, 7);
    assert_eq!(outcome(&ring(&decision.step).no_answer), "ring bob@acme.example");
    assert_eq!(outcome(&ring(&decision.step).busy), "486");
    assert!([always, dnd, silent, late].iter().all(|user| plain.users.iter().any(|(id, ..)| id == user)));
}

#[test]
fn busy_user_goes_to_the_forward_for_busy() {
    let mut plain = Plain::default();
    let (alice, bob) = (plain.phone("alice", json!({})), plain.phone("bob", json!({})));
    let carol = plain.phone("carol", json!({ "fwd_busy": user(&bob), "max_simultaneous": 1 }));
    let busy = [carol];
    let decision = plain.decide(&RouteRequest { busy: &busy, ..request(Some(&alice), "carol") });
    assert_eq!(outcome(&decision.step), "ring bob@acme.example");
}

#[test]
fn forwards_that_lead_back_end() {
    let mut plain = Plain::default();
    let alice = plain.phone("alice", json!({}));
    let bob = plain.phone("bob", json!({}));
    let carol = plain.phone("carol", json!({ "fwd_always": user(&bob) }));
    plain.users[1].1.fwd_always =
        Some(settings::<crate::edge::ExtensionSettings>(json!({ "digits": "1", "target": user(&carol) })).target);
    plain.users[1].2 = crate::edge::route::UserOptions::of(&plain.users[1].1);
    assert_eq!(outcome(&plain.call(Some(&alice), "bob").step), "482");
}

#[test]
fn forward_to_a_number_is_an_outbound_call_of_the_user() {
    let mut plain = Plain::default();
    let a = plain.carrier("a");
    plain.route("+1", 1, &[&a], json!({}));
    let alice = plain.phone("alice", json!({}));
    plain.phone(
        "bob",
        json!({ "fwd_always": { "kind": "forward", "number": "+14155550199" }, "out_cid_number": "+14155550111" }),
    );
    plain.phone("eve", json!({ "fwd_always": { "kind": "forward", "number": "911" } }));
    let decision = plain.call(Some(&alice), "bob");
    let Step::Carriers(call) = &decision.step else { panic!() };
    assert_eq!(call.legs[0].cid_number.as_deref(), Some("+14155550111"));
    let dimensions: Vec<String> =
        limits(&plain, &decision).unwrap().channels.iter().map(|limit| limit.dimension.to_string()).collect();
    assert_eq!(dimensions[0], "account_out");
    assert_eq!(outcome(&plain.call(Some(&alice), "eve").step), "403");
}

#[test]
fn devices_ring_by_the_strategy() {
    let mut plain = Plain::default();
    let alice = plain.phone("alice", json!({}));
    let bob = plain.user("bob", json!({ "ring_strategy": "sequential", "ring_timeout_sec": 10 }));
    let second = plain.device(&bob, "bob-2", json!({ "ring_order": 2 }));
    let first = plain.device(&bob, "bob-1", json!({ "ring_order": 1 }));
    plain.device(&bob, "bob-off", json!({ "status": "disabled" }));
    let decision = plain.call(Some(&alice), "bob");
    let devices: Vec<_> = ring(&decision.step).legs.iter().map(|leg| leg.device.clone()).collect();
    assert_eq!(
        (devices, ring(&decision.step).sequential, ring(&decision.step).timeout_sec),
        (vec![first, second], true, 20)
    );
    let carol = plain.user("carol", json!({ "ring_strategy": "specific" }));
    plain.device(&carol, "carol-1", json!({ "ring_on_fork": false }));
    let only = plain.device(&carol, "carol-2", json!({}));
    let decision = plain.call(Some(&alice), "carol");
    assert_eq!(ring(&decision.step).legs.iter().map(|leg| &leg.device).collect::<Vec<_>>(), [&only]);
}

fn group(plain: &mut Plain, value: Value) {
    let id = RingGroupId::new(plain.ulid());
    plain.groups.push((id.clone(), settings(value)));
    plain.extension("600", json!({ "kind": "ring_group", "id": id }));
}

#[test]
fn ring_group_rings_all_and_then_exits() {
    let mut plain = Plain::default();
    let (alice, bob) = (plain.phone("alice", json!({})), plain.phone("bob", json!({})));
    let (carol, dnd) = (plain.phone("carol", json!({})), plain.phone("dnd", json!({ "dnd": true })));
    let members =
        json!([{ "user_id": alice }, { "user_id": bob }, { "user_id": carol, "delay_sec": 5 }, { "user_id": dnd }]);
    group(
        &mut plain,
        json!({ "name": "Sales", "members": members, "ring_timeout_sec": 20, "exit_target": { "kind": "hangup" } }),
    );
    let decision = plain.call(Some(&alice), "600");
    let first = ring(&decision.step);
    assert_eq!((outcome(&decision.step).as_str(), first.timeout_sec), ("ring bob@acme.example", 5));
    assert_eq!(outcome(&first.no_answer), "ring bob@acme.example carol@acme.example");
    assert_eq!((ring(&first.no_answer).timeout_sec, outcome(&ring(&first.no_answer).no_answer).as_str()), (15, "603"));
}

#[test]
fn round_robin_begins_with_the_next_member() {
    let mut plain = Plain::default();
    let alice = plain.phone("alice", json!({}));
    let (bob, carol) = (plain.phone("bob", json!({})), plain.phone("carol", json!({})));
    group(
        &mut plain,
        json!({ "name": "Sales", "strategy": "round_robin", "members": [{ "user_id": bob }, { "user_id": carol }] }),
    );
    let first = |sequence| outcome(&plain.decide(&RouteRequest { sequence, ..request(Some(&alice), "600") }).step);
    assert_eq!(
        [first(0), first(1), first(2)],
        ["ring bob@acme.example", "ring carol@acme.example", "ring bob@acme.example"]
    );
    let decision = plain.call(Some(&alice), "600");
    assert_eq!(outcome(&ring(&decision.step).no_answer), "ring carol@acme.example");
}
