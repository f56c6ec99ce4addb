use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{AuditAction, AuditChange, AuditKind, CarrierId, EventId, Timestamp, UserId};

/// `GET /api/v1/audit`: what happened, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditPage {
    pub items: Vec<AuditItem>,
    /// Ask again with it for what happened before; null where there is nothing more. With several filters at once a page
    /// may be short, or empty, and yet have one: see `searched_to`.
    pub next_cursor: Option<String>,
    /// How far back this page has looked, where that is less than all the way without having filled the page.
    pub searched_to: Option<Timestamp>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditItem {
    pub id: EventId,
    pub at: Timestamp,
    pub actor: AuditActor,
    pub action: AuditAction,
    pub subject: AuditSubject,
    pub changes: Vec<AuditChange>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditActor {
    /// Null: the server itself.
    pub id: Option<UserId>,
    /// As it was called then: an e-mail address, or `command line`.
    pub name: String,
}

/// The row that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditSubject {
    pub kind: AuditKind,
    pub id: String,
    /// What it was called then.
    pub name: String,
    /// False where the row was deleted. Carriers, DIDs and bots can be; it is true for the others.
    pub exists: bool,
    /// Of a DID that exists, its carrier; null otherwise.
    pub carrier_id: Option<CarrierId>,
}
