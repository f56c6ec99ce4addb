//! Which audit events a list shows.

use crate::{ActorId, AuditAction, AuditKind, Email, Timestamp};

/// The conditions of a list of audit events. An event is listed if it meets all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFilter {
    /// Part of the subject's name, in any case; empty for all.
    pub q: String,
    /// Whose changes.
    pub actor: Option<ActorFilter>,
    /// The noun of the subject.
    pub kind: Option<AuditKind>,
    /// Id of the row whose history is listed. A carrier's history includes its DIDs.
    pub subject: Option<String>,
    /// What happened.
    pub action: Option<AuditAction>,
    /// Inclusive.
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub before: Option<Timestamp>,
    /// Events on a page, 1 to [`Self::MAX_LIMIT`].
    pub limit: u32,
}

/// An actor, as a filter names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActorFilter {
    /// The user or API key with this id.
    Id(ActorId),
    /// Users with this e-mail address at the time of the change.
    Email(Email),
    /// The system.
    System,
}

impl AuditFilter {
    /// Events on a page where the query has no limit.
    pub const DEFAULT_LIMIT: u32 = 50;
    /// The largest limit.
    pub const MAX_LIMIT: u32 = 200;
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
