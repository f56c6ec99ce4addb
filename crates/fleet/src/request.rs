//! Bodies of requests and answers.

use serde::Serialize;
use serde_json::Value;

/// The body of `POST /livekit/dialout`.
#[derive(Clone, Debug, Serialize)]
pub struct DialoutRequest {
    /// The bot that talks.
    pub bot_id: String,
    /// The number to call.
    pub to_number: String,
    /// The number that is shown to the called party.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_number: Option<String>,
    /// What the bot knows about the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connected_event: Option<Value>,
    /// Where the workers read the bot's configuration.
    pub config_url: String,
}

/// The body of `POST /livekit/dispatch`.
#[derive(Clone, Debug, Serialize)]
pub struct DispatchRequest {
    /// The LiveKit room of the call.
    pub room_name: String,
    /// The caller's number.
    pub caller_number: String,
    /// The called number.
    pub dialed_number: String,
    /// LiveKit's id of the SIP call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
}

/// A complete answer of any status.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body; None where it is not JSON.
    pub body: Option<Value>,
    /// The `error` field of the body, or the first words of the body, without the core secret.
    pub error: String,
    /// `Retry-After` in seconds.
    pub retry_after_seconds: Option<u64>,
}
