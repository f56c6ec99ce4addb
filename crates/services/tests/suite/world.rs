//! An installation with its reconciler and its LiveKit, told in an operator's verbs.

use std::{
    collections::BTreeSet,
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
use exotel::fake::Fake;
use livekit::Client;
use serde_json::{Value, json};
use services::{Actor, Clock, Dependencies, MasterKey, Result, Services};
use store::Store;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::livekit_server::{LiveKitServer, TIMEOUT};

pub const SIP_PASSWORD: &str = "hunter2-sip-secret";
/// Longer than the longest backoff and than a lease.
const LONG: i64 = 10 * 60_000;
/// As long as a server holds the lease without renewing it, or a little longer.
const LEASE: i64 = 20_000;
/// Exotel's answers are awaited for so long.
pub const EXOTEL_TIMEOUT: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(30);

pub struct World {
    pub services: Services,
    pub clock: Clock,
    pub livekit: Arc<LiveKitServer>,
    pub exotel: Arc<Fake>,
    pub admin: Actor,
    folder: Arc<TempDir>,
    /// First digits of all of its numbers, unlike any other world's.
    prefix: String,
    /// All carriers that there ever were.
    pub carriers: Arc<Mutex<BTreeSet<CarrierId>>>,
    timeout: Duration,
    look_every: Duration,
    reconciler: Option<(JoinHandle<()>, CancellationToken)>,
}

impl World {
    pub async fn new() -> Self {
        Self::with(LiveKitServer::sandbox().await).await
    }

    pub async fn with(livekit: LiveKitServer) -> Self {
        let mut world = Self::idle(livekit).await;
        world.start_reconciler();
        world
    }

    /// A LiveKit whose answers are awaited for so long only.
    pub async fn impatient(timeout: Duration) -> Self {
        let mut world = Self::idle(LiveKitServer::sandbox().await).await;
        world.timeout = timeout;
        world.start_reconciler();
        world
    }

    /// The reconciler also looks by itself whether LiveKit is in step, more often than time passes here.
    pub async fn watching(livekit: LiveKitServer) -> Self {
        let mut world = Self::idle(livekit).await;
        world.look_every = Duration::from_secs(5 * 60);
        world.start_reconciler();
        world
    }

    /// Nobody carries anything over yet.
    pub async fn idle(livekit: LiveKitServer) -> Self {
        static WORLDS: AtomicU32 = AtomicU32::new(0);
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let clock = Clock::default();
        let run = clock.now().millis() / 1000 % 10_000;
        let prefix =
            format!("{run:04}{:02}{:02}", std::process::id() % 100, WORLDS.fetch_add(1, Ordering::Relaxed) % 100);
        let exotel = Arc::new(Fake::start().await);
        let services = services_with(&folder, &clock, exotel.config(EXOTEL_TIMEOUT)).await;
        let admin = actor(&services, Role::Admin).await;
        let carriers = Arc::default();
        let livekit = Arc::new(livekit);
        Self {
            services,
            clock,
            livekit,
            exotel,
            admin,
            folder,
            prefix,
            carriers,
            timeout: TIMEOUT,
            look_every: Duration::ZERO,
            reconciler: None,
        }
    }

    /// A second server on the same database and the same LiveKit.
    pub async fn second_server(&self) -> Self {
        let services = services_with(&self.folder, &self.clock, self.exotel.config(EXOTEL_TIMEOUT)).await;
        let mut second = Self {
            admin: self.admin.clone(),
            clock: self.clock.clone(),
            livekit: self.livekit.clone(),
            exotel: self.exotel.clone(),
            folder: self.folder.clone(),
            prefix: self.prefix.clone(),
            carriers: self.carriers.clone(),
            timeout: self.timeout,
            look_every: self.look_every,
            reconciler: None,
            services,
        };
        second.start_reconciler();
        second
    }

    pub fn client(&self) -> Client {
        self.livekit.client(TIMEOUT)
    }

    pub fn start_reconciler(&mut self) {
        let stop = CancellationToken::new();
        let reconciler = self.services.reconciler(self.livekit.client(self.timeout), &self.livekit.url());
        let reconciler = reconciler.with_drift_checks(self.look_every);
        self.reconciler = Some((tokio::spawn(reconciler.run(stop.clone())), stop));
    }

    /// As by `kill -9`: in the middle of whatever it does, and its lease stays behind.
    pub async fn kill_reconciler(&mut self) {
        let (task, _) = self.reconciler.take().expect("it runs");
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        self.clock.advance(LONG);
    }

    /// Another server takes the lease, as if this one had been away for too long.
    pub async fn lose_lease(&self) {
        self.clock.advance(LEASE);
        let (now, name) = (self.clock.now(), format!("livekit {}", self.livekit.url()));
        let mut tx = self.services.store().write().await.unwrap();
        assert!(tx.acquire_lease(&name, "another server", now, now.plus_millis(LEASE)).await.unwrap());
        tx.commit().await.unwrap();
    }

    pub async fn stop_reconciler(&mut self) {
        let (task, stop) = self.reconciler.take().expect("it runs");
        stop.cancel();
        task.await.unwrap();
    }

    /// A number in its international form.
    pub fn number(&self, index: u32) -> String {
        format!("+1{}{index:02}", self.prefix)
    }

    /// As people write it.
    pub fn punctuated(&self, index: u32) -> String {
        let number = self.number(index);
        format!("{} ({}) {}-{}", &number[..2], &number[2..5], &number[5..8], &number[8..])
    }

    pub async fn bot(&self, name: &str) -> BotView {
        let input = bot_input(json!({"name": name, "agent_name": "concierge", "metadata": "{}"}));
        self.services.bots.create(&self.admin, &input).await.unwrap()
    }

    pub async fn edit_bot(&self, bot: &BotView, change: Value) -> BotView {
        self.services.bots.update(&self.admin, &bot.id, &bot_input(change)).await.unwrap()
    }

    pub async fn delete_bot(&self, bot: &BotView) {
        self.services.bots.delete(&self.admin, &bot.id).await.unwrap();
    }

    /// Guarded by credentials.
    pub async fn carrier(&self, name: &str) -> CarrierView {
        self.carrier_with(json!({"name": name, "auth_username": "acme", "auth_password": SIP_PASSWORD})).await
    }

    pub async fn carrier_with(&self, mut settings: Value) -> CarrierView {
        settings["sip_address"] = "sip.example.com".into();
        let carrier = self.services.carriers.create(&self.admin, &carrier_input(settings)).await.unwrap();
        self.carriers.lock().unwrap().insert(carrier.id.clone());
        carrier
    }

    pub async fn edit(&self, carrier: &CarrierView, change: Value) -> CarrierView {
        self.services.carriers.update(&self.admin, &carrier.id, &carrier_input(change)).await.unwrap()
    }

    pub async fn delete(&self, carrier: &CarrierView) {
        self.services.carriers.delete(&self.admin, &carrier.id).await.unwrap();
    }

    pub async fn look(&self, carrier: &CarrierView) -> CarrierView {
        self.services.carriers.get(&self.admin, &carrier.id).await.unwrap()
    }

    /// The number with that index, rings and dials.
    pub async fn add(&self, carrier: &CarrierView, index: u32, bot: Option<&BotView>) -> DidView {
        self.add_with(carrier, json!({"number": self.number(index), "bot_id": bot.map(|bot| bot.id.as_str())}))
            .await
            .unwrap()
    }

    pub async fn add_with(&self, carrier: &CarrierView, settings: Value) -> Result<DidView> {
        self.services.dids.add(&self.admin, &carrier.id, &did_input(settings)).await
    }

    pub async fn assign(&self, did: &DidView, bot: Option<&BotView>) {
        let change = did_input(json!({"bot_id": bot.map(|bot| bot.id.as_str())}));
        self.services.dids.update(&self.admin, &did.carrier_id, &did.id, &change).await.unwrap();
    }

    pub async fn remove(&self, did: &DidView) {
        self.services.dids.remove(&self.admin, &did.carrier_id, &did.id).await.unwrap();
    }

    /// Rings the reconciler's bell, as any change does.
    pub async fn nudge(&self) {
        let passer_by = self.bot("Passer-by").await;
        self.delete_bot(&passer_by).await;
    }

    /// Lets all that waits for its next try be due.
    pub async fn time_passes(&self) {
        self.clock.advance(LONG);
        self.nudge().await;
    }

    /// Looks again and again until there is something to see.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            assert!(Instant::now() < deadline, "{what} did not come about");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until every task was tried, and says how many are left.
    pub async fn tried(&self) -> i64 {
        self.until("a try of every task", async || {
            let mut tx = self.services.store().read().await.unwrap();
            let due = tx.due_syncs(self.clock.now(), 1).await.unwrap();
            let backlog = tx.sync_backlog().await.unwrap();
            due.is_empty().then_some(backlog)
        })
        .await
    }

    /// Why the carrier's sync failed.
    pub async fn failure(&self, carrier: &CarrierView) -> String {
        self.tried().await;
        let carrier = self.look(carrier).await;
        assert_eq!(carrier.lk_sync_status, SyncStatus::Error, "{carrier:?}");
        carrier.lk_sync_error.expect("an error says why")
    }

    /// Lets the reconciler work, and time pass where it has failed, until nothing is left to do.
    pub async fn carried_over(&self) {
        for _ in 0..10 {
            if self.tried().await == 0 {
                return;
            }
            self.time_passes().await;
        }
        let mut tx = self.services.store().read().await.unwrap();
        panic!("still behind: {:?}", tx.due_syncs(self.clock.now().plus_millis(LONG), 10).await);
    }

    pub async fn actor(&self, role: Role) -> Actor {
        actor(&self.services, role).await
    }

    pub async fn user(&self, email: &str, password: &str) -> UserView {
        let (email, password) = (email.parse::<Email>().unwrap(), Password::new(Secret::new(password)).unwrap());
        self.services.users.add(&email, &password, Role::Developer).await.unwrap()
    }

    /// All that SQLite has on disk.
    pub fn raw_database(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    pub fn dependencies(&self) -> (&TempDir, &Clock) {
        (&self.folder, &self.clock)
    }
}

/// With an Exotel that nobody asks.
pub async fn services(folder: &TempDir, clock: &Clock) -> Services {
    let nowhere = exotel::Config { url: "http://127.0.0.1:9".to_owned(), timeout: EXOTEL_TIMEOUT };
    services_with(folder, clock, nowhere).await
}

async fn services_with(folder: &TempDir, clock: &Clock, exotel: exotel::Config) -> Services {
    let master_key = MasterKey::new([7; 32]);
    let url = format!("sqlite://{}", folder.path().join("trunkline.db").display());
    let store = Store::open(&url, master_key.vault()).await.unwrap();
    let dependencies = Dependencies {
        store,
        master_key,
        clock: clock.clone(),
        sandbox: true,
        exotel: exotel::Client::new(exotel).unwrap(),
        livekit_sip_host: Some("sip.example.com".parse().unwrap()),
    };
    Services::new(dependencies).await.unwrap()
}

/// Somebody with that role, who need not log in.
async fn actor(services: &Services, role: Role) -> Actor {
    let account_id =
        services.store().read().await.unwrap().first_account().await.unwrap().expect("the first start made it");
    let ulid = Clock::default().ulid();
    let user = UserView { id: UserId::new(ulid), email: format!("{}@example.com", role.as_str()), role };
    Actor { account_id, user, session_id: SessionId::new(ulid) }
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
