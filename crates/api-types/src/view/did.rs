use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{BotId, CarrierId, CarrierProvider, Did, DidId, Direction, SyncStatus};

/// A DID, as an entry of a carrier's `dids`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DidView {
    /// Id of the row.
    pub id: DidId,
    /// The carrier that has the number.
    pub carrier_id: CarrierId,
    /// The number as the operator typed it, without punctuation.
    pub number: String,
    /// The E.164 form; null for a carrier format that is no valid number of the carrier's country.
    pub e164: Option<String>,
    /// For readers: in libphonenumber's international format (`+91 98123 45678`), or as it is where no plan is known.
    pub formatted: String,
    /// A remark.
    pub label: Option<String>,
    /// Which calls use the number.
    pub direction: Direction,
    /// The bot that answers; always null for outbound numbers.
    pub bot_id: Option<BotId>,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// One row of `GET /api/v1/carriers/{id}/dids`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DidRow {
    /// The DID.
    #[serde(flatten)]
    pub did: DidView,
    /// The name of the bot that answers.
    pub bot_name: Option<String>,
}

/// `GET /api/v1/carriers/{id}/dids`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DidPage {
    /// The DIDs of the page.
    pub items: Vec<DidRow>,
    /// For the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// How many of the carrier's numbers match the query, on all pages.
    pub total: i64,
    /// How many numbers the carrier has.
    pub carrier_total: i64,
}

/// One row of `GET /api/v1/dids`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountDidRow {
    /// The DID, with its bot's name.
    #[serde(flatten)]
    pub row: DidRow,
    /// The name of its carrier.
    pub carrier_name: String,
    /// The provider of its carrier.
    pub provider: CarrierProvider,
    /// The sync status of its carrier.
    pub lk_sync_status: SyncStatus,
}

/// `GET /api/v1/dids`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountDidPage {
    /// The DIDs of the page.
    pub items: Vec<AccountDidRow>,
    /// For the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// How many numbers match the query, on all pages.
    pub total: i64,
    /// How many numbers the account has.
    pub account_total: i64,
}

/// What `POST /api/v1/carriers/{id}/dids/bulk` did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DidBulkResult {
    /// The count of changed DIDs.
    pub changed: i64,
    /// Numbers that were as asked before.
    pub unchanged: i64,
    /// The first hundred that could not be changed.
    pub skipped: Vec<DidSkipped>,
    /// How many could not be changed.
    pub skipped_total: i64,
}

/// A number that a bulk change left as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DidSkipped {
    /// Id of the row.
    pub id: DidId,
    /// Null where the number is gone.
    pub number: Option<String>,
    /// Why it was skipped.
    pub reason: SkipReason,
}

/// Why a number was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// An outbound number has no bot.
    OutboundOnly,
    /// The carrier does not have the number, or not any more.
    NotFound,
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
