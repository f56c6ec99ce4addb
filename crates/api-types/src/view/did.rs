use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{BotId, CarrierId, Did, DidId, Direction};

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

impl From<&Did> for DidView {
    fn from(did: &Did) -> Self {
        Self {
            id: did.id.clone(),
            carrier_id: did.carrier_id.clone(),
            number: did.number.number().to_owned(),
            e164: did.number.e164().map(str::to_owned),
            label: did.settings.label.as_ref().map(ToString::to_string),
            direction: did.settings.direction,
            bot_id: did.settings.bot_id.clone(),
            version: did.version,
        }
    }
}
