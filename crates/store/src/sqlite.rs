//! How SQLite is opened: one connection that writes, several that read.

use std::{str::FromStr, time::Duration};

use sqlx::{
    Sqlite,
    pool::PoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use crate::{Result, migrations::migrator, store::Pair};

/// How long a writer waits for those ahead of it, in the order of their arrival.
const WRITER_LIMIT: Duration = Duration::from_secs(5);
/// How long SQLite waits for the lock of another process, such as a command on the command line.
const BUSY_LIMIT: Duration = Duration::from_secs(5);
const READERS: u32 = 8;
const READER_LIMIT: Duration = Duration::from_secs(2);

/// Opens the database and brings its schema up to date. The options are those of another writing connection.
pub(crate) async fn open(url: &str) -> Result<(Pair<Sqlite>, SqliteConnectOptions)> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        // Readers go on beside the writer.
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .busy_timeout(BUSY_LIMIT);
    let writers = pool(1, WRITER_LIMIT).connect_with(options.clone()).await?;
    migrator().run(&writers).await?;
    // Not opened as read-only files: the first connection after a crash has to recover the write-ahead log.
    let readers = pool(READERS, READER_LIMIT).connect_lazy_with(options.clone().pragma("query_only", "on"));
    Ok((Pair { writers, readers }, options))
}

fn pool(connections: u32, limit: Duration) -> PoolOptions<Sqlite> {
    PoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(limit)
        // The file is either there or not, whatever the age of the connection.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}
