use domain::{Session, SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A session of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// Id of the row.
    pub id: SessionId,
    /// The address that the login came from; null where it is unknown.
    pub address: Option<String>,
    /// The browser or program that logged in; null where it did not name itself.
    pub user_agent: Option<String>,
    /// When the user logged in.
    pub created_at: Timestamp,
    /// When the last request came, some minutes late.
    pub last_used_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Whether the request belongs to it.
    pub is_current: bool,
}

impl SessionView {
    /// `current` is the session of the request, if it has one.
    pub fn new(session: Session, current: Option<&SessionId>) -> Self {
        let Session { id, user_id: _, address, user_agent, created_at, last_used_at, expires_at } = session;
        let is_current = current == Some(&id);
        Self { id, address, user_agent, created_at, last_used_at, expires_at, is_current }
    }
}

/// `GET /api/v1/users/{id}/sessions` and `GET /api/v1/auth/sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionPage {
    /// The sessions that have not ended, the one that was used last first.
    pub items: Vec<SessionView>,
    /// How many there are.
    pub total: i64,
}
