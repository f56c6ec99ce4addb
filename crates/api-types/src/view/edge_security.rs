use domain::{BanId, Timestamp, edge::ban::Ban};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A ban, or one that a node has made although the source cannot be banned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BanView {
    /// Its id.
    pub id: BanId,
    /// The source: an address, or a range in CIDR notation.
    #[schema(example = "203.0.113.7")]
    pub ip: String,
    /// The user who is banned there; null: everybody.
    pub user: Option<String>,
    /// The node that has made it; null: this server.
    pub node: Option<String>,
    /// Why.
    pub reason: String,
    /// The requests that led to it.
    pub count: i64,
    /// The User-Agent of the last request.
    pub user_agent: Option<String>,
    /// The source cannot be banned.
    pub flagged: bool,
    /// Why it cannot.
    pub flag: Option<String>,
    /// `active`, `expired` or `lifted`.
    #[schema(example = "active")]
    pub status: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; null: until the node no longer reports it.
    pub expires: Option<Timestamp>,
    /// When it was lifted.
    pub lifted_at: Option<Timestamp>,
    /// Who has lifted it.
    pub lifted_by: Option<String>,
}

impl BanView {
    /// The view of a ban at this time.
    pub fn new(ban: &Ban, now: Timestamp) -> Self {
        Self {
            id: ban.id.clone(),
            ip: ban.ip.to_string(),
            user: ban.user.clone(),
            node: ban.node.clone(),
            reason: ban.reason.clone(),
            count: ban.count,
            user_agent: ban.user_agent.clone(),
            flagged: ban.flag.is_some(),
            flag: ban.flag.clone(),
            status: ban.status(now).as_str().to_owned(),
            since: ban.since,
            expires: ban.expires_at,
            lifted_at: ban.lifted_at,
            lifted_by: ban.lifted_by.clone(),
        }
    }
}

/// Bans, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BanList {
    /// The bans, at most `limit`.
    pub bans: Vec<BanView>,
    /// How many match the filter.
    pub total: i64,
}

/// The answer to a node's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BanReportView {
    /// Always true.
    pub ok: bool,
    /// The reported sources whose bans the node must lift.
    pub lift: Vec<String>,
    /// The addresses and ranges that the node must not ban.
    pub allow: Vec<String>,
}

/// An entry of the allowlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AllowView {
    /// An address, or a range in CIDR notation.
    #[schema(example = "203.0.113.0/28")]
    pub ip: String,
    /// Why it is on the list.
    pub reason: Option<String>,
}

/// The allowlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AllowList {
    /// Its entries.
    pub allow: Vec<AllowView>,
}
