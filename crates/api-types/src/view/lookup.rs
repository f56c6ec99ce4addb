use domain::{BotId, CarrierId, Cps, DidId};
use serde::Serialize;
use utoipa::ToSchema;

/// Who answers a called number.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DidLookup {
    /// The bot that answers.
    pub bot_id: BotId,
    /// The carrier that has the number.
    pub carrier_id: CarrierId,
    /// The number's row.
    pub did_id: DidId,
}

/// How to place an outbound call.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OutboundTrunkLookup {
    /// LiveKit's id of the outbound trunk (`ST_…`).
    pub trunk_id: String,
    /// The number to call from, in E.164 form, or as the carrier writes it.
    pub number: String,
    /// The same as `number`.
    pub from_number: String,
    /// The carrier that has the number.
    pub carrier_id: CarrierId,
    /// The number's row.
    pub did_id: DidId,
    /// What the carrier accepts.
    pub rate_limit: RateLimit,
}

/// The limits of a carrier's outbound calls.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct RateLimit {
    /// New calls per second.
    pub cps: Cps,
    /// New calls at once after a pause: the size of the token bucket.
    pub burst: u32,
    /// Simultaneous outbound calls.
    pub channels: u32,
}
