//! What a worker passes on of the event that began a call.

use serde_json::{Map, Value};

use crate::text;

/// A JSON object. Keys that begin with an underscore and `sip_candidate_headers` are reserved; all others are the caller's
/// own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectedEvent(Map<String, Value>);

impl ConnectedEvent {
    /// The longest session id, in characters.
    const MAX_SESSION_ID: usize = 128;

    /// Parses the text. Anything but a JSON object counts as an empty one, so that a call goes on.
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).map(Self).unwrap_or_default()
    }

    /// The id of the session that a campaign has begun: `_campaign_session_id`.
    pub fn campaign_session_id(&self) -> Option<String> {
        let id = self.0.get("_campaign_session_id")?.as_str()?;
        text::plain(id, "the session id", Self::MAX_SESSION_ID).ok().filter(|id| !id.is_empty())
    }

    /// The call's SIP headers, which a bot's configuration filters: `sip_candidate_headers`. Values that are no text,
    /// number or flag are left out.
    pub fn sip_candidate_headers(&self) -> Vec<(String, String)> {
        let headers = self.0.get("sip_candidate_headers").and_then(Value::as_object);
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        headers.into_iter().flatten().filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_text_counts_as_an_empty_object() {
        for text in ["", "{", "[1]", "null", "\"text\"", "nonsense"] {
            assert_eq!(ConnectedEvent::read(text), ConnectedEvent::default(), "{text}");
        }
    }

    #[test]
    fn session_id_is_a_printable_text() {
        let id = |text: &str| ConnectedEvent::read(text).campaign_session_id();
        assert_eq!(id(r#"{"_campaign_session_id": " s-1 "}"#).as_deref(), Some("s-1"));
        for none in ["{}", r#"{"_campaign_session_id": ""}"#, r#"{"_campaign_session_id": 7}"#] {
            assert_eq!(id(none), None, "{none}");
        }
        assert_eq!(id(r#"{"_campaign_session_id": "a\r\nb"}"#), None);
        assert_eq!(id(&format!(r#"{{"_campaign_session_id": "{}"}}"#, "x".repeat(129))), None);
    }

    #[test]
    fn headers_are_texts_numbers_and_flags() {
        let event = r#"{"sip_candidate_headers": {"X-A": "a", "X-B": 7, "X-C": true, "X-D": null, "X-E": []}}"#;
        let headers = ConnectedEvent::read(event).sip_candidate_headers();
        let text = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(headers, [text("X-A", "a"), text("X-B", "7"), text("X-C", "true")]);
        assert!(ConnectedEvent::read(r#"{"sip_candidate_headers": ["X-A"]}"#).sip_candidate_headers().is_empty());
    }
}
