//! A carrier's sync status, and its events.

use std::time::Duration;

use api_types::view::{Change, ChangeKind, ChangedNoun};
use domain::SyncStatus;
use livekit_sandbox::{Fault, FaultRule};
use serde_json::json;
use services::{Error, Timing};

use crate::{
    livekit_server::LiveKitServer,
    world::{World, quick},
};

#[tokio::test(flavor = "multi_thread")]
async fn change_is_pending_until_synced() {
    let mut world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let twilio = world.carrier("Twilio").await;
    assert_eq!((twilio.lk_sync_status, twilio.lk_last_synced_at), (SyncStatus::Pending, None));
    world.start_reconciler();
    world.assert_in_sync().await;
    world.stop_reconciler().await;
    let synced = world.get_carrier(&twilio).await;
    assert_eq!(synced.version, twilio.version);
    let edited = world.update_carrier(&twilio, json!({"name": "Renamed"})).await;
    assert_eq!((edited.lk_sync_status, edited.lk_last_synced_at), (SyncStatus::Pending, synced.lk_last_synced_at));
}

#[tokio::test(flavor = "multi_thread")]
async fn failure_has_reason_and_next_attempt() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    let error = |code: &str, message: &str| Fault::Error { code: code.to_owned(), message: message.to_owned() };
    for (fault, expected, status) in [
        (Fault::Html502, "502", SyncStatus::Pending),
        (Fault::Drop, "lost", SyncStatus::Pending),
        (error("unavailable", "no redis today"), "no redis today", SyncStatus::Pending),
        (error("unauthenticated", "no"), "LIVEKIT_API_KEY", SyncStatus::Error),
        (error("invalid_argument", "not like that"), "not like that", SyncStatus::Error),
    ] {
        let synced = world.get_carrier(&twilio).await;
        world.livekit.faults().add(FaultRule::once(fault).sticky());
        world.update_carrier(&twilio, json!({"name": format!("Before {expected}")})).await;
        let message = world.sync_failure(&twilio, status).await;
        assert!(message.contains(expected) && !message.contains("may have been made"), "{expected}: {message}");
        let failed = world.get_carrier(&twilio).await;
        assert!(failed.lk_next_sync_at.unwrap() > world.clock.now());
        assert_eq!(failed.lk_last_synced_at, synced.lk_last_synced_at);
        assert_eq!(failed.lk_inbound_trunk_id, synced.lk_inbound_trunk_id);
        world.livekit.faults().clear();
        world.assert_in_sync().await;
        assert!(world.get_carrier(&twilio).await.lk_last_synced_at > synced.lk_last_synced_at);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unreachable_livekit_names_its_setting() {
    let sandbox = LiveKitServer::sandbox().await;
    let mut world = World::without_reconciler(sandbox).await;
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    world.livekit = LiveKitServer::Real(livekit::Config {
        url: closed,
        api_key: "devkey".to_owned(),
        api_secret: domain::Secret::new("secret"),
        timeout: Duration::from_secs(1),
    })
    .into();
    world.start_reconciler();
    let twilio = world.carrier("Twilio").await;
    let message = world.sync_failure(&twilio, SyncStatus::Pending).await;
    assert!(message.contains("LIVEKIT_URL"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requested_sync_returns_when_done() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let synced = world.services.carriers.sync(&world.admin, &twilio.id).await.unwrap();
    assert_eq!(synced.lk_sync_status, SyncStatus::Synced);
}

#[tokio::test(flavor = "multi_thread")]
async fn requested_sync_skips_the_backoff() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    world.livekit.faults().down();
    world.update_carrier(&twilio, json!({"name": "Renamed"})).await;
    let error = world.services.carriers.sync(&world.admin, &twilio.id).await.unwrap_err();
    let Error::SyncFailed(carrier) = error else { panic!("{error:?}") };
    assert!(carrier.lk_sync_status == SyncStatus::Pending && carrier.lk_sync_error.is_some());
    world.livekit.faults().clear();
    let synced = world.services.carriers.sync(&world.admin, &twilio.id).await.unwrap();
    assert_eq!((synced.lk_sync_status, synced.lk_sync_error), (SyncStatus::Synced, None));
    world.assert_in_sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_without_a_reconciler_is_pending_after_the_wait_limit() {
    let wait_limit = Duration::from_millis(300);
    let world = World::with_timing(Timing { wait_limit, ..quick() }).await;
    let twilio = world.carrier("Twilio").await;
    let carrier = world.services.carriers.sync(&world.admin, &twilio.id).await.unwrap();
    assert_eq!(carrier.lk_sync_status, SyncStatus::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_and_ends_of_syncs_are_published() {
    let mut world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let mut changes = world.services.events.subscribe();
    let mut received = async || {
        let Change { noun, kind, id } = changes.recv().await.unwrap();
        (noun, kind, id)
    };
    let bot = world.bot("Concierge").await;
    assert_eq!(received().await, (ChangedNoun::Bot, ChangeKind::Created, bot.id.to_string()));
    let twilio = world.carrier("Twilio").await;
    let carrier = twilio.id.to_string();
    assert_eq!(received().await, (ChangedNoun::Carrier, ChangeKind::Created, carrier.clone()));
    let number = world.add_did(&twilio, 1, Some(&bot)).await;
    assert_eq!(received().await, (ChangedNoun::Did, ChangeKind::Created, number.id.to_string()));
    assert_eq!(received().await, (ChangedNoun::Carrier, ChangeKind::Updated, carrier.clone()));
    world.start_reconciler();
    assert_eq!(received().await, (ChangedNoun::Carrier, ChangeKind::Synced, carrier.clone()));
    world.stop_reconciler().await;
    world.update_carrier(&twilio, json!({"name": "Renamed"})).await;
    assert_eq!(received().await, (ChangedNoun::Carrier, ChangeKind::Updated, carrier.clone()));
    world.remove_did(&number).await;
    assert_eq!(received().await, (ChangedNoun::Did, ChangeKind::Deleted, number.id.to_string()));
    assert_eq!(received().await, (ChangedNoun::Carrier, ChangeKind::Updated, carrier.clone()));
    world.delete_carrier(&twilio).await;
    assert_eq!(received().await, (ChangedNoun::Carrier, ChangeKind::Deleted, carrier.clone()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_of_the_list_counts_failures() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    world.assert_in_sync().await;
    let refusal = Fault::Error { code: "invalid_argument".to_owned(), message: "no".to_owned() };
    world.livekit.faults().add(FaultRule::once(refusal).sticky());
    world.update_carrier(&twilio, json!({"name": "Renamed"})).await;
    world.sync_error(&twilio).await;
    let page = world.services.carriers.list(&world.admin, &Default::default()).await.unwrap();
    assert_eq!((page.total, page.error_total), (1, 1));
    world.livekit.faults().clear();
    world.assert_in_sync().await;
    let page = world.services.carriers.list(&world.admin, &Default::default()).await.unwrap();
    assert_eq!((page.total, page.error_total), (1, 0));
}
