//! The reconciler checks for drift by itself.

use domain::{Carrier, SyncStatus, livekit::InboundTrunk};

use crate::{
    livekit_server::{LiveKitServer, on_both},
    observed::ids,
    world::World,
};

impl World {
    /// When the last check began.
    async fn observed_at(&self) -> i64 {
        let found = self.services.store().read().await.unwrap().setting("last drift check").await.unwrap();
        found.map_or(0, |millis| millis.parse().unwrap())
    }

    /// Waits for two checks: the second one begins after what the test changed.
    async fn checks_done(&self) {
        for _ in 0..2 {
            let before = self.observed_at().await;
            self.advance_past_backoff();
            self.eventually("a check", async || (self.observed_at().await > before).then_some(())).await;
        }
        self.synced().await;
    }
}

async fn changed_objects_are_restored(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    let mut changed = observed.inbound[0].clone();
    changed.object.allowed_addresses = vec!["192.0.2.1".to_owned()];
    world.client().replace_inbound(&changed.id, &changed.object).await.unwrap();
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    world.client().create_outbound(&observed.outbound[0].object).await.unwrap();
    world.checks_done().await;
    let again = world.assert_in_sync().await;
    assert_eq!(again.inbound, observed.inbound);
    assert_eq!(again.outbound, observed.outbound, "the trunk that the row names stays");
}

async fn unmanaged_objects_are_unchanged(world: &World) {
    let (name, numbers) = ("By unmanaged".to_owned(), vec![world.number(1)]);
    let trunk = InboundTrunk { name, numbers, krisp_enabled: Some(false), ..Default::default() };
    let unmanaged = world.client().create_inbound(&trunk).await.unwrap();
    let unknown_carrier = world.unknown_carrier();
    world.tagged(&unknown_carrier, 2).await;
    let before = world.observed().await;
    world.checks_done().await;
    assert_eq!(world.observed().await, before, "an unknown carrier may be another installation's");
    let all = world.client().list_all().await.unwrap();
    assert!(all.inbound.iter().any(|listed| listed.id == unmanaged && listed.object == trunk));
    world.client().delete_trunk(&unmanaged).await.unwrap();
    for id in ids(&before) {
        if id.starts_with("SDR_") {
            world.client().delete_rule(&id).await.unwrap();
        } else {
            world.client().delete_trunk(&id).await.unwrap();
        }
    }
}

async fn orphans_of_a_deleted_carrier_are_removed(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.delete_carrier(&twilio).await;
    world.assert_in_sync().await;
    world.client().create_outbound(&observed.outbound[0].object).await.unwrap();
    world.checks_done().await;
    assert_eq!(world.observed().await, Default::default());
}

on_both! {
    with_drift_checks:
    changed_objects_are_restored
    unmanaged_objects_are_unchanged
    orphans_of_a_deleted_carrier_are_removed
}

#[tokio::test(flavor = "multi_thread")]
async fn check_lists_once_and_writes_nothing_in_sync() {
    let world = World::with_drift_checks(LiveKitServer::sandbox().await).await;
    let bot = world.bot("Concierge").await;
    for index in 0..5 {
        let carrier = world.carrier(&format!("Carrier {index}")).await;
        world.add_did(&carrier, index, Some(&bot)).await;
    }
    let observed = world.assert_in_sync().await;
    world.checks_done().await;
    let counts = async || {
        let mut counts = Vec::new();
        for method in ["ListSIPInboundTrunk", "UpdateSIPInboundTrunk", "CreateSIPInboundTrunk", "DeleteSIPTrunk"] {
            counts.push(world.livekit.calls(method).await);
        }
        counts
    };
    let before = counts().await;
    world.checks_done().await;
    let after = counts().await;
    // Two checks; a listing takes two calls, of which the second brings nothing new.
    assert_eq!(after[0] - before[0], 4);
    assert_eq!(after[1..], before[1..]);
    assert_eq!(world.assert_in_sync().await, observed);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_servers_checks_per_interval() {
    let world = World::with_drift_checks(LiveKitServer::sandbox().await).await;
    let _second = world.second_server().await;
    world.checks_done().await;
    let before = world.livekit.calls("ListSIPInboundTrunk").await;
    world.advance_past_backoff();
    world
        .eventually("a check", async || (world.livekit.calls("ListSIPInboundTrunk").await > before).then_some(()))
        .await;
    // Long enough for the other one to check, too.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(world.livekit.calls("ListSIPInboundTrunk").await - before <= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_without_livekit_changes_no_status() {
    let world = World::with_drift_checks(LiveKitServer::sandbox().await).await;
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    world.livekit.faults().down();
    let before = world.livekit.calls("ListSIPInboundTrunk").await;
    world.advance_past_backoff();
    world
        .eventually("a check", async || (world.livekit.calls("ListSIPInboundTrunk").await > before).then_some(()))
        .await;
    assert_eq!(world.get_carrier(&twilio).await.lk_sync_status, SyncStatus::Synced);
    world.livekit.faults().clear();
    world.checks_done().await;
    assert_eq!(world.assert_in_sync().await.rules.len(), 1);
}

/// As older versions could leave it, where two servers ended the same sync.
#[tokio::test(flavor = "multi_thread")]
async fn pending_carrier_without_a_task_is_synced() {
    let world = World::with_drift_checks(LiveKitServer::sandbox().await).await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let mut tx = world.services.store().write().await.unwrap();
    let stored = tx.carrier(&world.admin.account_id, &twilio.id).await.unwrap().unwrap();
    let stranded = Carrier { id: world.unknown_carrier(), ..stored };
    tx.insert_carrier(&stranded).await.unwrap();
    tx.commit().await.unwrap();
    let status = async || {
        let carrier = world.services.carriers.get(&world.admin, &stranded.id).await.unwrap();
        (carrier.lk_sync_status, carrier.lk_next_sync_at.is_some())
    };
    assert_eq!(status().await, (SyncStatus::Pending, false));
    world.checks_done().await;
    assert_eq!(status().await, (SyncStatus::Synced, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn zero_interval_disables_checks() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    world.advance_past_backoff();
    world.services.carriers.sync(&world.admin, &twilio.id).await.unwrap();
    assert_eq!(world.observed_at().await, 0);
}
