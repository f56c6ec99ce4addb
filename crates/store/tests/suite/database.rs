//! A database of a test's own.

use std::{
    env,
    io::{Write, stderr},
    sync::Once,
};

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use store::{Store, Vault};
use tempfile::TempDir;
use ulid::Ulid;

pub const KEY: [u8; 32] = [7; 32];

pub struct Database {
    pub url: String,
    /// Kept so that it stays; None where this is PostgreSQL.
    folder: Option<TempDir>,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("trunkline.db").display());
        Self { url, folder: Some(folder) }
    }

    /// None, and said so, where there is no server to try; in CI there has to be one.
    pub async fn postgresql() -> Option<Self> {
        let Ok(server) = env::var("TEST_POSTGRES_URL") else {
            assert!(env::var("CI").is_err(), "TEST_POSTGRES_URL is not set: run the tests with scripts/with-postgres");
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                // Straight to the terminal: the test harness keeps what passing tests print.
                let _ =
                    writeln!(stderr(), "SKIPPED: the store on PostgreSQL; run the tests with scripts/with-postgres");
            });
            return None;
        };
        let name = format!("trunkline_{}", Ulid::from_parts(0, rand()).to_string().to_lowercase());
        administer(&server, &format!("CREATE DATABASE {name}")).await;
        let (base, _) = server.rsplit_once('/').expect("a URL that names a database");
        Some(Self { url: format!("{base}/{name}"), folder: None })
    }

    pub fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }

    pub async fn open(&self) -> Store {
        self.open_with(KEY).await
    }

    pub async fn open_with(&self, key: [u8; 32]) -> Store {
        Store::open(&self.url, Vault::new(&key)).await.unwrap()
    }

    /// Past the store, as somebody with the database's own tools.
    pub async fn raw(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        AnyConnection::connect(&self.url).await.unwrap()
    }

    pub async fn count(&self, from: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) AS count FROM {from}");
        sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut self.raw().await).await.unwrap().get("count")
    }

    /// One nullable text.
    pub async fn text(&self, sql: &str) -> Option<String> {
        sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.raw().await).await.unwrap().get(0)
    }

    pub async fn run(&self, sql: &str) {
        self.raw().await.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    }

    pub async fn drop(self) {
        let server = env::var("TEST_POSTGRES_URL").expect("it was there a moment ago");
        let (_, name) = self.url.rsplit_once('/').expect("made above");
        administer(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

/// Unlike any other test's, without a random source of our own.
fn rand() -> u128 {
    use std::hash::{BuildHasher, RandomState};
    u128::from(RandomState::new().hash_one(std::process::id()))
}

async fn administer(server: &str, sql: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
}

/// Opening brings the schema up to date; done a second time it changes nothing and loses nothing.
async fn a_database_that_is_opened_again_keeps_its_rows(database: &Database) {
    let store = database.open().await;
    let account = crate::rows::account(&store).await;
    let carrier = crate::rows::saved_carrier(&store, &account, "Twilio").await;
    store.close().await;
    let store = database.open().await;
    let found = store.read().await.unwrap().carrier(&account, &carrier.id).await.unwrap().unwrap();
    assert_eq!(found.settings, carrier.settings);
}

async fn two_servers_start_on_one_new_database(database: &Database) {
    if database.is_sqlite() {
        // One server is all that SQLite serves.
        return;
    }
    let (one, other) = tokio::join!(database.open(), database.open());
    one.ping().await.unwrap();
    other.ping().await.unwrap();
}

async fn a_transaction_that_is_dropped_has_not_happened(database: &Database) {
    let store = database.open().await;
    let account = crate::rows::account(&store).await;
    let mut tx = store.write().await.unwrap();
    tx.insert_carrier(&crate::rows::carrier(&account, "Twilio")).await.unwrap();
    drop(tx);
    assert_eq!(database.count("carriers").await, 0);
    assert_eq!(store.read().await.unwrap().totals(&account).await.unwrap().carriers, 0);
}

async fn a_backup_is_a_database_with_the_same_rows(database: &Database) {
    let store = database.open().await;
    let account = crate::rows::account(&store).await;
    let carrier = crate::rows::saved_carrier(&store, &account, "Twilio").await;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("it's a backup.db");
    assert_eq!(store.backup(&target).await.unwrap(), database.is_sqlite());
    if database.is_sqlite() {
        let copy = Store::open(&format!("sqlite://{}", target.display()), Vault::new(&KEY)).await.unwrap();
        let found = copy.read().await.unwrap().carrier(&account, &carrier.id).await.unwrap().unwrap();
        assert_eq!(found.settings, carrier.settings);
        assert!(store.backup(&target).await.is_err(), "a backup was written over");
    }
}

crate::on_both! {
    a_database_that_is_opened_again_keeps_its_rows
    two_servers_start_on_one_new_database
    a_transaction_that_is_dropped_has_not_happened
    a_backup_is_a_database_with_the_same_rows
}
