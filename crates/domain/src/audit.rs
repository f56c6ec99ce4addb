//! Who changed what.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AccountId, EventId, Timestamp, UserId};

/// One change, written in the transaction that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEvent {
    pub id: EventId,
    pub account_id: AccountId,
    /// None: the server itself, from its command line.
    pub actor: Option<UserId>,
    /// As it was called then: an e-mail address, or `command line`.
    pub actor_name: String,
    pub action: AuditAction,
    /// Id of the row, whose prefix names the noun.
    pub subject_id: String,
    /// What the row was called.
    pub subject_name: String,
    /// JSON without secrets; None where there was nothing before.
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    Created,
    Updated,
    Deleted,
    LoggedIn,
    LoggedOut,
    PasswordChanged,
}

impl AuditAction {
    pub const ALL: [Self; 6] =
        [Self::Created, Self::Updated, Self::Deleted, Self::LoggedIn, Self::LoggedOut, Self::PasswordChanged];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::LoggedIn => "logged_in",
            Self::LoggedOut => "logged_out",
            Self::PasswordChanged => "password_changed",
        }
    }
}
