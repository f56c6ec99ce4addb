//! The database, and a transaction on it.

use std::{path::Path, time::Duration};

use sqlx::{
    Any, AnyConnection, AnyPool, Executor, Transaction,
    any::{AnyPoolOptions, install_default_drivers},
};

use crate::{Result, Vault, migrations::migrator};

#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    sqlite: bool,
    vault: Vault,
}

/// All that is read or changed within one consistent moment. `impl` blocks stand with their nouns.
pub struct Tx {
    inner: Transaction<'static, Any>,
    pub(crate) vault: Vault,
}

impl Store {
    /// Opens `sqlite://path` (made if it is missing) or `postgres://…`, and brings the schema up to date.
    pub async fn open(url: &str, vault: Vault) -> Result<Self> {
        install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        let address = if sqlite && !url.contains('?') { format!("{url}?mode=rwc") } else { url.to_owned() };
        let pool = AnyPoolOptions::new()
            .max_connections(if sqlite { 8 } else { 16 })
            .acquire_timeout(Duration::from_secs(20))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if sqlite {
                        // WAL lets readers go on beside the one writer; the time-out is what writers wait for each other.
                        let pragmas =
                            "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 15000;";
                        connection.execute(pragmas).await?;
                    }
                    Ok(())
                })
            })
            .connect(&address)
            .await?;
        migrator().run(&pool).await?;
        Ok(Self { pool, sqlite, vault })
    }

    /// For looking only.
    pub async fn read(&self) -> Result<Tx> {
        Ok(Tx { inner: self.pool.begin().await?, vault: self.vault.clone() })
    }

    /// For changing; one at a time. SQLite takes the write lock at once: a transaction that asked for it half-way could be
    /// refused. On PostgreSQL the accounts' table is the lock: each change reaches their totals anyway, and transactions that
    /// locked rows in different orders could stop each other (a number is added while its carrier's sync ends).
    pub async fn write(&self) -> Result<Tx> {
        let inner = if self.sqlite {
            self.pool.begin_with("BEGIN IMMEDIATE").await?
        } else {
            let mut inner = self.pool.begin().await?;
            inner.execute("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE").await?;
            inner
        };
        Ok(Tx { inner, vault: self.vault.clone() })
    }

    /// Answers whether the database does.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// A consistent copy of an SQLite database, made while the server runs. False: this is PostgreSQL, which has pg_dump.
    pub async fn backup(&self, target: &Path) -> Result<bool> {
        if !self.sqlite {
            return Ok(false);
        }
        sqlx::query("VACUUM INTO $1").bind(target.to_string_lossy().into_owned()).execute(&self.pool).await?;
        Ok(true)
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Tx {
    pub async fn commit(self) -> Result<()> {
        Ok(self.inner.commit().await?)
    }

    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }
}
