//! How PostgreSQL is opened, and how its transactions begin.

use std::{
    str::FromStr,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use sqlx::{
    PgPool, Postgres,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;

use crate::{
    Error, Result,
    error::timed_out,
    migrations::migrator,
    store::Pair,
    tx::{Active, limited},
};

const CONNECTIONS: u32 = 8;
/// How long a transaction may wait to begin: for a connection, for BEGIN, and for the account's lock.
const BEGIN_LIMIT: Duration = Duration::from_millis(1_800);
/// How long the start waits for a server that is starting up.
const START_LIMIT: Duration = Duration::from_secs(20);

/// Limits that the server applies to every session, in milliseconds unless the name says otherwise (PostgreSQL 19.3 and
/// 19.11). Those that DATABASE_URL sets itself, with `options[name]=value`, stay.
const SESSION: [(&str, &str); 7] = [
    // A session that stopped in the middle of a transaction loses it, and its locks with it.
    ("idle_in_transaction_session_timeout", "5000"),
    ("lock_timeout", "1500"),
    ("statement_timeout", "10000"),
    // A client that vanished without a word. The first two in seconds.
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "20000"),
];

/// The same order in every transaction; `NO KEY`, so that a foreign key's check does not wait.
const LOCK_ACCOUNTS: &str = "SELECT id FROM accounts ORDER BY id FOR NO KEY UPDATE";
/// At the first start there is no row to lock yet. The number is arbitrary, and used for nothing else in this database.
const LOCK_FIRST_START: &str = "SELECT pg_advisory_xact_lock(7241903)";
const IS_READ_ONLY: &str = "SELECT current_setting('transaction_read_only') = 'on'";

#[cfg(test)]
pub(crate) const STATEMENTS: &[(&str, &str)] =
    &[("LOCK_ACCOUNTS", LOCK_ACCOUNTS), ("LOCK_FIRST_START", LOCK_FIRST_START), ("IS_READ_ONLY", IS_READ_ONLY)];

/// Opens the database and brings its schema up to date.
pub(crate) async fn open(url: &str) -> Result<Pair<Postgres>> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        let remedy = "DATABASE_URL begins with neither sqlite:// nor postgres://";
        return Err(sqlx::Error::Configuration(remedy.into()).into());
    }
    let options = PgConnectOptions::from_str(url)?;
    migrate(&options).await?;
    let given = options.get_options().unwrap_or_default().to_owned();
    let limits = SESSION.into_iter().filter(|(name, _)| !given.contains(name));
    let options = options.options(limits);
    let pool = || {
        PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(BEGIN_LIMIT)
            .connect_lazy_with(options.clone())
    };
    Ok(Pair { writers: pool(), readers: pool() })
}

/// On a connection without time limits: a migration takes as long as the table is large.
async fn migrate(options: &PgConnectOptions) -> Result<()> {
    let pool =
        PgPoolOptions::new().max_connections(1).acquire_timeout(START_LIMIT).connect_with(options.clone()).await?;
    migrator().run(&pool).await?;
    pool.close().await;
    Ok(())
}

pub(crate) async fn read(pool: &PgPool) -> sqlx::Result<Active<Postgres>> {
    begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", None).await
}

pub(crate) async fn write(pool: &PgPool, suspect: Option<Arc<AtomicBool>>) -> Result<Active<Postgres>> {
    let locked = async {
        let mut active = begin(pool, "BEGIN", suspect).await?;
        if lock_accounts(&mut active).await? == 0 {
            let first = limited(sqlx::query(LOCK_FIRST_START).execute(active.start())).await;
            active.finish(first)?;
            lock_accounts(&mut active).await?;
        }
        Ok(active)
    };
    timeout(BEGIN_LIMIT, locked).await.unwrap_or_else(|elapsed| timed_out(elapsed).map_err(Error::from))
}

/// A transaction that shows whether the server accepts writes; without the account's lock, which others may have.
pub(crate) async fn check(pool: &PgPool) -> Result<Active<Postgres>> {
    let mut active = begin(pool, "BEGIN", None).await?;
    let read_only = limited(sqlx::query_scalar(IS_READ_ONLY).fetch_one(active.start())).await;
    if active.finish(read_only)? { Err(Error::ReadOnly) } else { Ok(active) }
}

async fn begin(
    pool: &PgPool,
    statement: &'static str,
    suspect: Option<Arc<AtomicBool>>,
) -> sqlx::Result<Active<Postgres>> {
    timeout(BEGIN_LIMIT, Active::begin(pool, statement, suspect)).await.unwrap_or_else(timed_out)
}

async fn lock_accounts(active: &mut Active<Postgres>) -> Result<u64> {
    let locked = limited(sqlx::query(LOCK_ACCOUNTS).execute(active.start())).await;
    Ok(active.finish(locked)?.rows_affected())
}
