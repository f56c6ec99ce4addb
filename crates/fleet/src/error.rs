//! Errors of requests to a fleet server.

use thiserror::Error as ThisError;

/// There is no complete answer. No variant contains the core secret.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Error {
    /// No connection: the request was certainly not sent.
    #[error("no connection ({message})")]
    Unreachable {
        /// The network's error.
        message: String,
    },
    /// The request may have been received and executed.
    #[error("{message}")]
    Lost {
        /// What went wrong: "no response in time".
        message: String,
    },
    /// The HTTP client could not be built.
    #[error("the HTTP client cannot start ({message})")]
    Client {
        /// The reason.
        message: String,
    },
}
