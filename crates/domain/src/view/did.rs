use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{BotId, CarrierId, DidId, Direction};

/// A phone number as a carrier's `dids[]` holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DidView {
    pub id: DidId,
    pub carrier_id: CarrierId,
    /// As the operator gave it, blanks and punctuation removed.
    pub number: String,
    /// With `+`; null where the carrier's country does not tell.
    pub e164: Option<String>,
    pub label: Option<String>,
    pub direction: Direction,
    /// Who answers; always null for outbound numbers.
    pub bot_id: Option<BotId>,
    pub version: i64,
}
