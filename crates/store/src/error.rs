//! What can go wrong below the services.

use sqlx::error::DatabaseError;
use thiserror::Error;

/// The result of a call to the store.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call to the store failed. Texts are for the log, never for a response: they may name tables, hosts and files.
#[derive(Debug, Error)]
pub enum Error {
    /// No connection, lock or disk space within the time limits. Nothing was saved; a later attempt may succeed.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The database answers, but accepts no writes: a standby server, or one that is set to read only.
    #[error("the database accepts no writes; connect to the primary server")]
    ReadOnly,
    /// The database rolled the transaction back because of a concurrent one (SQLSTATE 40001 or 40P01, PostgreSQL
    /// appendix A). The same transaction may succeed when it is executed again.
    #[error("the database rolled back because of a concurrent transaction: {0}")]
    Conflict(#[source] sqlx::Error),
    /// The connection was lost while COMMIT was under way: the changes may or may not have been saved.
    #[error("the connection was lost during COMMIT, the changes may have been saved: {0}")]
    CommitUnknown(#[source] sqlx::Error),
    /// COMMIT after a statement had failed: the database had already rolled back, nothing was saved.
    #[error("a statement of the transaction had failed, so that nothing was saved")]
    Aborted,
    /// Any other fault of the database or its driver.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row that no version of Trunkline wrote.
    #[error("{table} {id}: {reason}")]
    Corrupt {
        /// Name of the table.
        table: &'static str,
        /// Id of the row.
        id: String,
        /// Which rule the row breaks.
        reason: String,
    },
    /// The secret was encrypted with another master key.
    #[error("{table} {id}: the master key does not open this secret; start with the key that belongs to this database")]
    WrongKey {
        /// Name of the table.
        table: &'static str,
        /// Id of the row.
        id: String,
    },
}

impl Error {
    /// Another row has the same unique value.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// The whole transaction may succeed when it is executed again at once.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }

    /// The database is away, overloaded, full or read-only: answer 503 and let the client try again later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::ReadOnly)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let kind = match &error {
            sqlx::Error::Database(fault) => Kind::of(fault.as_ref()),
            lost if is_connection_lost(lost) => Kind::Unavailable,
            _ => Kind::Other,
        };
        match kind {
            Kind::Unavailable => Self::Unavailable(error),
            Kind::ReadOnly => Self::ReadOnly,
            Kind::Conflict => Self::Conflict(error),
            Kind::Other => Self::Database(error),
        }
    }
}

/// What to do about a failed COMMIT. A database that reports an error has rolled back; a lost connection leaves the
/// outcome open.
pub(crate) fn commit_error(error: sqlx::Error) -> Error {
    let ended_session =
        |fault: &dyn DatabaseError| fault.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P"));
    match &error {
        sqlx::Error::Database(fault) if !ended_session(fault.as_ref()) => error.into(),
        _ => Error::CommitUnknown(error),
    }
}

/// A time limit of our own has passed: the same error as that of the pool.
pub(crate) fn timed_out<T>(_: tokio::time::error::Elapsed) -> sqlx::Result<T> {
    Err(sqlx::Error::PoolTimedOut)
}

fn is_connection_lost(error: &sqlx::Error) -> bool {
    use sqlx::Error::{Io, PoolClosed, PoolTimedOut, Protocol, Tls, WorkerCrashed};
    matches!(error, Io(_) | Tls(_) | Protocol(_) | PoolTimedOut | PoolClosed | WorkerCrashed)
}

enum Kind {
    Unavailable,
    ReadOnly,
    Conflict,
    Other,
}

impl Kind {
    fn of(fault: &dyn DatabaseError) -> Self {
        let code = fault.code().unwrap_or_default();
        match code.parse::<i32>() {
            // SQLite: the extended result code, its primary code in the low byte (https://sqlite.org/rescode.html).
            // SQLSTATE 40001 and the like have five characters.
            Ok(extended) if code.len() < 5 => Self::of_sqlite(extended & 0xff),
            _ => Self::of_sqlstate(&code),
        }
    }

    fn of_sqlite(primary: i32) -> Self {
        match primary {
            // BUSY, LOCKED, IOERR, FULL, CANTOPEN
            5 | 6 | 10 | 13 | 14 => Self::Unavailable,
            // READONLY
            8 => Self::ReadOnly,
            _ => Self::Other,
        }
    }

    /// PostgreSQL appendix A.
    fn of_sqlstate(code: &str) -> Self {
        match code {
            "40001" | "40P01" => Self::Conflict,
            // read_only_sql_transaction: a primary server has become a standby.
            "25006" => Self::ReadOnly,
            // lock_not_available, query_canceled (a time-out), idle_in_transaction_session_timeout.
            "55P03" | "57014" | "25P03" => Self::Unavailable,
            // Connection exceptions, insufficient resources (disk full, too many connections), operator intervention.
            _ if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => Self::Unavailable,
            _ => Self::Other,
        }
    }
}
