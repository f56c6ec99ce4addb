//! Bindings of addresses of record (RFC 3261 section 10.3).

use domain::{
    Timestamp,
    edge::binding::{Contact, Contacts, MAX_BINDINGS, RegisterOutcome, Registration},
};

use crate::{engine::World, on_both};

const AOR: &str = "1001@acme.example";

on_both! {
    two_phones_one_unregisters_the_other_stays
    older_cseq_is_out_of_order
    repeated_register_changes_nothing
    late_register_does_not_undo_the_removal
    restarted_phone_replaces_its_binding
    older_register_of_the_same_node_is_out_of_order
    remove_all_removes_each_contact
    expired_binding_is_reported_once
    contacts_are_limited
    bindings_of_several_are_in_their_order
    restored_binding_is_not_newer_than_a_register
    registers_at_once_lose_no_contact
}

fn register(call_id: &str, cseq: u32, contacts: &[(&str, u32)]) -> Registration {
    let contact = |uri: &str| Contact { uri: uri.to_owned(), ..Contact::default() };
    Registration {
        call_id: call_id.to_owned(),
        cseq,
        node: "edge-1".to_owned(),
        registered_at: Timestamp::from_millis(1_000_000),
        contacts: Contacts::Some(contacts.iter().map(|(uri, expires)| (contact(uri), *expires)).collect()),
    }
}

async fn apply(world: &World, registration: &Registration) -> RegisterOutcome {
    world.live.register(&world.account, AOR, registration).await.unwrap()
}

async fn contacts(world: &World) -> Vec<String> {
    let bindings = world.live.bindings(&world.account, AOR).await.unwrap();
    let mut uris: Vec<_> = bindings.into_iter().map(|binding| binding.contact.uri).collect();
    uris.sort();
    uris
}

fn applied(reachable: bool, unreachable: bool) -> RegisterOutcome {
    RegisterOutcome::Applied { reachable, unreachable }
}

async fn two_phones_one_unregisters_the_other_stays(world: World) {
    assert_eq!(apply(&world, &register("x", 1, &[("sip:a", 60)])).await, applied(true, false));
    assert_eq!(apply(&world, &register("y", 1, &[("sip:b", 60)])).await, applied(false, false));
    assert_eq!(apply(&world, &register("x", 2, &[("sip:a", 0)])).await, applied(false, false));
    assert_eq!(contacts(&world).await, ["sip:b"]);
    assert_eq!(apply(&world, &register("y", 2, &[("sip:b", 0)])).await, applied(false, true));
    assert!(contacts(&world).await.is_empty());
}

async fn older_cseq_is_out_of_order(world: World) {
    apply(&world, &register("x", 5, &[("sip:a", 60)])).await;
    let older = register("x", 4, &[("sip:a", 0), ("sip:b", 60)]);
    assert_eq!(apply(&world, &older).await, RegisterOutcome::OutOfOrder);
    assert_eq!(contacts(&world).await, ["sip:a"]);
}

async fn repeated_register_changes_nothing(world: World) {
    apply(&world, &register("x", 5, &[("sip:a", 60)])).await;
    let before = world.live.bindings(&world.account, AOR).await.unwrap();
    world.advance(10_000);
    assert_eq!(apply(&world, &register("x", 5, &[("sip:a", 60)])).await, RegisterOutcome::Repeated);
    assert_eq!(world.live.bindings(&world.account, AOR).await.unwrap(), before);
}

async fn late_register_does_not_undo_the_removal(world: World) {
    apply(&world, &register("x", 2, &[("sip:a", 0)])).await;
    assert_eq!(apply(&world, &register("x", 1, &[("sip:a", 60)])).await, RegisterOutcome::OutOfOrder);
    assert!(contacts(&world).await.is_empty());
}

async fn restarted_phone_replaces_its_binding(world: World) {
    apply(&world, &register("x", 9, &[("sip:a", 60)])).await;
    assert_eq!(apply(&world, &register("new", 1, &[("sip:a", 60)])).await, applied(false, false));
    let bindings = world.live.bindings(&world.account, AOR).await.unwrap();
    assert_eq!(bindings.iter().map(|binding| binding.call_id.as_str()).collect::<Vec<_>>(), ["new"]);
}

async fn older_register_of_the_same_node_is_out_of_order(world: World) {
    apply(&world, &register("new", 1, &[("sip:a", 60)])).await;
    let earlier = |node: &str| Registration {
        registered_at: Timestamp::from_millis(999_999),
        node: node.to_owned(),
        ..register("x", 9, &[("sip:a", 60)])
    };
    assert_eq!(apply(&world, &earlier("edge-1")).await, RegisterOutcome::OutOfOrder);
    // Another node's clock is not comparable.
    assert_eq!(apply(&world, &earlier("edge-2")).await, applied(false, false));
}

async fn remove_all_removes_each_contact(world: World) {
    apply(&world, &register("x", 1, &[("sip:a", 60), ("sip:b", 60)])).await;
    let all = |cseq| Registration { contacts: Contacts::RemoveAll, ..register("x", cseq, &[]) };
    assert_eq!(apply(&world, &all(0)).await, RegisterOutcome::OutOfOrder);
    assert_eq!(apply(&world, &all(2)).await, applied(false, true));
    assert!(contacts(&world).await.is_empty());
}

async fn expired_binding_is_reported_once(world: World) {
    apply(&world, &register("x", 1, &[("sip:a", 60), ("sip:b", 600)])).await;
    world.advance(61_000);
    assert_eq!(contacts(&world).await, ["sip:b"]);
    let expired = world.live.expired_bindings(&world.account).await.unwrap();
    let uris: Vec<_> = expired.iter().map(|(aor, binding)| (aor.as_str(), binding.contact.uri.as_str())).collect();
    assert_eq!(uris, [(AOR, "sip:a")]);
    assert!(world.live.expired_bindings(&world.account).await.unwrap().is_empty());
    assert_eq!(apply(&world, &register("x", 1, &[("sip:a", 60)])).await, RegisterOutcome::Repeated);
}

async fn contacts_are_limited(world: World) {
    for number in 0..MAX_BINDINGS {
        apply(&world, &register("x", 1, &[(&format!("sip:{number}"), 60)])).await;
    }
    assert_eq!(apply(&world, &register("x", 1, &[("sip:more", 60)])).await, RegisterOutcome::TooMany);
    assert_eq!(contacts(&world).await.len(), MAX_BINDINGS);
}

async fn bindings_of_several_are_in_their_order(world: World) {
    apply(&world, &register("x", 1, &[("sip:a", 60)])).await;
    let aors = ["1002@acme.example".to_owned(), AOR.to_owned()];
    let bindings = world.live.bindings_of(&world.account, &aors).await.unwrap();
    assert_eq!(bindings.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1]);
}

async fn restored_binding_is_not_newer_than_a_register(world: World) {
    apply(&world, &register("x", 1, &[("sip:a", 60)])).await;
    let stored = world.live.bindings(&world.account, AOR).await.unwrap().remove(0);
    world.live.clear(&world.account).await.unwrap();
    assert!(world.live.restore_binding(&world.account, AOR, &stored).await.unwrap());
    apply(&world, &register("x", 2, &[("sip:a", 0)])).await;
    assert!(!world.live.restore_binding(&world.account, AOR, &stored).await.unwrap());
    assert!(contacts(&world).await.is_empty());
}

async fn registers_at_once_lose_no_contact(world: World) {
    let registers = (0..20).map(|number| {
        let world = world.clone();
        tokio::spawn(async move {
            apply(&world, &register(&format!("call-{number}"), 1, &[(&format!("sip:{number}"), 60)])).await
        })
    });
    let outcomes = futures::future::join_all(registers).await;
    let reachable = outcomes.iter().filter(|outcome| *outcome.as_ref().unwrap() == applied(true, false)).count();
    assert_eq!(reachable, 1);
    assert_eq!(contacts(&world).await.len(), 20);
}
