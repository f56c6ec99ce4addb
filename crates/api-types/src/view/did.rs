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
    /// For readers: in libphonenumber's international format (`+91 98123 45678`), or as it is where no plan is known.
    pub formatted: String,
    pub label: Option<String>,
    pub direction: Direction,
    /// Who answers; always null for outbound numbers.
    pub bot_id: Option<BotId>,
    pub version: i64,
}

/// One row of `GET /api/v1/carriers/{id}/dids`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DidRow {
    #[serde(flatten)]
    pub did: DidView,
    /// The name of the bot that answers.
    pub bot_name: Option<String>,
}

/// `GET /api/v1/carriers/{id}/dids`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DidPage {
    pub items: Vec<DidRow>,
    /// For the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// How many of the carrier's numbers match the query, on all pages.
    pub total: i64,
    /// How many numbers the carrier has.
    pub carrier_total: i64,
}

impl From<&Did> for DidView {
    fn from(did: &Did) -> Self {
        Self {
            id: did.id.clone(),
            carrier_id: did.carrier_id.clone(),
            number: did.number.number().to_owned(),
            e164: did.number.e164().map(str::to_owned),
            formatted: did.number.formatted(),
            label: did.settings.label.as_ref().map(ToString::to_string),
            direction: did.settings.direction,
            bot_id: did.settings.bot_id.clone(),
            version: did.version,
        }
    }
}
