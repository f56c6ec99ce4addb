use domain::{BotId, CarrierProvider, DidId, SyncStatus, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A number of the numbers API: a DID with what its carrier and LiveKit have of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NumberView {
    /// Id of the DID.
    pub sip_id: DidId,
    /// The E.164 form, or the carrier's own format.
    pub phone_number: String,
    /// A remark.
    pub label: Option<String>,
    /// The carrier's provider.
    pub sip_provider: CarrierProvider,
    /// `host[:port]` to which outbound calls are sent.
    pub sip_address: String,
    /// Username of the carrier's digest credentials.
    pub auth_username: Option<String>,
    /// Whether LiveKit Cloud cancels noise in inbound calls; null: as LiveKit has it.
    pub krisp_enabled: Option<bool>,
    /// The bot that answers; null where the number is not mapped.
    pub agent_id: Option<BotId>,
    /// LiveKit's id, `ST_…`, of the inbound trunk; null where the number is not mapped, since a trunk belongs to a bot.
    pub livekit_inbound_trunk_id: Option<String>,
    /// LiveKit's id, `ST_…`, of the outbound trunk.
    pub livekit_outbound_trunk_id: Option<String>,
    /// LiveKit's id, `SDR_…`, of the dispatch rule; null where the number is not mapped.
    pub livekit_dispatch_rule_id: Option<String>,
    /// How far LiveKit has followed.
    pub status: SyncStatus,
    /// When the number was added.
    pub created_at: Timestamp,
    /// When the number or its carrier was changed last.
    pub updated_at: Timestamp,
}

/// A page of `GET /sip`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberList {
    /// The numbers of the page, the oldest first.
    pub items: Vec<NumberView>,
    /// Where the next page begins; None on the last one.
    pub next_cursor: Option<DidId>,
}
