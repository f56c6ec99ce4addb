use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{ActorId, AuditAction, AuditChange, AuditKind, CarrierId, EventId, Timestamp};

/// `GET /api/v1/audit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditPage {
    /// The newest first.
    pub items: Vec<AuditItem>,
    /// The cursor of the next page, with older events; null on the last. With several filters a page may be short or
    /// empty although it is not the last: see `searched_to`.
    pub next_cursor: Option<String>,
    /// The time back to which events were searched, where the search ended before the page was full.
    pub searched_to: Option<Timestamp>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditItem {
    /// Id of the event.
    pub id: EventId,
    /// When the change was made.
    pub at: Timestamp,
    /// Who made it.
    pub actor: AuditActor,
    /// What happened.
    pub action: AuditAction,
    /// The row that was changed.
    pub subject: AuditSubject,
    /// The changed fields.
    pub changes: Vec<AuditChange>,
}

/// Who made a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditActor {
    /// Null: the system.
    pub id: Option<ActorId>,
    /// The actor's name at that time: an e-mail address, an API key's name and prefix, or `command line`.
    pub name: String,
}

/// The row that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditSubject {
    /// The noun of the row.
    pub kind: AuditKind,
    /// Id of the row.
    pub id: String,
    /// The row's name at that time.
    pub name: String,
    /// False where the row was deleted. Carriers, DIDs, bots and API keys can be; it is true for the others.
    pub exists: bool,
    /// The carrier of a DID that exists; null otherwise.
    pub carrier_id: Option<CarrierId>,
}
