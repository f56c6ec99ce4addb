//! What may fail.

use thiserror::Error;

/// A request to the live state failed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// Redis does not respond, or responds with an error.
    #[error("Redis is not available: {0}. Check REDIS_URL and that the server runs.")]
    Unavailable(String),
    /// A value in Redis is none of ours.
    #[error("the value of {key} in Redis is not readable: {reason}. Give Trunkline a Redis database of its own.")]
    Unreadable {
        /// The key.
        key: String,
        /// What is wrong.
        reason: String,
    },
    /// `REDIS_URL` is not usable.
    #[error("REDIS_URL is no address of a Redis server: {0}. Expected redis://[user:password@]host[:port][/database].")]
    Url(String),
}

/// The result of a request to the live state.
pub type Result<T> = std::result::Result<T, Error>;
