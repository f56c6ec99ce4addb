//! The database: opening, transactions, health check, backup.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection as _, Database, Pool, Postgres, Sqlite, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use tokio::time::timeout;

use crate::{
    Error, Result, Vault,
    error::timed_out,
    postgres, sqlite,
    statement::statements,
    tx::{Active, Connection, Tx, execute, fetch},
};

/// How long [`Store::close`] waits for transactions that are still open.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);
/// How long [`Store::ping`] may take.
const PING_LIMIT: Duration = Duration::from_millis(1_800);

/// The database of one installation. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    vault: Vault,
    /// The last write failed because the database was not available.
    suspect: Arc<AtomicBool>,
}

#[derive(Clone)]
enum Pools {
    Sqlite { pair: Pair<Sqlite>, options: Box<SqliteConnectOptions> },
    Postgres(Pair<Postgres>),
}

/// Readers have connections of their own, so that a queue of writers does not keep a page from being shown.
pub(crate) struct Pair<DB: Database> {
    pub writers: Pool<DB>,
    pub readers: Pool<DB>,
}

impl<DB: Database> Clone for Pair<DB> {
    fn clone(&self) -> Self {
        Self { writers: self.writers.clone(), readers: self.readers.clone() }
    }
}

impl<DB: Database> Pair<DB> {
    /// The last writer folds SQLite's write-ahead log into the database, so that it is closed after the readers.
    async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// SQLite alone.
const BACKUP: &str = "VACUUM INTO $1";

statements! {
    READ_CHECK = "SELECT value FROM settings WHERE name = 'write_check'";
    WRITE_CHECK = "INSERT INTO settings (name, value) VALUES ('write_check', $1) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    WRITE_CHECK_END = "DELETE FROM settings WHERE name = 'write_check'";
}

impl Store {
    /// Opens `sqlite://path` (the file is created if it is missing) or `postgres://…`, and brings the schema up to date.
    /// Waits up to 20 s for a PostgreSQL server that is starting up.
    ///
    /// # Errors
    /// [`Error::Database`] for a URL that is neither, [`Error::Unavailable`] where the database cannot be reached,
    /// [`Error::Migration`] where its schema is newer than this program.
    pub async fn open(url: &str, vault: Vault) -> Result<Self> {
        let pools = if url.starts_with("sqlite:") {
            let (pair, options) = sqlite::open(url).await?;
            Pools::Sqlite { pair, options: Box::new(options) }
        } else {
            Pools::Postgres(postgres::open(url).await?)
        };
        Ok(Self { pools, vault, suspect: Arc::default() })
    }

    /// A snapshot for reading: every statement sees the same state.
    ///
    /// # Errors
    /// [`Error::Unavailable`] within 2 s where no connection can be had.
    pub async fn read(&self) -> Result<Tx> {
        let connection = match &self.pools {
            Pools::Sqlite { pair, .. } => Connection::Sqlite(Active::begin(&pair.readers, "BEGIN", None).await?),
            Pools::Postgres(pair) => Connection::Postgres(postgres::read(&pair.readers).await?),
        };
        Ok(self.tx(connection))
    }

    /// A transaction for changes. Those of one database execute one after another: SQLite has one writer connection, and
    /// on PostgreSQL each locks the account's row first, so that no two lock rows in different orders.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the transactions ahead did not end in time (2 s on PostgreSQL, 5 s on SQLite).
    pub async fn write(&self) -> Result<Tx> {
        let suspect = Some(self.suspect.clone());
        let connection = match &self.pools {
            Pools::Sqlite { pair, .. } => {
                Connection::Sqlite(Active::begin(&pair.writers, "BEGIN IMMEDIATE", suspect).await?)
            }
            Pools::Postgres(pair) => Connection::Postgres(postgres::write(&pair.writers, suspect).await?),
        };
        Ok(self.tx(connection))
    }

    /// Whether the database answers and accepts writes. Cheap enough for a health check every second.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::ReadOnly`], within 2 s.
    pub async fn ping(&self) -> Result<()> {
        timeout(PING_LIMIT, self.check_writing())
            .await
            .unwrap_or_else(|elapsed| timed_out(elapsed).map_err(Error::from))
    }

    async fn check_writing(&self) -> Result<()> {
        let connection = match &self.pools {
            Pools::Sqlite { pair, .. } => {
                Connection::Sqlite(Active::begin(&pair.writers, "BEGIN IMMEDIATE", None).await?)
            }
            Pools::Postgres(pair) => Connection::Postgres(postgres::check(&pair.writers).await?),
        };
        let mut tx = self.tx(connection);
        if !self.suspect.load(Ordering::Relaxed) {
            fetch!(tx, connection => sqlx::query_scalar::<_, String>(READ_CHECK).fetch_optional(connection))?;
            return Ok(());
        }
        // A full disk shows only where space is asked for: more than one page, and up to the commit.
        execute!(tx, sqlx::query(WRITE_CHECK).bind("0".repeat(64 * 1024)))?;
        execute!(tx, sqlx::query(WRITE_CHECK_END))?;
        tx.commit().await?;
        self.suspect.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// A consistent copy of an SQLite database, made while the server runs. False where this is PostgreSQL, which has
    /// `pg_dump`.
    ///
    /// # Errors
    /// [`Error::Database`] where `target` exists.
    pub async fn backup(&self, target: &Path) -> Result<bool> {
        let Pools::Sqlite { options, .. } = &self.pools else { return Ok(false) };
        // On a connection of its own, since a long copy must not keep others waiting.
        let mut connection = options.connect().await?;
        sqlx::query(BACKUP).bind(target.to_string_lossy().into_owned()).execute(&mut connection).await?;
        connection.close().await?;
        Ok(true)
    }

    /// Closes the connections. Transactions that are still open have 5 s to end; after that their connections are lost
    /// with the process.
    pub async fn close(&self) {
        let close = async {
            match &self.pools {
                Pools::Sqlite { pair, .. } => pair.close().await,
                Pools::Postgres(pair) => pair.close().await,
            }
        };
        // There is nothing left to do where the limit has passed.
        let _ = timeout(CLOSE_LIMIT, close).await;
    }

    /// How to connect to the server; None where this is SQLite.
    pub(crate) fn postgres_options(&self) -> Option<PgConnectOptions> {
        match &self.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres(pair) => Some(pair.readers.connect_options().as_ref().clone()),
        }
    }

    /// Several servers may share the database: it is PostgreSQL's.
    pub fn is_shared(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }

    fn tx(&self, connection: Connection) -> Tx {
        Tx { connection, vault: self.vault.clone() }
    }
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, Timestamp};
    use sqlx::{Executor, SqliteConnection};
    use tempfile::TempDir;

    use super::*;

    async fn open() -> (TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("trunkline.db").display());
        let store = Store::open(&url, Vault::new(&[7; 32])).await.unwrap();
        (folder, store)
    }

    /// On the one connection that writes.
    async fn limit_pages(store: &Store, pragma: &'static str) {
        let Pools::Sqlite { pair, .. } = &store.pools else { unreachable!("opened as SQLite") };
        pair.writers.acquire().await.unwrap().execute(pragma).await.unwrap();
    }

    fn raw(tx: &mut Tx) -> &mut SqliteConnection {
        let Connection::Sqlite(active) = &mut tx.connection else { unreachable!("opened as SQLite") };
        active.start()
    }

    async fn write(store: &Store, value: &str) -> Result<()> {
        let mut tx = store.write().await?;
        tx.set_setting("test", value).await?;
        tx.commit().await
    }

    #[tokio::test]
    async fn full_disk_is_unavailable_until_there_is_space_again() {
        let (_folder, store) = open().await;
        limit_pages(&store, "PRAGMA max_page_count = 1").await;
        assert!(write(&store, &"x".repeat(1024 * 1024)).await.unwrap_err().is_unavailable());
        // The limit belongs to a connection, and the store may have closed that one.
        limit_pages(&store, "PRAGMA max_page_count = 1").await;
        assert!(store.ping().await.unwrap_err().is_unavailable());
        limit_pages(&store, "PRAGMA max_page_count = 1000000").await;
        store.ping().await.unwrap();
        write(&store, &"x".repeat(1024 * 1024)).await.unwrap();
    }

    /// SQLite itself rolls back after some errors, so that the store's own rollback or commit fails.
    #[tokio::test]
    async fn connection_whose_rollback_fails_is_closed() {
        let (_folder, store) = open().await;
        let mut tx = store.write().await.unwrap();
        raw(&mut tx).execute("ROLLBACK").await.unwrap();
        raw(&mut tx).execute("PRAGMA max_page_count = 1").await.unwrap();
        let Connection::Sqlite(active) = &mut tx.connection else { unreachable!("opened as SQLite") };
        active.finish(Ok(())).unwrap();
        drop(tx);
        // On a new connection, which has no limit.
        write(&store, &"x".repeat(1024 * 1024)).await.unwrap();
    }

    #[tokio::test]
    async fn connection_whose_commit_fails_is_closed() {
        let (_folder, store) = open().await;
        let mut tx = store.write().await.unwrap();
        raw(&mut tx).execute("ROLLBACK").await.unwrap();
        raw(&mut tx).execute("PRAGMA max_page_count = 1").await.unwrap();
        assert!(matches!(tx.commit().await, Err(Error::Database(_))));
        write(&store, &"x".repeat(1024 * 1024)).await.unwrap();
    }

    #[tokio::test]
    async fn connection_with_an_interrupted_statement_is_closed() {
        let (_folder, store) = open().await;
        let mut tx = store.write().await.unwrap();
        raw(&mut tx).execute("PRAGMA max_page_count = 1").await.unwrap();
        // Begun, and never finished.
        raw(&mut tx);
        drop(tx);
        write(&store, &"x".repeat(1024 * 1024)).await.unwrap();
    }

    #[tokio::test]
    async fn writers_queue_in_order_and_readers_do_not_wait() {
        let (_folder, store) = open().await;
        let first = store.write().await.unwrap();
        let queued: Vec<_> = (0..20)
            .map(|number: usize| {
                let store = store.clone();
                async move {
                    let mut tx = store.write().await.unwrap();
                    let line = tx.setting("test").await.unwrap().unwrap_or_default() + &format!("{number} ");
                    tx.set_setting("test", &line).await.unwrap();
                    tx.commit().await.unwrap();
                }
            })
            .map(tokio::spawn)
            .collect();
        assert_eq!(store.read().await.unwrap().setting("test").await.unwrap(), None);
        drop(first);
        for task in queued {
            task.await.unwrap();
        }
        let line = store.read().await.unwrap().setting("test").await.unwrap().unwrap();
        let expected: String = (0..20).map(|number| format!("{number} ")).collect();
        assert_eq!(line, expected);
    }

    #[tokio::test]
    async fn read_cannot_write() {
        let (_folder, store) = open().await;
        let mut tx = store.read().await.unwrap();
        let account = AccountId::new(ulid::Ulid::from_parts(0, 1));
        assert!(tx.insert_account(&account, "Main", Timestamp::from_millis(0)).await.is_err());
    }
}
