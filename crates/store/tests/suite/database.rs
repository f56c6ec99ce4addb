//! A database for each test.

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
    /// Deleted with this value; None where this is PostgreSQL.
    folder: Option<TempDir>,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("trunkline.db").display());
        Self { url, folder: Some(folder) }
    }

    /// None, with a message, where there is no server; CI has to have one.
    pub async fn postgresql() -> Option<Self> {
        let Ok(server) = env::var("TEST_POSTGRES_URL") else {
            assert!(env::var("CI").is_err(), "TEST_POSTGRES_URL is not set: run the tests with scripts/with-postgres");
            static ONCE: Once = Once::new();
            ONCE.call_once(|| {
                // To the terminal: the test harness captures what passing tests print.
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

    /// A connection that does not go through the store.
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
        let server = env::var("TEST_POSTGRES_URL").expect("the database was created there");
        let (_, name) = self.url.rsplit_once('/').expect("a URL that names a database");
        administer(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

/// A random number, from the standard library's hasher.
fn rand() -> u128 {
    use std::hash::{BuildHasher, RandomState};
    u128::from(RandomState::new().hash_one(std::process::id()))
}

async fn administer(server: &str, sql: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
}

/// Opening brings the schema up to date; a second time it changes nothing.
async fn reopened_database_keeps_its_rows(database: &Database) {
    let store = database.open().await;
    let account = crate::rows::account(&store).await;
    let carrier = crate::rows::saved_carrier(&store, &account, "Twilio").await;
    store.close().await;
    let store = database.open().await;
    let found = store.read().await.unwrap().carrier(&account, &carrier.id).await.unwrap().unwrap();
    assert_eq!(found.settings, carrier.settings);
}

async fn two_servers_start_on_a_new_database(database: &Database) {
    if database.is_sqlite() {
        // SQLite serves one server.
        return;
    }
    let (one, other) = tokio::join!(database.open(), database.open());
    one.ping().await.unwrap();
    other.ping().await.unwrap();
}

async fn dropped_transaction_is_rolled_back(database: &Database) {
    let store = database.open().await;
    let account = crate::rows::account(&store).await;
    let mut tx = store.write().await.unwrap();
    tx.insert_carrier(&crate::rows::carrier(&account, "Twilio")).await.unwrap();
    drop(tx);
    assert_eq!(database.count("carriers").await, 0);
    assert_eq!(store.read().await.unwrap().totals(&account).await.unwrap().carriers, 0);
}

async fn backup_has_the_same_rows(database: &Database) {
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
    reopened_database_keeps_its_rows
    two_servers_start_on_a_new_database
    dropped_transaction_is_rolled_back
    backup_has_the_same_rows
}
