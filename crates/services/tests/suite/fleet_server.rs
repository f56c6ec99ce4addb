use std::time::{Duration, Instant};

use api_types::{
    input::{AuditQuery, FleetEntry, FleetInput, FleetServerInput, Text},
    view::{ChangeKind, ChangedNoun, FleetServerStatus, FleetStatus},
};
use domain::{FleetHealth, Role};
use fleet_fake::{Fake, Fault, Route};
use serde_json::json;
use services::Error;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::world::{World, actor};

async fn save(world: &World, fakes: &[&Fake]) {
    let entries = fakes.iter().map(|fake| FleetEntry::Url(fake.url())).collect();
    let input = FleetInput { core_fleet: Some(entries), version: None };
    world.services.fleet_servers.save(&world.admin, &input).await.unwrap();
}

/// Runs the poller until the guard is dropped.
fn poller(world: &World) -> DropGuard {
    let stop = CancellationToken::new();
    tokio::spawn(world.services.fleet_poller().run(stop.clone()));
    stop.drop_guard()
}

async fn picked(world: &World) -> Result<String, Error> {
    world.services.fleet_servers.pick(&world.admin.account_id).await.map(|url| url.to_string())
}

/// The first server's status once it is as it should be.
async fn until(world: &World, reached: impl Fn(&FleetServerStatus) -> bool) -> FleetStatus {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let status = world.services.fleet_servers.status(&world.admin).await.unwrap();
        if status.workers.first().is_some_and(&reached) {
            return status;
        }
        assert!(Instant::now() < deadline, "{status:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn empty_and_unhealthy_fleets_differ() {
    let world = World::new().await;
    assert!(matches!(picked(&world).await, Err(Error::NoFleet)));
    let fake = Fake::start().await;
    fake.fail_always(Route::Health, Fault::Drop);
    save(&world, &[&fake]).await;
    assert!(matches!(picked(&world).await, Err(Error::NoHealthyFleet)));
    let disabled =
        FleetServerInput { url: Some(Text(fake.url())), enabled: Some("false".into()), ..Default::default() };
    let input = FleetInput { core_fleet: Some(vec![FleetEntry::Server(disabled)]), version: None };
    world.services.fleet_servers.save(&world.admin, &input).await.unwrap();
    assert!(matches!(picked(&world).await, Err(Error::NoFleet)), "a disabled server is none");
}

#[tokio::test]
async fn pick_before_the_first_poll_asks_the_servers() {
    let world = World::new().await;
    let (small, large, slow) = (Fake::start().await, Fake::start().await, Fake::start().await);
    small.report(10, 2, 8);
    large.report(10, 9, 1);
    slow.fail_always(Route::Health, Fault::Delay(Duration::from_secs(20)));
    save(&world, &[&slow, &small, &large]).await;
    let started = Instant::now();
    assert_eq!(picked(&world).await.unwrap(), large.url());
    assert!(started.elapsed() < Duration::from_secs(10), "it does not wait for the slow one");
}

#[tokio::test]
async fn burst_does_not_land_on_one_server() {
    let world = World::new().await;
    let (first, second) = (Fake::start().await, Fake::start().await);
    first.report(10, 4, 6);
    second.report(10, 3, 7);
    save(&world, &[&first, &second]).await;
    let mut picks = Vec::new();
    for _ in 0..7 {
        picks.push(picked(&world).await.unwrap());
    }
    assert_eq!(picks.iter().filter(|url| **url == first.url()).count(), 4);
    assert_eq!(picks.iter().filter(|url| **url == second.url()).count(), 3);
    assert!(matches!(picked(&world).await, Err(Error::NoHealthyFleet)));
    assert_eq!((first.received(Route::Health).len(), second.received(Route::Health).len()), (1, 1));
}

#[tokio::test]
async fn poller_follows_a_flapping_server() {
    let world = World::new().await;
    let fake = Fake::start().await;
    save(&world, &[&fake]).await;
    let _poller = poller(&world);
    let healthy = |worker: &FleetServerStatus| worker.status == FleetHealth::Healthy;
    for round in 1..4 {
        fake.report(10, 10 - round, round);
        until(&world, |worker| healthy(worker) && worker.worker_calls == round.unsigned_abs()).await;
        fake.fail_always(Route::Health, Fault::Answer { status: 503, body: "{}".to_owned() });
        let status = until(&world, |worker| !healthy(worker)).await;
        assert_eq!(status.workers[0].reason.as_deref(), Some("status 503"));
        assert_eq!((status.total_capacity, status.available), (0, 0));
        fake.clear_faults();
    }
}

#[tokio::test]
async fn server_is_not_polled_twice_at_once() {
    let world = World::new().await;
    let fake = Fake::start().await;
    fake.fail_always(Route::Health, Fault::Delay(Duration::from_millis(600)));
    save(&world, &[&fake]).await;
    let _poller = poller(&world);
    // The interval is 25 ms.
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(fake.received(Route::Health).len(), 1);
}

#[tokio::test]
async fn new_server_is_polled_at_once() {
    let mut timing = crate::world::quick();
    timing.fleet_poll = Duration::from_secs(60);
    let world = World::with_timing(timing).await;
    let _poller = poller(&world);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let fake = Fake::start().await;
    save(&world, &[&fake]).await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while fake.received(Route::Health).is_empty() {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn change_of_the_load_is_published() {
    let world = World::new().await;
    let fake = Fake::start().await;
    save(&world, &[&fake]).await;
    let _poller = poller(&world);
    until(&world, |worker| worker.status == FleetHealth::Healthy).await;
    let mut changes = world.services.events.subscribe();
    fake.report(10, 1, 9);
    let change = tokio::time::timeout(Duration::from_secs(10), changes.recv()).await.unwrap().unwrap();
    assert_eq!((change.noun, change.kind, change.id.as_str()), (ChangedNoun::Fleet, ChangeKind::Updated, ""));
}

#[tokio::test]
async fn history_has_the_most_calls_of_each_half_minute() {
    let world = World::new().await;
    let fake = Fake::start().await;
    save(&world, &[&fake]).await;
    let _poller = poller(&world);
    let samples = async || until(&world, |_| true).await.history;
    for calls in [9, 2] {
        fake.report(10, 1, calls);
        world
            .eventually("a sample", async || {
                samples().await.iter().any(|sample| sample.active_calls == calls.unsigned_abs()).then_some(())
            })
            .await;
        world.clock.advance(90_000);
    }
    let kept = samples().await;
    assert!(kept.iter().any(|sample| sample.active_calls == 9), "{kept:?}");
    assert!(kept.iter().all(|sample| sample.at.millis() % 30_000 == 0));
    for _ in 0..130 {
        world.clock.advance(30_000);
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    assert!(until(&world, |_| true).await.history.len() <= 120, "one hour");
}

#[tokio::test]
async fn servers_are_added_changed_and_deleted() {
    let world = World::new().await;
    let fleet = &world.services.fleet_servers;
    let input = |body| serde_json::from_value::<FleetServerInput>(body).unwrap();
    let body = json!({ "url": "http://core-1/", "name": "One" });
    let server = fleet.create(&world.admin, &input(body.clone())).await.unwrap();
    assert_eq!((server.url.as_str(), server.enabled, server.version), ("http://core-1", true, 1));
    assert!(matches!(fleet.create(&world.admin, &input(body)).await, Err(Error::Invalid(_))), "the URL is taken");
    let changed = input(json!({ "enabled": false, "version": 1 }));
    let changed_server = fleet.update(&world.admin, &server.id, &changed).await.unwrap();
    assert_eq!((changed_server.name.as_deref(), changed_server.enabled), (Some("One"), false));
    assert!(matches!(fleet.update(&world.admin, &server.id, &changed).await, Err(Error::Stale(_))));
    fleet.delete(&world.admin, &server.id).await.unwrap();
    assert!(matches!(fleet.delete(&world.admin, &server.id).await, Err(Error::NotFound(_))));
    let query = AuditQuery { kind: "fleet_server".to_owned(), ..AuditQuery::default() };
    let entries = world.services.audit.list(&world.admin, &query).await.unwrap().items;
    assert_eq!(entries.len(), 3);
}

#[tokio::test]
async fn developer_may_not_read_the_fleet() {
    let world = World::new().await;
    let developer = actor(&world.services, Role::Developer).await;
    let fleet = &world.services.fleet_servers;
    assert!(matches!(fleet.status(&developer).await, Err(Error::Forbidden { needs: Role::Admin })));
    assert!(matches!(fleet.save(&developer, &FleetInput::default()).await, Err(Error::Forbidden { .. })));
}
