//! What can go wrong below the services.

use thiserror::Error;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, Error)]
pub enum Error {
    /// A driver's fault; its text is for the log, never for an answer.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row that no version of Trunkline wrote.
    #[error("{table} {id}: {what}")]
    Corrupt { table: &'static str, id: String, what: String },
    /// The key does not fit the database: another master key was in force when the secret was written.
    #[error("{table} {id}: the master key does not open this secret; start with the key that belongs to this database")]
    WrongKey { table: &'static str, id: String },
}

impl Error {
    /// The database rolled back because of a concurrent transaction (SQLSTATE 40001 or 40P01, PostgreSQL appendix A): the
    /// same transaction may succeed when it is executed again.
    pub fn is_retryable(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        matches!(error.code().as_deref(), Some("40001" | "40P01"))
    }

    /// Another row has the same unique value.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}
