use domain::{Carrier, Did, MASK, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::input::TrunkType;

/// Every response of the trunk API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Envelope<T> {
    /// Whether the operation was successful.
    pub success: bool,
    /// A sentence for people.
    pub message: String,
    /// The result.
    pub data: T,
}

impl<T> Envelope<T> {
    /// A successful response.
    pub fn success(message: &str, data: T) -> Self {
        Self { success: true, message: message.to_owned(), data }
    }
}

/// A failure of the trunk API; `data` is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"success": false, "message": "Invalid API key", "data": null}))]
pub struct TrunkFailure {
    /// False.
    pub success: bool,
    /// What to do.
    pub message: String,
    /// Null.
    #[schema(value_type = Option<Object>)]
    pub data: (),
}

/// The result of `POST /sip/create-outbound-trunk`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrunkCreated {
    /// LiveKit's id of the outbound trunk, `ST_…`.
    pub trunk_id: String,
}

/// An entry of `GET /sip/list`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrunkView {
    /// LiveKit's id of the outbound trunk, `ST_…`.
    pub trunk_id: String,
    /// The carrier's name.
    pub trunk_name: String,
    /// `host[:port]` to which outbound calls are sent.
    pub trunk_address: String,
    /// The numbers for outbound calls.
    pub trunk_numbers: Vec<String>,
    /// The carrier's provider.
    pub trunk_type: TrunkType,
    /// ISO 8601 in UTC, to the microsecond and without an offset.
    #[schema(example = "2024-01-15T10:00:00.000000")]
    pub trunk_created_at: String,
}

/// The result of `GET /sip/{trunk_id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrunkDetails {
    /// The trunk, as the list has it.
    #[serde(flatten)]
    pub trunk: TrunkView,
    /// The SIP username.
    pub trunk_auth_username: Option<String>,
    /// [`domain::MASK`], or null where there is no password.
    pub trunk_auth_password: Option<String>,
}

impl TrunkView {
    /// The carrier as a trunk; None without an outbound trunk, or of another provider. `dids` are at least the carrier's.
    pub fn new(carrier: &Carrier, dids: &[Did]) -> Option<Self> {
        let outbound = |did: &&Did| did.carrier_id == carrier.id && did.settings.direction.dials();
        Some(Self {
            trunk_id: carrier.sync.outbound_trunk_id.clone()?,
            trunk_name: carrier.settings.name.to_string(),
            trunk_address: carrier.settings.sip_address.to_string(),
            trunk_numbers: dids.iter().filter(outbound).map(|did| did.number.canonical().to_owned()).collect(),
            trunk_type: TrunkType::of(carrier.settings.provider)?,
            trunk_created_at: microseconds(carrier.created_at),
        })
    }
}

impl TrunkDetails {
    /// As [`TrunkView::new`].
    pub fn new(carrier: &Carrier, dids: &[Did]) -> Option<Self> {
        let credentials = carrier.settings.credentials.as_ref();
        Some(Self {
            trunk: TrunkView::new(carrier, dids)?,
            trunk_auth_username: credentials.map(|credentials| credentials.username.to_string()),
            trunk_auth_password: credentials.map(|_| MASK.to_owned()),
        })
    }
}

/// `2024-01-15T10:00:00.000000`
fn microseconds(at: Timestamp) -> String {
    format!("{}000", at.rfc3339().trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_has_microseconds_and_no_offset() {
        let at = Timestamp::parse("2024-01-15T10:00:00.007Z").unwrap();
        assert_eq!(microseconds(at), "2024-01-15T10:00:00.007000");
    }
}
