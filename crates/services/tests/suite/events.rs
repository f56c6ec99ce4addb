//! Events: each committed change is published, on every server of the database.

use std::{sync::Arc, time::Duration};

use api_types::view::{Change, ChangeKind, ChangedNoun};
use domain::{Role, SessionId, UserId};
use live_state::Memory;
use serde_json::json;
use services::{Actor, Clock, Dependencies, MasterKey, Principal, Services, Timing, edge::EdgeOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use store::Store;
use tokio::{sync::broadcast::Receiver, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    livekit_server::LiveKitServer,
    world::{NOWHERE, World, carrier_input, number_providers},
};

/// Long enough for a busy machine; an event usually takes a few milliseconds.
const SOON: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn abandoned_requests_are_published_too() {
    const REQUESTS: u64 = 100;
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let mut events = world.services.events.subscribe();
    for request in 0..REQUESTS {
        let input = carrier_input(json!({"name": format!("Carrier {request}"), "sip_address": "sip.example.com"}));
        let create = world.services.carriers.create(&world.admin, &input);
        // The client leaves at another moment each time.
        let _ = timeout(Duration::from_micros(request * 40), create).await;
    }
    for _ in 0..REQUESTS {
        let change = timeout(SOON, events.recv()).await.expect("each request is published").unwrap();
        assert_eq!((change.noun, change.kind), (ChangedNoun::Carrier, ChangeKind::Created));
    }
    let page = world.services.carriers.list(&world.admin, &Default::default()).await.unwrap();
    assert_eq!(page.total, 100);
}

/// A PostgreSQL database of this test alone. None, as in the store's tests, where there is no server.
struct Shared {
    server: String,
    name: String,
}

impl Shared {
    async fn new() -> Option<Self> {
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            assert!(std::env::var("CI").is_err(), "TEST_POSTGRES_URL is not set: use scripts/with-postgres");
            return None;
        };
        let name = format!("events_{}", Clock::default().ulid().to_string().to_lowercase());
        let shared = Self { server, name };
        shared.administer(&format!("CREATE DATABASE {}", shared.name)).await;
        Some(shared)
    }

    async fn administer(&self, sql: &str) -> u64 {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap().rows_affected()
    }

    /// Ends the connections that listen, and says how many there were.
    async fn kill_listeners(&self) -> u64 {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trunkline events' AND datname";
        self.administer(&format!("{sql} = '{}'", self.name)).await
    }

    async fn server(&self) -> Server {
        let (base, _) = self.server.rsplit_once('/').expect("a URL with a database");
        let master_key = MasterKey::new([7; 32]);
        let store = Store::open(&format!("{base}/{}", self.name), master_key.vault()).await.unwrap();
        let nowhere = exotel::Config { url: "http://127.0.0.1:9".to_owned(), timeout: SOON };
        let (twilio, vonage) = number_providers(NOWHERE, NOWHERE);
        let dependencies = Dependencies {
            store,
            master_key,
            clock: Clock::default(),
            sandbox: true,
            exotel: exotel::Client::new(nowhere).unwrap(),
            twilio,
            vonage,
            fleet: fleet::Client::new(fleet::Config::default()).unwrap(),
            live: Arc::new(Memory::new(Clock::default().steady())),
            edge: EdgeOptions::default(),
            edge_journal: "unused".into(),
            livekit_sip_host: None,
            timing: Timing::default(),
        };
        let services = Services::new(dependencies).await.unwrap();
        let account_id = services.store().read().await.unwrap().first_account().await.unwrap().unwrap();
        let ulid = Clock::default().ulid();
        let email = "admin@example.com".to_owned();
        let user = api_types::view::UserView { id: UserId::new(ulid), email, role: Role::Admin };
        let admin = Actor { account_id, principal: Principal::User { user, session_id: SessionId::new(ulid) } };
        let changes = services.events.subscribe();
        Server { services, admin, changes, feed: None }
    }

    async fn drop(self) {
        self.administer(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

struct Server {
    services: Services,
    admin: Actor,
    changes: Receiver<Change>,
    feed: Option<(JoinHandle<()>, CancellationToken)>,
}

impl Server {
    async fn following(mut self) -> Self {
        let stop = CancellationToken::new();
        self.feed = Some((tokio::spawn(self.services.event_feed().run(stop.clone())), stop));
        self.until_connected().await;
        self
    }

    async fn until_connected(&self) {
        let connected = async {
            while !self.services.events.is_connected() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(SOON * 5, connected).await.expect("the feed connects");
    }

    async fn create(&self, name: &str) -> String {
        let input = carrier_input(json!({"name": name, "sip_address": "sip.example.com"}));
        self.services.carriers.create(&self.admin, &input).await.unwrap().id.to_string()
    }

    async fn receives(&mut self, noun: ChangedNoun, id: &str) {
        let change = timeout(SOON, self.changes.recv()).await.expect("an event within the time").unwrap();
        assert_eq!((change.noun, change.id.as_str()), (noun, id));
    }

    fn receives_nothing_more(&mut self) {
        assert!(self.changes.try_recv().is_err());
    }

    async fn stop(&mut self) {
        let (feed, stop) = self.feed.take().expect("it runs");
        stop.cancel();
        feed.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn change_reaches_the_other_server() {
    let Some(shared) = Shared::new().await else { return };
    let (mut one, mut other) = (shared.server().await.following().await, shared.server().await.following().await);
    let id = one.create("Twilio").await;
    other.receives(ChangedNoun::Carrier, &id).await;
    one.receives(ChangedNoun::Carrier, &id).await;
    let id = other.create("Plivo").await;
    one.receives(ChangedNoun::Carrier, &id).await;
    other.receives(ChangedNoun::Carrier, &id).await;
    one.receives_nothing_more();
    other.receives_nothing_more();
    shared.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn change_on_the_server_without_the_lease_is_synced_by_the_other() {
    let Some(shared) = Shared::new().await else { return };
    let livekit = LiveKitServer::sandbox().await;
    let (writer, mut other) = (shared.server().await.following().await, shared.server().await.following().await);
    let stop = CancellationToken::new();
    let reconciler = writer.services.reconciler(livekit.client(SOON), &livekit.url());
    let running = tokio::spawn(reconciler.run(stop.clone()));
    // Idle by now: without a notification it would read its jobs 5 s later.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let id = other.create("Twilio").await;
    other.receives(ChangedNoun::Carrier, &id).await;
    let synced = timeout(SOON, other.changes.recv()).await.expect("synced within the time").unwrap();
    assert_eq!((synced.kind, synced.id), (ChangeKind::Synced, id));
    stop.cancel();
    running.await.unwrap();
    shared.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_connection_catches_up() {
    let Some(shared) = Shared::new().await else { return };
    let one = shared.server().await;
    let mut other = shared.server().await.following().await;
    for name in ["Twilio", "Plivo"] {
        assert_eq!(shared.kill_listeners().await, 1);
        let id = one.create(name).await;
        other.receives(ChangedNoun::Carrier, &id).await;
        other.until_connected().await;
    }
    shared.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_feed_catches_up_from_the_table() {
    let Some(shared) = Shared::new().await else { return };
    let one = shared.server().await;
    let mut other = shared.server().await.following().await;
    other.stop().await;
    let ids = [one.create("Twilio").await, one.create("Plivo").await];
    let mut other = other.following().await;
    for id in &ids {
        other.receives(ChangedNoun::Carrier, id).await;
    }
    shared.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pruned_event_is_published_as_all() {
    let Some(shared) = Shared::new().await else { return };
    let one = shared.server().await;
    let other = shared.server().await;
    one.create("Twilio").await;
    let mut tx = one.services.store().write().await.unwrap();
    assert_eq!(tx.prune_events(Clock::default().now().plus_millis(60_000)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let later = one.create("Plivo").await;
    let mut other = other.following().await;
    other.receives(ChangedNoun::All, "").await;
    other.receives_nothing_more();
    let id = one.create("Telnyx").await;
    other.receives(ChangedNoun::Carrier, &id).await;
    assert_ne!(id, later);
    shared.drop().await;
}
