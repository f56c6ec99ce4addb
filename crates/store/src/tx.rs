//! A transaction, and the connection that it runs on.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Database, Executor, Pool, Postgres, Sqlite, pool::PoolConnection};
use tokio::{runtime::Handle, time::timeout};

use crate::{
    Error, Result, Vault,
    error::{commit_error, timed_out},
};

/// Longer than PostgreSQL's own `statement_timeout`: it applies where the server does not answer at all, for which sqlx
/// has neither a read time-out nor a TCP keepalive.
const STATEMENT_LIMIT: Duration = Duration::from_secs(12);
/// How long a rollback may take before its connection is closed instead.
const ROLLBACK_LIMIT: Duration = Duration::from_secs(2);

/// Everything that is read or changed in one transaction. Each noun adds its statements in an `impl` block of its own.
///
/// What is dropped without [`Tx::commit`] is rolled back.
pub struct Tx {
    pub(crate) connection: Connection,
    pub(crate) vault: Vault,
}

impl Tx {
    /// Saves the changes.
    ///
    /// # Errors
    /// [`Error::CommitUnknown`] where the connection was lost meanwhile: the changes may have been saved. After any other
    /// error they have not been.
    pub async fn commit(self) -> Result<()> {
        match self.connection {
            Connection::Sqlite(active) => active.commit().await,
            Connection::Postgres(active) => active.commit().await,
        }
    }
}

/// The transaction's connection, of either database.
pub(crate) enum Connection {
    Sqlite(Active<Sqlite>),
    Postgres(Active<Postgres>),
}

/// Executes a query for its rows: `fetch!(self, connection => sqlx::query_as(SQL).fetch_all(connection))`. The expression
/// is compiled once for each database, whose type sqlx infers from the connection.
macro_rules! fetch {
    ($tx:expr, $connection:ident => $query:expr) => {
        match &mut $tx.connection {
            $crate::tx::Connection::Sqlite(active) => {
                let $connection = active.start();
                let result = $crate::tx::limited($query).await;
                active.finish(result)
            }
            $crate::tx::Connection::Postgres(active) => {
                let $connection = active.start();
                let result = $crate::tx::limited($query).await;
                active.finish(result)
            }
        }
    };
}
pub(crate) use fetch;

/// Executes a query for the count of rows that it changed: `execute!(self, sqlx::query(SQL).bind(id))`.
macro_rules! execute {
    ($tx:expr, $query:expr) => {
        $crate::tx::fetch!($tx, connection => async { Ok($query.execute(connection).await?.rows_affected()) })
    };
}
pub(crate) use execute;

/// Executes one statement; a server that does not answer ends it as [`Error::Unavailable`].
pub(crate) async fn limited<T>(statement: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    timeout(STATEMENT_LIMIT, statement).await.unwrap_or_else(timed_out)
}

/// A database whose connections execute text.
pub(crate) trait Backend: Database {
    /// Executes a statement without parameters: BEGIN, COMMIT, ROLLBACK.
    fn run(connection: &mut Self::Connection, sql: &'static str) -> impl Future<Output = sqlx::Result<()>> + Send;
}

impl Backend for Sqlite {
    async fn run(connection: &mut Self::Connection, sql: &'static str) -> sqlx::Result<()> {
        connection.execute(sqlx::raw_sql(sql)).await.map(drop)
    }
}

impl Backend for Postgres {
    async fn run(connection: &mut Self::Connection, sql: &'static str) -> sqlx::Result<()> {
        connection.execute(sqlx::raw_sql(sql)).await.map(drop)
    }
}

/// An open transaction on a connection of a pool. Unlike `sqlx::Transaction`, it gives the connection back to the pool only
/// if its state is known: a connection whose begin, commit or rollback failed, or whose statement was interrupted, is
/// closed.
pub(crate) struct Active<DB: Backend> {
    /// There until the drop.
    connection: Option<PoolConnection<DB>>,
    state: State,
    /// PostgreSQL refuses what follows a failed statement, and answers COMMIT with a rollback but no error.
    aborted: bool,
    /// Set when a write failed because the database was not available, so that the next health check tries to write.
    suspect: Option<Arc<AtomicBool>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between two statements.
    Open,
    /// A statement is under way, or ended in a way that leaves the connection's state unknown.
    Unknown,
    /// The transaction was committed.
    Committed,
}

impl<DB: Backend> Active<DB> {
    /// `statement` is the whole BEGIN; `suspect` belongs to a transaction that writes.
    pub async fn begin(
        pool: &Pool<DB>,
        statement: &'static str,
        suspect: Option<Arc<AtomicBool>>,
    ) -> sqlx::Result<Self> {
        let connection = pool.acquire().await?;
        let mut active = Self { connection: Some(connection), state: State::Unknown, aborted: false, suspect };
        limited(DB::run(active.start(), statement)).await?;
        active.state = State::Open;
        Ok(active)
    }

    /// The connection, for one statement.
    pub fn start(&mut self) -> &mut DB::Connection {
        self.state = State::Unknown;
        self.connection.as_mut().expect("the connection is there until the drop")
    }

    /// Notes how the statement ended that [`Active::start`] began.
    pub fn finish<T>(&mut self, result: sqlx::Result<T>) -> Result<T> {
        result.inspect(|_| self.state = State::Open).map_err(|error| {
            let reported = matches!(error, sqlx::Error::Database(_));
            // An error of the connection leaves its state unknown. One that the database reported, or that came up while
            // a complete result was decoded, does not.
            if reported || matches!(error, sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. }) {
                self.state = State::Open;
            }
            self.aborted |= reported && DB::NAME == Postgres::NAME;
            self.note(error.into())
        })
    }

    async fn commit(mut self) -> Result<()> {
        if self.aborted {
            return Err(Error::Aborted);
        }
        match limited(DB::run(self.start(), "COMMIT")).await {
            Ok(()) => {
                self.state = State::Committed;
                Ok(())
            }
            Err(error) => Err(self.note(commit_error(error))),
        }
    }

    fn note(&self, error: Error) -> Error {
        if let Some(suspect) = &self.suspect
            && error.is_unavailable()
        {
            suspect.store(true, Ordering::Relaxed);
        }
        error
    }
}

impl<DB: Backend> Drop for Active<DB> {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        match (self.state, Handle::try_current()) {
            // The drop returns it to the pool.
            (State::Committed, _) => {}
            (State::Open, Ok(runtime)) => {
                runtime.spawn(async move {
                    let rollback = DB::run(&mut connection, "ROLLBACK");
                    if !matches!(timeout(ROLLBACK_LIMIT, rollback).await, Ok(Ok(()))) {
                        drop(connection.detach());
                    }
                });
            }
            // Closed without another message to a server that may not answer. Both databases roll back.
            (State::Open | State::Unknown, _) => drop(connection.detach()),
        }
    }
}
