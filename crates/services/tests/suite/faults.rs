//! LiveKit fails in every way that it can, at every call.

use std::time::Duration;

use domain::{SyncStatus, livekit::Observed};
use livekit_sandbox::{Fault, FaultRule};
use serde_json::json;

use crate::world::World;

const METHODS: [&str; 10] = [
    "ListSIPInboundTrunk",
    "ListSIPOutboundTrunk",
    "ListSIPDispatchRule",
    "CreateSIPInboundTrunk",
    "CreateSIPOutboundTrunk",
    "CreateSIPDispatchRule",
    "UpdateSIPInboundTrunk",
    "UpdateSIPDispatchRule",
    "DeleteSIPTrunk",
    "DeleteSIPDispatchRule",
];

/// A carrier's whole life, each part of it struck by the fault once, at the first call of the method that it makes.
async fn lives_through(world: &World, knob: impl Fn() -> FaultRule) {
    let faults = world.livekit.faults();
    let (concierge, night) = (world.bot("Concierge").await, world.bot("Night desk").await);
    for (index, method) in (0..).map(|index| index * 5).zip(METHODS) {
        let strike = || {
            faults.clear();
            faults.add(knob().on(method));
        };
        strike();
        let carrier = world.carrier(&format!("Until {method}")).await;
        let first = world.add_did(&carrier, index, Some(&concierge)).await;
        world.add_did(&carrier, index + 1, Some(&night)).await;
        world.assert_in_sync().await;
        strike();
        world.update_carrier(&carrier, json!({"name": "Renamed", "allowed_addresses": ["203.0.113.7"]})).await;
        world.assign_bot(&first, Some(&night)).await;
        world.assert_in_sync().await;
        strike();
        world.delete_carrier(&carrier).await;
        assert_eq!(world.assert_in_sync().await, Observed::default(), "{method}");
    }
}

fn error(code: &str) -> Fault {
    Fault::Error { code: code.to_owned(), message: "struck".to_owned() }
}

macro_rules! lives_through {
    ($($name:ident: $knob:expr;)+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            lives_through(&World::new().await, || $knob).await;
        }
    )+};
}

lives_through! {
    the_connection_drops_before_anything_was_changed: FaultRule::once(Fault::Drop);
    trap_7_the_connection_drops_after_the_change_was_made: FaultRule::once(Fault::Drop).after_commit();
    trap_7_the_answer_breaks_off: FaultRule::once(Fault::Truncate);
    livekit_is_overloaded: FaultRule::once(error("unavailable"));
    livekit_refuses: FaultRule::once(error("invalid_argument"));
    livekit_fails_inside_after_the_change_was_made: FaultRule::once(error("internal")).after_commit();
    a_gateway_answers_in_html_before_anything_was_changed: FaultRule::once(Fault::Html502);
    trap_7_a_gateway_answers_in_html_after_the_change_was_made: FaultRule::once(Fault::Html502).after_commit();
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_7_livekit_answers_too_late_after_the_change_was_made() {
    let world = World::with_livekit_timeout(Duration::from_millis(250)).await;
    lives_through(&world, || FaultRule::once(Fault::Delay { ms: 700 }).after_commit()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn livekit_answers_too_late_before_anything_was_changed() {
    let world = World::with_livekit_timeout(Duration::from_millis(250)).await;
    lives_through(&world, || FaultRule::once(Fault::Delay { ms: 700 })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_6_nothing_is_created_twice_whatever_became_of_the_answer() {
    for fault in [Fault::Drop, Fault::Truncate, Fault::Html502, error("internal")] {
        let world = World::new().await;
        let creates = ["CreateSIPInboundTrunk", "CreateSIPOutboundTrunk", "CreateSIPDispatchRule"];
        for method in creates {
            world.livekit.faults().add(FaultRule::once(fault.clone()).after_commit().on(method));
        }
        let bot = world.bot("Concierge").await;
        let twilio = world.carrier("Twilio").await;
        world.add_did(&twilio, 1, Some(&bot)).await;
        world.assert_in_sync().await;
        for method in creates {
            assert_eq!(world.livekit.calls(method).await, 1, "{method} {fault:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_while_livekit_is_down_follow_when_it_is_back() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    let (stays, goes) = (world.carrier("Stays").await, world.carrier("Goes").await);
    world.add_did(&stays, 1, Some(&bot)).await;
    world.add_did(&goes, 2, Some(&bot)).await;
    world.assert_in_sync().await;
    world.livekit.faults().down();
    world.update_carrier(&stays, json!({"name": "Renamed"})).await;
    world.delete_carrier(&goes).await;
    let added = world.carrier("Added").await;
    world.add_did(&added, 3, Some(&bot)).await;
    assert_eq!(world.sync_attempts_done().await, 3);
    world.advance_past_backoff();
    assert_eq!(world.sync_attempts_done().await, 3);
    assert_eq!(world.livekit.objects().await, 6);
    for carrier in [&stays, &added] {
        let carrier = world.get_carrier(carrier).await;
        assert_eq!(carrier.lk_sync_status, SyncStatus::Pending);
        let reason = carrier.lk_sync_error.unwrap();
        assert!(reason.contains("ListSIP") && !reason.contains("may have been made"), "{reason}");
    }
    world.livekit.faults().clear();
    // No time passes here: the tasks are due because LiveKit answers, not because their delay is over.
    world
        .eventually("the syncs", async || {
            let mut tx = world.services.store().read().await.unwrap();
            (tx.sync_backlog().await.unwrap() == 0).then_some(())
        })
        .await;
    let observed = world.assert_in_sync().await;
    assert_eq!((observed.inbound.len(), observed.outbound.len(), observed.rules.len()), (2, 2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_carrier_that_is_deleted_before_livekit_ever_heard_of_it_leaves_nothing() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    world.livekit.faults().down();
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.delete_carrier(&twilio).await;
    world.sync_attempts_done().await;
    world.livekit.faults().clear();
    assert_eq!(world.assert_in_sync().await, Observed::default());
    assert_eq!(world.livekit.calls("CreateSIPInboundTrunk").await, 0);
}
