//! Who changed what.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AccountId, BotId, CarrierId, DidId, EventId, IntegrationId, Timestamp, UserId};

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

impl AuditEvent {
    /// Whose history it belongs to: a row that names its carrier is part of that carrier's.
    pub fn history_id(&self) -> &str {
        let rows = [&self.after, &self.before].into_iter().flatten();
        rows.filter_map(|row| row.get("carrier_id")?.as_str()).next().unwrap_or(&self.subject_id)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

    pub fn label(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Updated => "Changed",
            Self::Deleted => "Deleted",
            Self::LoggedIn => "Logged in",
            Self::LoggedOut => "Logged out",
            Self::PasswordChanged => "New password",
        }
    }
}

/// What kind of row an event is about, by the prefix of its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    Carrier,
    Did,
    Bot,
    User,
    /// The connection to a provider.
    Integration,
    /// Anything else that leaves a record, such as a trunk of LiveKit that was adopted; no filter asks for it.
    Other,
}

impl AuditKind {
    /// Those that a filter can ask for.
    pub const ALL: [Self; 5] = [Self::Carrier, Self::Did, Self::Bot, Self::User, Self::Integration];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Carrier => "carrier",
            Self::Did => "did",
            Self::Bot => "bot",
            Self::User => "user",
            Self::Integration => "integration",
            Self::Other => "other",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Carrier => "Carrier",
            Self::Did => "Number",
            Self::Bot => "Bot",
            Self::User => "Person",
            Self::Integration => "Integration",
            Self::Other => "Other",
        }
    }

    /// What its rows' ids start with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Carrier => CarrierId::PREFIX,
            Self::Did => DidId::PREFIX,
            Self::Bot => BotId::PREFIX,
            Self::User => UserId::PREFIX,
            Self::Integration => IntegrationId::PREFIX,
            Self::Other => "",
        }
    }

    pub fn of(subject_id: &str) -> Self {
        Self::ALL.into_iter().find(|kind| subject_id.starts_with(kind.prefix())).unwrap_or(Self::Other)
    }
}
