//! A Trunkline installation under test: services, reconciler, LiveKit, fake providers and a clock that tests advance.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use api_types::{
    input::{BotInput, CarrierInput, DidInput},
    view::{BotView, CarrierView, DidView, LoginInput, UserView},
};
use domain::{CarrierId, Email, Password, Role, Secret, SessionId, SyncStatus, UserId};
use exotel_fake::Fake;
use live_state::Memory;
use livekit::{Client, Config};
use serde_json::{Value, json};
use services::{Actor, Clock, Dependencies, MasterKey, Principal, Result, Services, Timing, edge::EdgeOptions};
use store::Store;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    livekit_server::{LiveKitServer, TIMEOUT},
    postgres::PostgresDatabase,
};

/// Where most logins come from.
pub const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
pub const SIP_PASSWORD: &str = "hunter2-sip-secret";
/// Longer than the longest backoff and than a lease.
const LONG: i64 = 10 * 60_000;
/// Longer than the time for which a server relies on the lease without renewing it, in milliseconds.
const LEASE: i64 = 20_000;
/// The lease's name in the database.
const LEASE_NAME: &str = "livekit";
/// Time-out of the Exotel client.
pub const EXOTEL_TIMEOUT: Duration = Duration::from_secs(1);
/// Time-out of the fleet's client.
pub const FLEET_TIMEOUT: Duration = Duration::from_secs(1);
/// Real time after which [`World::eventually`] fails.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct World {
    pub services: Services,
    pub clock: Clock,
    pub livekit: Arc<LiveKitServer>,
    pub exotel: Arc<Fake>,
    pub twilio: Arc<twilio_fake::Fake>,
    pub vonage: Arc<vonage_fake::Fake>,
    pub admin: Actor,
    folder: Arc<TempDir>,
    database_url: String,
    /// Identifies this server for the lease.
    pub server_id: String,
    /// Another spelling of LiveKit's URL for this server's reconciler.
    pub livekit_url: Option<String>,
    /// Leading digits of this world's numbers, so that worlds can share one LiveKit.
    prefix: String,
    /// Every carrier ever created here, deleted ones included.
    pub carriers: Arc<Mutex<BTreeSet<CarrierId>>>,
    timeout: Duration,
    timing: Timing,
    drift_check_interval: Duration,
    reconciler: Option<(JoinHandle<()>, CancellationToken)>,
}

impl World {
    pub async fn new() -> Self {
        Self::with_livekit(LiveKitServer::sandbox().await).await
    }

    pub async fn with_livekit(livekit: LiveKitServer) -> Self {
        let mut world = Self::without_reconciler(livekit).await;
        world.start_reconciler();
        world
    }

    /// With a sandbox, and these times. No reconciler runs until [`Self::start_reconciler`].
    pub async fn with_timing(timing: Timing) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = sqlite_url(&folder);
        Self::with_database(url, folder, LiveKitServer::sandbox().await, timing).await
    }

    /// With a sandbox, and a lease that expires soon after its server was killed.
    pub async fn with_short_lease() -> Self {
        let mut world = Self::with_timing(Timing { lease: Duration::from_secs(3), ..quick() }).await;
        world.start_reconciler();
        world
    }

    /// With a sandbox, and that time-out in the LiveKit client.
    pub async fn with_livekit_timeout(timeout: Duration) -> Self {
        let mut world = Self::without_reconciler(LiveKitServer::sandbox().await).await;
        world.timeout = timeout;
        world.start_reconciler();
        world
    }

    /// The reconciler also checks for drift at intervals, which are shorter than [`Self::advance_past_backoff`].
    pub async fn with_drift_checks(livekit: LiveKitServer) -> Self {
        let mut world = Self::without_reconciler(livekit).await;
        world.drift_check_interval = Duration::from_secs(5 * 60);
        world.start_reconciler();
        world
    }

    /// No reconciler runs until [`Self::start_reconciler`].
    pub async fn without_reconciler(livekit: LiveKitServer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = sqlite_url(&folder);
        Self::with_database(url, folder, livekit, quick()).await
    }

    async fn with_database(database_url: String, folder: TempDir, livekit: LiveKitServer, timing: Timing) -> Self {
        static WORLDS: AtomicU32 = AtomicU32::new(0);
        let folder = Arc::new(folder);
        let clock = Clock::default();
        // 980 is an area code of the US and begins mobile numbers in India, so that both countries' forms are valid. The
        // other digits differ between worlds, and between runs on one LiveKit.
        let (run, process) = (2 + clock.now().millis() / 1000 % 8, std::process::id() % 10);
        let prefix = format!("980{run}{process}{:03}", WORLDS.fetch_add(1, Ordering::Relaxed) % 1000);
        let exotel = Arc::new(Fake::start().await);
        let twilio = Arc::new(twilio_fake::Fake::start().await);
        let vonage = Arc::new(vonage_fake::Fake::start().await);
        let addresses = Addresses {
            exotel: exotel.url(),
            twilio: twilio.url(),
            vonage: vonage.url(),
            edge_journal: folder.path().join("edge-journal"),
        };
        let services = services_with(&database_url, &clock, addresses, timing).await;
        let admin = actor(&services, Role::Admin).await;
        let carriers = Arc::default();
        let livekit = Arc::new(livekit);
        Self {
            services,
            clock,
            livekit,
            exotel,
            twilio,
            vonage,
            admin,
            folder,
            database_url,
            server_id: "first server".to_owned(),
            livekit_url: None,
            prefix,
            carriers,
            timeout: TIMEOUT,
            timing,
            drift_check_interval: Duration::ZERO,
            reconciler: None,
        }
    }

    /// A second server on the same database and the same LiveKit.
    pub async fn second_server(&self) -> Self {
        let services = services_with(&self.database_url, &self.clock, self.addresses(), self.timing).await;
        let mut second = Self {
            admin: self.admin.clone(),
            clock: self.clock.clone(),
            livekit: self.livekit.clone(),
            exotel: self.exotel.clone(),
            twilio: self.twilio.clone(),
            vonage: self.vonage.clone(),
            folder: self.folder.clone(),
            database_url: self.database_url.clone(),
            server_id: "second server".to_owned(),
            livekit_url: None,
            prefix: self.prefix.clone(),
            carriers: self.carriers.clone(),
            timeout: self.timeout,
            timing: self.timing,
            drift_check_interval: self.drift_check_interval,
            reconciler: None,
            services,
        };
        second.start_reconciler();
        second
    }

    /// Services of another server on the same database, without its workers.
    pub async fn second_services(&self) -> Services {
        services_with(&self.database_url, &self.clock, self.addresses(), self.timing).await
    }

    /// [`Self::second_services`] without `LIVEKIT_SIP_HOST`.
    pub async fn services_without_sip_host(&self) -> Services {
        let dependencies = dependencies(&self.database_url, &self.clock, self.addresses(), self.timing).await;
        Services::new(Dependencies { livekit_sip_host: None, ..dependencies }).await.unwrap()
    }

    fn addresses(&self) -> Addresses {
        Addresses {
            exotel: self.exotel.url(),
            twilio: self.twilio.url(),
            vonage: self.vonage.url(),
            edge_journal: self.folder.path().join("edge-journal"),
        }
    }

    fn livekit_client(&self) -> Client {
        match &self.livekit_url {
            None => self.livekit.client(self.timeout),
            Some(url) => {
                let config = Config { url: url.clone(), ..self.livekit.config(self.timeout) };
                Client::new(config).unwrap()
            }
        }
    }

    pub fn client(&self) -> Client {
        self.livekit.client(TIMEOUT)
    }

    pub fn start_reconciler(&mut self) {
        let stop = CancellationToken::new();
        let reconciler = self.services.reconciler(self.livekit_client(), &self.server_id);
        let reconciler = reconciler.with_drift_checks(self.drift_check_interval);
        self.reconciler = Some((tokio::spawn(reconciler.run(stop.clone())), stop));
    }

    /// As `kill -9` does: it stops at any point and keeps its lease.
    pub async fn abort_reconciler(&mut self) {
        let (task, _) = self.reconciler.take().expect("it runs");
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }

    /// [`Self::abort_reconciler`], and all backoffs are over.
    pub async fn kill_reconciler(&mut self) {
        self.abort_reconciler().await;
        self.clock.advance(LONG);
    }

    /// None where there is no PostgreSQL to try; in CI there has to be one.
    pub async fn on_postgresql() -> Option<(PostgresDatabase, Self)> {
        let database = PostgresDatabase::create().await?;
        let folder = tempfile::tempdir().unwrap();
        let mut world =
            Self::with_database(database.url.clone(), folder, LiveKitServer::sandbox().await, quick()).await;
        world.start_reconciler();
        Some((database, world))
    }

    /// Another server acquires the lease, and this one's belief in it expires.
    pub async fn lose_lease(&self) {
        self.clock.advance(LEASE);
        let mut tx = self.services.store().write().await.unwrap();
        tx.release_lease(LEASE_NAME, &self.server_id).await.unwrap();
        assert!(tx.acquire_lease(LEASE_NAME, "another server", self.timing.lease).await.unwrap());
        tx.commit().await.unwrap();
    }

    pub async fn stop_reconciler(&mut self) {
        let (task, stop) = self.reconciler.take().expect("it runs");
        stop.cancel();
        task.await.unwrap();
    }

    /// A number in E.164.
    pub fn number(&self, index: u32) -> String {
        format!("+1{}{index:02}", self.prefix)
    }

    /// [`Self::number`] with punctuation, as people write it.
    pub fn punctuated(&self, index: u32) -> String {
        let number = self.number(index);
        format!("{} ({}) {}-{}", &number[..2], &number[2..5], &number[5..8], &number[8..])
    }

    pub async fn bot(&self, name: &str) -> BotView {
        let input = bot_input(json!({"name": name, "agent_name": "concierge", "metadata": "{}"}));
        self.services.bots.create(&self.admin, &input).await.unwrap()
    }

    pub async fn update_bot(&self, bot: &BotView, change: Value) -> BotView {
        self.services.bots.update(&self.admin, &bot.id, &bot_input(change)).await.unwrap()
    }

    pub async fn delete_bot(&self, bot: &BotView) {
        self.services.bots.delete(&self.admin, &bot.id).await.unwrap();
    }

    /// A carrier whose source policy is credentials.
    pub async fn carrier(&self, name: &str) -> CarrierView {
        self.carrier_with(json!({"name": name, "auth_username": "acme", "auth_password": SIP_PASSWORD})).await
    }

    pub async fn carrier_with(&self, mut settings: Value) -> CarrierView {
        settings["sip_address"] = "sip.example.com".into();
        let carrier = self.services.carriers.create(&self.admin, &carrier_input(settings)).await.unwrap();
        self.carriers.lock().unwrap().insert(carrier.id.clone());
        carrier
    }

    pub async fn update_carrier(&self, carrier: &CarrierView, change: Value) -> CarrierView {
        self.services.carriers.update(&self.admin, &carrier.id, &carrier_input(change)).await.unwrap()
    }

    pub async fn delete_carrier(&self, carrier: &CarrierView) {
        self.services.carriers.delete(&self.admin, &carrier.id).await.unwrap();
    }

    pub async fn get_carrier(&self, carrier: &CarrierView) -> CarrierView {
        self.services.carriers.get(&self.admin, &carrier.id).await.unwrap()
    }

    /// Adds [`Self::number`] for both directions.
    pub async fn add_did(&self, carrier: &CarrierView, index: u32, bot: Option<&BotView>) -> DidView {
        self.add_did_with(carrier, json!({"number": self.number(index), "bot_id": bot.map(|bot| bot.id.as_str())}))
            .await
            .unwrap()
    }

    pub async fn add_did_with(&self, carrier: &CarrierView, settings: Value) -> Result<DidView> {
        self.services.dids.add(&self.admin, &carrier.id, &did_input(settings)).await
    }

    pub async fn assign_bot(&self, did: &DidView, bot: Option<&BotView>) {
        let change = did_input(json!({"bot_id": bot.map(|bot| bot.id.as_str())}));
        self.services.dids.update(&self.admin, &did.carrier_id, &did.id, &change).await.unwrap();
    }

    pub async fn remove_did(&self, did: &DidView) {
        self.services.dids.remove(&self.admin, &did.carrier_id, &did.id).await.unwrap();
    }

    /// Advances the clock until every failed sync is due again.
    pub fn advance_past_backoff(&self) {
        self.clock.advance(LONG);
    }

    /// Polls until `check` returns a value.
    pub async fn eventually<T>(&self, what: &str, check: impl AsyncFn() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(value) = check().await {
                return value;
            }
            assert!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until every due sync was attempted; returns how many jobs are left.
    pub async fn sync_attempts_done(&self) -> i64 {
        self.eventually("an attempt of every due sync", async || {
            let mut tx = self.services.store().read().await.unwrap();
            let due = tx.due_syncs(self.clock.now(), 1).await.unwrap();
            let backlog = tx.sync_backlog().await.unwrap();
            due.is_empty().then_some(backlog)
        })
        .await
    }

    /// The carrier's `lk_sync_error`, after an attempt that LiveKit must refuse.
    pub async fn sync_error(&self, carrier: &CarrierView) -> String {
        self.sync_failure(carrier, SyncStatus::Error).await
    }

    /// The carrier's `lk_sync_error`, after an attempt that must fail with this status.
    pub async fn sync_failure(&self, carrier: &CarrierView, status: SyncStatus) -> String {
        self.sync_attempts_done().await;
        let carrier = self.get_carrier(carrier).await;
        assert_eq!(carrier.lk_sync_status, status, "{carrier:?}");
        carrier.lk_sync_error.expect("a failure has a reason")
    }

    /// Waits until no sync is pending; failed ones are retried by advancing the clock.
    pub async fn synced(&self) {
        for _ in 0..10 {
            if self.sync_attempts_done().await == 0 {
                return;
            }
            self.advance_past_backoff();
        }
        let mut tx = self.services.store().read().await.unwrap();
        panic!("still pending: {:?}", tx.due_syncs(self.clock.now().plus_millis(LONG), 10).await);
    }

    pub async fn actor(&self, role: Role) -> Actor {
        actor(&self.services, role).await
    }

    /// Adds the row of the administrator, whom an API key needs.
    pub async fn save_admin(&self) {
        let admin = self.admin.user().expect("a user");
        let user = domain::User {
            id: admin.id.clone(),
            account_id: self.admin.account_id.clone(),
            email: admin.email.parse().unwrap(),
            password_hash: "$argon2id$".to_owned(),
            role: admin.role,
            is_active: true,
            version: 1,
        };
        let mut tx = self.services.store().write().await.unwrap();
        assert!(tx.insert_user(&user, self.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
    }

    pub async fn user(&self, email: &str, password: &str) -> UserView {
        let (email, password) = (email.parse::<Email>().unwrap(), Password::new(Secret::new(password)).unwrap());
        self.services.users.add(&email, &password, Role::Developer).await.unwrap()
    }

    /// The bytes of every file of the database.
    pub fn raw_database(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    pub fn dependencies(&self) -> (&TempDir, &Clock) {
        (&self.folder, &self.clock)
    }
}

/// Base URLs of the providers, and the folder of the edge's journal.
struct Addresses {
    edge_journal: std::path::PathBuf,
    exotel: String,
    twilio: String,
    vonage: String,
}

/// A port where nothing listens.
pub const NOWHERE: &str = "http://127.0.0.1:9";

/// Services whose providers cannot be reached.
pub async fn services(folder: &TempDir, clock: &Clock) -> Services {
    let nowhere = || NOWHERE.to_owned();
    let unreachable = Addresses {
        exotel: nowhere(),
        twilio: nowhere(),
        vonage: nowhere(),
        edge_journal: folder.path().join("edge-journal"),
    };
    services_with(&sqlite_url(folder), clock, unreachable, quick()).await
}

/// Clients of Twilio and Vonage at these addresses.
pub fn number_providers(twilio: &str, vonage: &str) -> (twilio::Client, vonage::Client) {
    let vonage = vonage::Config { url: vonage.to_owned(), timeout: EXOTEL_TIMEOUT };
    (twilio::Client::new(&twilio::Config::at(twilio, EXOTEL_TIMEOUT)).unwrap(), vonage::Client::new(&vonage).unwrap())
}

fn sqlite_url(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("trunkline.db").display())
}

/// Pauses that delay no test; the lease and the time that a person waits are those of a server.
pub fn quick() -> Timing {
    let pause = Duration::from_millis(25);
    Timing { lease_poll: pause, idle: pause, ping_interval: pause, fleet_poll: pause, ..Timing::default() }
}

async fn services_with(database_url: &str, clock: &Clock, addresses: Addresses, timing: Timing) -> Services {
    Services::new(dependencies(database_url, clock, addresses, timing).await).await.unwrap()
}

async fn dependencies(database_url: &str, clock: &Clock, addresses: Addresses, timing: Timing) -> Dependencies {
    let (twilio, vonage) = number_providers(&addresses.twilio, &addresses.vonage);
    let master_key = MasterKey::new([7; 32]);
    let store = Store::open(database_url, master_key.vault()).await.unwrap();
    Dependencies {
        store,
        master_key,
        clock: clock.clone(),
        sandbox: true,
        exotel: exotel::Client::new(exotel::Config { url: addresses.exotel, timeout: EXOTEL_TIMEOUT }).unwrap(),
        twilio,
        vonage,
        fleet: fleet::Client::new(fleet::Config {
            health: FLEET_TIMEOUT,
            dialout: FLEET_TIMEOUT,
            dispatch: FLEET_TIMEOUT,
        })
        .unwrap(),
        live: Arc::new(Memory::new(clock.steady())),
        edge: EdgeOptions::default(),
        edge_journal: addresses.edge_journal,
        livekit_sip_host: Some("sip.example.com".parse().unwrap()),
        timing,
    }
}

/// An actor with that role, without a login.
pub async fn actor(services: &Services, role: Role) -> Actor {
    let account_id =
        services.store().read().await.unwrap().first_account().await.unwrap().expect("created by the first start");
    let ulid = Clock::default().ulid();
    let user = UserView { id: UserId::new(ulid), email: format!("{}@example.com", role.as_str()), role };
    Actor { account_id, principal: Principal::User { user, session_id: SessionId::new(ulid) } }
}

pub fn carrier_input(settings: Value) -> CarrierInput {
    serde_json::from_value(settings).unwrap()
}

pub fn did_input(settings: Value) -> DidInput {
    serde_json::from_value(settings).unwrap()
}

pub fn bot_input(settings: Value) -> BotInput {
    serde_json::from_value(settings).unwrap()
}

pub fn login(email: &str, password: &str) -> LoginInput {
    LoginInput { email: email.into(), password: Secret::new(password) }
}
