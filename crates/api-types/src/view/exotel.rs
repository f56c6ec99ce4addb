use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{CarrierId, DidId, Exotel, ExotelSubdomain, MASK, Timestamp};

/// `GET /api/v1/integrations/exotel/summary`, from the database alone, without a call to Exotel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelSummary {
    /// Whether there are credentials. The last check says whether Exotel accepts them.
    pub connected: bool,
    /// The account's name in Exotel's addresses.
    pub account_sid: Option<String>,
    /// The API host of the account's cluster.
    pub subdomain: Option<ExotelSubdomain>,
    /// When Exotel was last called with these credentials; null before the first call.
    pub last_checked_at: Option<Timestamp>,
    /// Why that call failed, and the remedy; null where it succeeded.
    pub last_check_error: Option<String>,
    /// DIDs of all carriers that were imported from Exotel.
    pub numbers_imported: i64,
    /// LiveKit's SIP endpoint, `host[:port]`, for Exotel's settings; null where the server is not configured with it.
    pub livekit_sip_host: Option<String>,
    /// Increases with each change of the settings; 0 where there is no integration.
    pub version: i64,
}

/// `GET /api/v1/integrations/exotel`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelView {
    /// The fields of the summary.
    #[serde(flatten)]
    pub summary: ExotelSummary,
    /// [`domain::MASK`], or null where there is no integration.
    pub api_key: Option<String>,
    /// [`domain::MASK`], or null where there is no integration.
    pub api_token: Option<String>,
    /// When the integration was created.
    pub created_at: Option<Timestamp>,
    /// When the settings were changed last.
    pub updated_at: Option<Timestamp>,
}

/// `GET /api/v1/integrations/exotel/numbers`: Exotel's list, at most a minute old.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelNumbers {
    /// The numbers, in Exotel's order.
    pub items: Vec<ExotelNumber>,
    /// False: Exotel has more numbers than Trunkline reads.
    pub complete: bool,
}

/// A number of the Exotel account (an ExoPhone).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelNumber {
    /// The number in Exotel's spelling, without blanks. Identifies it in an import.
    pub number: String,
    /// The E.164 form; null where Exotel's spelling and country do not determine it.
    pub e164: Option<String>,
    /// For readers: in libphonenumber's international format (`+91 98123 45678`), or as it is where no plan is known.
    pub formatted: String,
    /// Exotel's friendly name, unless it repeats the number.
    pub label: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Whether the number has calls; null where Exotel does not say.
    pub voice: Option<bool>,
    /// The carrier that has the number already.
    pub carrier_id: Option<CarrierId>,
    /// That carrier's name.
    pub carrier_name: Option<String>,
    /// Why a carrier cannot have the number.
    pub fault: Option<String>,
}

/// `POST /api/v1/integrations/exotel/import`: what happened to each number; with `dry_run`, what would happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelImported {
    /// The carrier to which the numbers are added.
    pub carrier_id: CarrierId,
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// The count of numbers that were added; in a dry run, that would be.
    pub added: i64,
    /// The numbers, in the order of the request.
    pub items: Vec<ImportedNumber>,
}

/// What happened to one number of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedNumber {
    /// The number as in the request.
    pub number: String,
    /// The E.164 form, where it is known.
    pub e164: Option<String>,
    /// For readers: in libphonenumber's international format (`+91 98123 45678`), or as it is where no plan is known.
    pub formatted: String,
    /// The label of the new DID.
    pub label: Option<String>,
    /// Whether Exotel says that it carries calls; null where it does not say.
    pub voice: Option<bool>,
    /// What happened.
    pub outcome: ImportOutcome,
    /// The carrier's DID, where there is one.
    pub did_id: Option<DidId>,
    /// With `exists` and `taken`, the carrier that has the number.
    pub carrier_id: Option<CarrierId>,
    /// That carrier's name.
    pub carrier_name: Option<String>,
    /// With `invalid`, why.
    pub fault: Option<String>,
}

/// What happened to one number of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It is a DID of the carrier now.
    Added,
    /// The carrier had it already; the DID is unchanged.
    Exists,
    /// Another carrier has it.
    Taken,
    /// A carrier cannot have it.
    Invalid,
    /// Exotel does not list it.
    Unknown,
}

impl ExotelSummary {
    /// Without `livekit_sip_host`, which comes from the server's configuration.
    pub fn new(exotel: &Exotel, numbers_imported: i64) -> Self {
        let check = exotel.check.as_ref();
        Self {
            connected: true,
            account_sid: Some(exotel.settings.account_sid.to_string()),
            subdomain: Some(exotel.settings.subdomain),
            last_checked_at: check.map(|check| check.at),
            last_check_error: check.and_then(|check| check.error.clone()),
            numbers_imported,
            livekit_sip_host: None,
            version: exotel.version,
        }
    }
}

impl ExotelView {
    /// With masks in place of the secrets.
    pub fn new(exotel: &Exotel, numbers_imported: i64) -> Self {
        Self {
            summary: ExotelSummary::new(exotel, numbers_imported),
            api_key: Some(MASK.to_owned()),
            api_token: Some(MASK.to_owned()),
            created_at: Some(exotel.created_at),
            updated_at: Some(exotel.updated_at),
        }
    }
}
