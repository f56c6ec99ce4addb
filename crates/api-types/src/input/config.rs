use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{JsonText, Text};
use domain::{BotId, ConnectedEvent, FieldErrors, FieldFault, text};

/// The longest `caller_id` and `stream_id`, in characters.
const MAX_ID: usize = 256;

/// The query of `GET /api/v1/config/{bot_id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ConfigQuery {
    /// The caller's number; only logged.
    #[param(required = false)]
    pub caller_id: String,
    /// The worker's media stream; only logged.
    #[param(required = false)]
    pub stream_id: String,
    /// A JSON object, such as `{"sip_candidate_headers": {"sip.h.x-customer-id": "C-7"}}`. Anything else counts as `{}`.
    #[param(required = false)]
    pub connected_event: String,
}

/// The body of `POST /api/v1/config`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ConfigInput {
    /// The bot that answers.
    #[schema(value_type = BotId, required = true)]
    pub bot_id: Text,
    /// The caller's number; only logged.
    #[schema(value_type = Option<String>)]
    pub caller_id: Option<Text>,
    /// The worker's media stream; only logged.
    #[schema(value_type = Option<String>)]
    pub stream_id: Option<Text>,
    /// A JSON object, or its text. Anything else counts as `{}`.
    #[schema(value_type = Option<Object>)]
    pub connected_event: Option<JsonText>,
    /// The call's SIP headers. Without them those of `connected_event.sip_candidate_headers` are filtered.
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"X-Customer-ID": "C-7"}))]
    pub headers: Option<BTreeMap<String, Text>>,
}

/// What a worker knows of its call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigRequest {
    /// The caller's number.
    pub caller_id: String,
    /// The worker's media stream.
    pub stream_id: String,
    /// The event that began the call.
    pub connected_event: ConnectedEvent,
    /// The call's SIP headers; None: those of the event.
    pub headers: Option<Vec<(String, String)>>,
}

impl ConfigQuery {
    /// Parses the query.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<ConfigRequest, FieldErrors> {
        request(&self.caller_id, &self.stream_id, &self.connected_event, FieldErrors::default())
    }
}

impl ConfigInput {
    /// Parses the body. A text that is no id of a bot is an unknown bot: None.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<(Option<BotId>, ConfigRequest), FieldErrors> {
        let mut errors = FieldErrors::default();
        if self.bot_id.is_blank() {
            errors.add("bot_id", FieldFault::required("Enter the id of the bot that answers: bot_…"));
        }
        let text = |text: &'_ Option<Text>| text.as_ref().map(|text| text.0.clone()).unwrap_or_default();
        let event = self.connected_event.as_ref().map_or("", |event| &event.0);
        let request = request(&text(&self.caller_id), &text(&self.stream_id), event, errors)?;
        let headers = self.headers.as_ref();
        let headers = headers.map(|map| map.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect());
        Ok((self.bot_id.0.trim().parse().ok(), ConfigRequest { headers, ..request }))
    }
}

fn request(caller: &str, stream: &str, event: &str, mut errors: FieldErrors) -> Result<ConfigRequest, FieldErrors> {
    let caller_id = errors.record("caller_id", text::plain(caller, "the caller's number", MAX_ID));
    let stream_id = errors.record("stream_id", text::plain(stream, "the stream's id", MAX_ID));
    match (caller_id, stream_id) {
        (Some(caller_id), Some(stream_id)) if errors.is_empty() => {
            Ok(ConfigRequest { caller_id, stream_id, connected_event: ConnectedEvent::read(event), headers: None })
        }
        _ => Err(errors),
    }
}
