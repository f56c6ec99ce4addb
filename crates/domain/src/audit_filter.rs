//! Which audit events a list shows.

use crate::{AuditAction, AuditKind, Email, Timestamp, UserId};

/// Which events; all that is given has to fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFilter {
    pub q: String,
    pub actor: Option<AuditWho>,
    pub kind: Option<AuditKind>,
    pub subject: Option<String>,
    pub action: Option<AuditAction>,
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub before: Option<Timestamp>,
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditWho {
    User(UserId),
    /// As they were called then.
    Email(Email),
    /// The server itself.
    System,
}

impl AuditFilter {
    pub const DEFAULT_LIMIT: u32 = 50;
    pub const MOST: u32 = 200;
}

impl Default for AuditFilter {
    fn default() -> Self {
        Self {
            q: String::new(),
            actor: None,
            kind: None,
            subject: None,
            action: None,
            from: None,
            before: None,
            limit: Self::DEFAULT_LIMIT,
        }
    }
}
