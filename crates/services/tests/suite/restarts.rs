//! Servers that stop, are killed, or share a database.

use std::time::{Duration, Instant};

use domain::{SyncStatus, livekit::Observed};
use livekit_sandbox::{Fault, FaultRule};
use serde_json::json;
use services::{Error, ProjectClaim};

use crate::{drift::named, livekit_server::LiveKitServer, world::World};

/// Delays each call, so that a test can act when LiveKit has a given number of objects.
async fn delay_calls(world: &World) {
    world.livekit.faults().add(FaultRule::once(Fault::Delay { ms: 20 }).sticky());
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_reconciler_loses_and_duplicates_nothing() {
    let mut world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let bots = [world.bot("Concierge").await, world.bot("Night desk").await];
    delay_calls(&world).await;
    // Two inbound trunks, two rules, one outbound trunk: killed before, after and between each of them.
    for objects in 0..=5 {
        let carrier = world.carrier("Twilio").await;
        world.add_did(&carrier, 1, Some(&bots[0])).await;
        world.add_did(&carrier, 2, Some(&bots[1])).await;
        world.start_reconciler();
        world
            .eventually("the number of objects", async || (world.livekit.objects().await >= objects).then_some(()))
            .await;
        world.kill_reconciler().await;
        world.start_reconciler();
        assert_eq!(world.assert_in_sync().await.inbound.len(), 2, "killed at {objects}");
        world.kill_reconciler().await;
        world.delete_carrier(&carrier).await;
        world.start_reconciler();
        world
            .eventually("the number of objects", async || (world.livekit.objects().await <= 5 - objects).then_some(()))
            .await;
        world.kill_reconciler().await;
        world.start_reconciler();
        assert_eq!(world.assert_in_sync().await, Observed::default(), "killed at {objects}");
        world.kill_reconciler().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_reconciler_releases_its_lease() {
    let mut world = World::new().await;
    let bot = world.bot("Concierge").await;
    delay_calls(&world).await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.eventually("a first object", async || (world.livekit.objects().await > 0).then_some(())).await;
    world.stop_reconciler().await;
    // The clock does not advance: a lease that was not released would delay the sync.
    world.start_reconciler();
    world.eventually("the end of the sync", async || (world.sync_attempts_done().await == 0).then_some(())).await;
    world.assert_in_sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn change_during_a_sync_is_synced() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    delay_calls(&world).await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    for objects in 1..=3 {
        world.eventually("an object", async || (world.livekit.objects().await >= objects).then_some(())).await;
        world.update_carrier(&twilio, json!({"name": format!("Twilio {objects}")})).await;
    }
    world.assert_in_sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_5_two_servers_do_not_write_at_once() {
    let first = World::new().await;
    let second = first.second_server().await;
    first.livekit.faults().add(FaultRule::once(Fault::Delay { ms: 2 }).sticky());
    let bot = first.bot("Concierge").await;
    let mut carriers = Vec::new();
    for index in 0..12 {
        let server = if index % 2 == 0 { &first } else { &second };
        let carrier = server.carrier(&format!("Carrier {index}")).await;
        server.add_did(&carrier, index, Some(&bot)).await;
        carriers.push(carrier);
    }
    first.assert_in_sync().await;
    for method in ["CreateSIPInboundTrunk", "CreateSIPOutboundTrunk", "CreateSIPDispatchRule"] {
        assert_eq!(first.livekit.calls(method).await, 12, "{method}");
    }
    for (index, carrier) in carriers.iter().enumerate() {
        let server = if index % 2 == 1 { &first } else { &second };
        server.delete_carrier(carrier).await;
    }
    assert_eq!(first.assert_in_sync().await, Observed::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn task_done_by_another_server_is_not_repeated() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    world.livekit.faults().add(FaultRule::once(Fault::Delay { ms: 600 }).on("ListSIPInboundTrunk"));
    let no_group = named("not a group's");
    let (outcome, ()) = tokio::join!(world.services.drift.remove_orphans(&world.admin, &no_group), async {
        // The lock is acquired by now.
        tokio::time::sleep(Duration::from_millis(150)).await;
        world.add_did(&twilio, 1, None).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        let mut tx = world.services.store().write().await.unwrap();
        let task = tx.sync_task(&twilio.id).await.unwrap().unwrap();
        assert!(tx.finish_sync(&task, None, Some("ST_theirs"), world.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
    });
    assert!(matches!(outcome, Err(Error::Drifted(_))), "{outcome:?}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(world.livekit.calls("CreateSIPOutboundTrunk").await, 0);
    assert_eq!(world.get_carrier(&twilio).await.lk_outbound_trunk_id.as_deref(), Some("ST_theirs"));
}

/// The clock does not advance, and the killed server's lease has not expired.
#[tokio::test(flavor = "multi_thread")]
async fn killed_server_gets_its_lease_back_at_once() {
    let mut world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    world.assert_in_sync().await;
    world.abort_reconciler().await;
    world.update_carrier(&twilio, json!({"name": "Renamed"})).await;
    world.start_reconciler();
    let start = Instant::now();
    world.assert_in_sync().await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

/// As a server with a clock an hour ahead left it, before the database's clock counted.
#[tokio::test(flavor = "multi_thread")]
async fn overlong_lease_is_void() {
    let mut world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let mut tx = world.services.store().write().await.unwrap();
    assert!(tx.acquire_lease("livekit", "another server", Duration::from_secs(3600)).await.unwrap());
    tx.commit().await.unwrap();
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    world.start_reconciler();
    world.assert_in_sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_spellings_of_livekit_url_make_one_writer() {
    let Some((database, first)) = World::on_postgresql().await else { return };
    let mut second = first.second_server().await;
    second.stop_reconciler().await;
    second.livekit_url = Some(first.livekit.url().replace("127.0.0.1", "localhost"));
    second.start_reconciler();
    first.livekit.faults().add(FaultRule::once(Fault::Delay { ms: 2 }).sticky());
    let mut carriers = Vec::new();
    for index in 0..12 {
        let server = if index % 2 == 0 { &first } else { &second };
        let carrier = server.carrier(&format!("Carrier {index}")).await;
        server.add_did(&carrier, index, None).await;
        carriers.push(carrier);
    }
    assert_eq!(first.assert_in_sync().await.outbound.len(), 12);
    assert_eq!(first.livekit.calls("CreateSIPOutboundTrunk").await, 12);
    database.drop([first, second]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_livekit_project_is_refused_or_synced_to() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    let services = &world.services;
    assert_eq!(services.claim_livekit_project("one:443", false).await.unwrap(), ProjectClaim::First);
    assert_eq!(services.claim_livekit_project("one:443", true).await.unwrap(), ProjectClaim::Same);
    for other in ["two:443", "sandbox"] {
        let refused = services.claim_livekit_project(other, false).await.unwrap_err();
        let message = refused.to_string();
        assert!(message.contains("one:443") && message.contains("--switch-livekit"), "{message}");
    }
    let mut world = world;
    world.stop_reconciler().await;
    let claim = world.services.claim_livekit_project("two:443", true).await.unwrap();
    assert_eq!(claim, ProjectClaim::Switched);
    assert_eq!(world.get_carrier(&twilio).await.lk_sync_status, SyncStatus::Pending);
    // The other project has nothing yet.
    world.livekit = LiveKitServer::sandbox().await.into();
    world.start_reconciler();
    let observed = world.assert_in_sync().await;
    assert_eq!((observed.inbound.len(), observed.outbound.len(), observed.rules.len()), (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn lease_of_a_killed_server_expires() {
    let mut first = World::with_short_lease().await;
    let bot = first.bot("Concierge").await;
    let twilio = first.carrier("Twilio").await;
    first.add_did(&twilio, 1, Some(&bot)).await;
    first.assert_in_sync().await;
    let second = first.second_server().await;
    // Killed in the middle of a call; its lease expires.
    first.livekit.faults().add(FaultRule::once(Fault::Delay { ms: Duration::from_secs(60).as_millis() as u64 }));
    first.update_carrier(&twilio, json!({"name": "Renamed"})).await;
    first.kill_reconciler().await;
    second.assert_in_sync().await;
}
