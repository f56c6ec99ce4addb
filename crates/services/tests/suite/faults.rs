//! Faults of LiveKit at each method.

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

/// Creates, updates and deletes a carrier, with the fault at the first call of each method.
async fn syncs_despite(world: &World, fault: impl Fn() -> FaultRule) {
    let faults = world.livekit.faults();
    let (concierge, night) = (world.bot("Concierge").await, world.bot("Night desk").await);
    for (index, method) in (0..).map(|index| index * 5).zip(METHODS) {
        let add_fault = || {
            faults.clear();
            faults.add(fault().on(method));
        };
        add_fault();
        let carrier = world.carrier(&format!("Until {method}")).await;
        let first = world.add_did(&carrier, index, Some(&concierge)).await;
        world.add_did(&carrier, index + 1, Some(&night)).await;
        world.assert_in_sync().await;
        add_fault();
        world.update_carrier(&carrier, json!({"name": "Renamed", "allowed_addresses": ["203.0.113.7"]})).await;
        world.assign_bot(&first, Some(&night)).await;
        world.assert_in_sync().await;
        add_fault();
        world.delete_carrier(&carrier).await;
        assert_eq!(world.assert_in_sync().await, Observed::default(), "{method}");
    }
}

fn error(code: &str) -> Fault {
    Fault::Error { code: code.to_owned(), message: "injected".to_owned() }
}

macro_rules! syncs_despite {
    ($($name:ident: $fault:expr;)+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            syncs_despite(&World::new().await, || $fault).await;
        }
    )+};
}

syncs_despite! {
    connection_lost_before_the_change_is_retried: FaultRule::once(Fault::Drop);
    trap_7_connection_lost_after_the_change_is_observed: FaultRule::once(Fault::Drop).after_commit();
    trap_7_truncated_response_is_observed: FaultRule::once(Fault::Truncate);
    unavailable_livekit_is_retried: FaultRule::once(error("unavailable"));
    refused_change_is_retried: FaultRule::once(error("invalid_argument"));
    internal_error_after_the_change_is_observed: FaultRule::once(error("internal")).after_commit();
    gateway_error_before_the_change_is_retried: FaultRule::once(Fault::Html502);
    trap_7_gateway_error_after_the_change_is_observed: FaultRule::once(Fault::Html502).after_commit();
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_7_time_out_after_the_change_is_observed() {
    let world = World::with_livekit_timeout(Duration::from_millis(250)).await;
    syncs_despite(&world, || FaultRule::once(Fault::Delay { ms: 700 }).after_commit()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_out_before_the_change_is_retried() {
    let world = World::with_livekit_timeout(Duration::from_millis(250)).await;
    syncs_despite(&world, || FaultRule::once(Fault::Delay { ms: 700 })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_6_lost_response_creates_nothing_twice() {
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
async fn changes_are_synced_when_livekit_is_back() {
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
    // The clock does not advance: the tasks are due because LiveKit answers, not because their delay is over.
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
async fn unsynced_deleted_carrier_leaves_nothing() {
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
