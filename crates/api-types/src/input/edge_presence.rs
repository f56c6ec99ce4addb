//! `POST /presence/event`, `POST /cac/reset`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What happened at the SIP edge. Which fields count depends on `type`; unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct PresenceEvent {
    /// `register`, `dialog` or `agent`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The account.
    pub account_id: String,
    /// The edge node that reports.
    pub node: String,
    /// When it happened, in seconds or milliseconds since 1970.
    pub time: Option<i64>,
    /// `dialog`: `start`, `early`, `confirmed`, `renew` or `end`. `agent`: `login`, `logout`, `available`, `pause` or `unpause`.
    pub event: String,
    /// `register`, `dialog`: SIP's Call-ID.
    pub call_id: String,
    /// `register`: the address of record, `1001@acme.example`.
    pub aor: String,
    /// `register`: the Contact header as it was received, or `*`.
    pub contact: String,
    /// `register`: the Expires header in seconds, for contacts without a parameter `expires`.
    #[schema(value_type = Option<u32>)]
    pub expires: Option<EdgeNumber>,
    /// `register`: the number of the CSeq header.
    pub cseq: Option<u32>,
    /// `register`: where the request came from, `sip:192.0.2.7:5062;transport=tcp`.
    pub received: String,
    /// `register`: the Path header.
    pub path: String,
    /// `register`: the User-Agent header.
    pub user_agent: String,
    /// `register`: the device that has authenticated.
    pub device_id: String,
    /// `agent`: the edge user.
    pub user_id: String,
    /// `dialog`: the caller's number or address of record.
    pub from: String,
    /// `dialog`: the number or address of record that is called.
    pub to: String,
    /// `dialog`: the SIP status of the last response.
    #[schema(value_type = Option<u16>)]
    pub code: Option<EdgeNumber>,
    /// `dialog`: the reason phrase.
    pub reason: String,
}

/// A number, or its digits: a SIP edge sends what stands in a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EdgeNumber {
    /// A JSON number.
    Number(u32),
    /// Its digits.
    Text(String),
}

impl EdgeNumber {
    /// The number; None where the text is none.
    pub fn get(&self) -> Option<u32> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
        }
    }
}

/// `POST /cac/reset`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct CacResetInput {
    /// The account.
    pub account_id: String,
}
