use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{CarrierId, DidId, Exotel, ExotelSubdomain, MASK, Timestamp};

/// `GET /api/v1/integrations/exotel/summary`: from the database alone, Exotel is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelSummary {
    /// There are credentials; whether they are good, the last check says.
    pub connected: bool,
    pub account_sid: Option<String>,
    pub subdomain: Option<ExotelSubdomain>,
    /// When Exotel was last asked with these credentials; null: not yet.
    pub last_checked_at: Option<Timestamp>,
    /// Why that failed, and what to do; null where it went well.
    pub last_check_error: Option<String>,
    /// Numbers of any carrier that came by an import from Exotel.
    pub numbers_imported: i64,
    /// LiveKit's SIP endpoint, `host[:port]`, for Exotel's side; null where the server was not told.
    pub livekit_sip_host: Option<String>,
    /// 0 where nothing is connected.
    pub version: i64,
}

/// `GET /api/v1/integrations/exotel`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelView {
    #[serde(flatten)]
    pub summary: ExotelSummary,
    /// [`domain::MASK`], or null where nothing is connected; the token likewise.
    pub api_key: Option<String>,
    pub api_token: Option<String>,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}

/// `GET /api/v1/integrations/exotel/numbers`: as Exotel listed them at most a minute ago.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelNumbers {
    pub items: Vec<ExotelNumber>,
    /// False: Exotel has more than Trunkline reads, and some are missing here.
    pub complete: bool,
}

/// A number of the Exotel account (an ExoPhone), and where it stands in Trunkline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelNumber {
    /// As Exotel writes it, blanks removed; it names the number in an import.
    pub number: String,
    /// With `+`; null where Exotel's spelling and country do not tell.
    pub e164: Option<String>,
    /// For readers: in libphonenumber's international format (`+91 98123 45678`), or as it is where no plan is known.
    pub formatted: String,
    /// Exotel's friendly name, where it is more than the number again.
    pub label: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Exotel says whether it carries calls; null where it does not say.
    pub voice: Option<bool>,
    /// The carrier that has the number already.
    pub carrier_id: Option<CarrierId>,
    pub carrier_name: Option<String>,
    /// Why it is no phone number that a carrier could have.
    pub fault: Option<String>,
}

/// `POST /api/v1/integrations/exotel/import`: what happened to each number, or, with `dry_run`, what would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExotelImported {
    /// The carrier that the numbers are added to.
    pub carrier_id: CarrierId,
    pub dry_run: bool,
    /// Numbers that were added; in a dry run, that would be.
    pub added: i64,
    pub items: Vec<ImportedNumber>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedNumber {
    /// As it was asked for.
    pub number: String,
    pub e164: Option<String>,
    /// For readers: in libphonenumber's international format (`+91 98123 45678`), or as it is where no plan is known.
    pub formatted: String,
    pub label: Option<String>,
    pub outcome: ImportOutcome,
    /// The row, once there is one on the carrier.
    pub did_id: Option<DidId>,
    /// With `exists` and `taken`, who has it.
    pub carrier_id: Option<CarrierId>,
    pub carrier_name: Option<String>,
    /// With `invalid`, why.
    pub fault: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    Added,
    /// The carrier has it already; it stays as it is.
    Exists,
    /// Another carrier has it.
    Taken,
    /// No phone number that a carrier could have.
    Invalid,
    /// Exotel does not list it.
    Unknown,
}

impl ExotelSummary {
    /// `livekit_sip_host` stays None: the server's configuration has it, not the row.
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
    /// Secrets are masked.
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
