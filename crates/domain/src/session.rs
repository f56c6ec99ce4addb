//! Sessions of users.

use crate::{SessionId, Timestamp, UserId};

/// A login that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Id of the row, which is in the session's token.
    pub id: SessionId,
    /// Who logged in.
    pub user_id: UserId,
    /// The address that the login came from; None where it is unknown.
    pub address: Option<String>,
    /// `User-Agent` of the login, shortened; None where none was sent.
    pub user_agent: Option<String>,
    /// When the user logged in.
    pub created_at: Timestamp,
    /// When the last request was authenticated with it, some minutes late.
    pub last_used_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}
