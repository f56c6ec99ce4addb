//! LiveKit's webhooks: their signature, and the parts of their bodies that Trunkline reads.
//!
//! Source: `webhook/` in livekit/protocol. The signature covers the SHA-256 of the body, so that it is checked before anything
//! is parsed. Bodies are read field by field: a newer LiveKit may send fields and names of enumerations that are not known.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use domain::{Secret, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;

/// Characters of a text that are kept; a room's name has at most 256.
const MAX_TEXT: usize = 256;
/// Attributes of a participant that are kept.
const MAX_ATTRIBUTES: usize = 200;
/// Seconds by which the clocks may differ, either way.
const LEEWAY: u64 = 60;

/// Checks that webhooks come from the LiveKit project with this key.
#[derive(Clone, Debug)]
pub struct WebhookReceiver {
    api_key: String,
    api_secret: Secret,
}

/// The request is not LiveKit's, or its body was changed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the signature is invalid")]
pub struct InvalidSignature;

/// The claims that are used.
#[derive(Deserialize)]
struct Claims {
    /// Standard base64 of the body's SHA-256.
    sha256: String,
}

impl WebhookReceiver {
    /// For the key that signs the project's webhooks (`webhook.api_key` in LiveKit's configuration).
    pub fn new(api_key: String, api_secret: Secret) -> Self {
        Self { api_key, api_secret }
    }

    /// Checks the `Authorization` header, with or without `Bearer`, against the body's bytes.
    ///
    /// # Errors
    /// [`InvalidSignature`] for a token of another key, an expired one, and one for another body.
    pub fn verify(&self, authorization: &str, body: &[u8]) -> Result<(), InvalidSignature> {
        let token = match authorization.trim().split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => authorization.trim(),
        };
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_required_spec_claims(&["exp", "iss"]);
        rules.set_issuer(&[&self.api_key]);
        rules.validate_aud = false;
        rules.validate_nbf = true;
        rules.leeway = LEEWAY;
        let key = DecodingKey::from_secret(self.api_secret.expose().as_bytes());
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules).map_err(|_| InvalidSignature)?.claims;
        let claimed = BASE64.decode(claims.sha256).map_err(|_| InvalidSignature)?;
        let is_equal: bool = Sha256::digest(body).as_slice().ct_eq(&claimed).into();
        if is_equal { Ok(()) } else { Err(InvalidSignature) }
    }
}

/// An event, reduced to what Trunkline reads. Texts have no control characters and at most 256 characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookEvent {
    /// `EV_…`; the same when LiveKit repeats the event.
    pub id: String,
    /// `participant_joined`
    pub event: String,
    /// In whole seconds; None where the event has no time.
    pub created_at: Option<Timestamp>,
    /// The room's name; empty where the event has no room.
    pub room_name: String,
    /// The participant.
    pub participant: Option<WebhookParticipant>,
}

/// The participant of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookParticipant {
    /// `PA_…`
    pub id: String,
    /// Unique in the room.
    pub identity: String,
    /// `SIP`, `AGENT`, …; empty for a standard participant.
    pub kind: String,
    /// `sip.callID` and others.
    pub attributes: BTreeMap<String, String>,
    /// The name of LiveKit's `DisconnectReason`; empty where there is none.
    pub disconnect_reason: String,
}

impl WebhookEvent {
    /// Reads a body whose signature was checked.
    ///
    /// # Errors
    /// Where it is not a JSON object with an event and an id.
    pub fn parse(body: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let (id, event) = (text(&value["id"]), text(&value["event"]));
        if id.is_empty() || event.is_empty() {
            return Err("the event or its id is missing".to_owned());
        }
        let participant = value.get("participant").filter(|participant| participant.is_object());
        Ok(Self {
            id,
            event,
            created_at: seconds(value.get("createdAt").or(value.get("created_at"))),
            room_name: text(&value["room"]["name"]),
            participant: participant.map(WebhookParticipant::read),
        })
    }
}

impl WebhookParticipant {
    fn read(value: &Value) -> Self {
        let reason = value.get("disconnectReason").or(value.get("disconnect_reason")).unwrap_or(&Value::Null);
        let attributes = value["attributes"].as_object().into_iter().flatten();
        Self {
            id: text(&value["sid"]),
            identity: text(&value["identity"]),
            kind: name(&value["kind"], KINDS),
            attributes: attributes
                .filter(|(_, value)| value.is_string())
                .take(MAX_ATTRIBUTES)
                .map(|(name, value)| (plain(name), text(value)))
                .collect(),
            disconnect_reason: name(reason, REASONS),
        }
    }

    /// The value of an attribute; None where it is missing or empty.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// `ParticipantInfo.Kind`, by number.
const KINDS: &[&str] = &["STANDARD", "INGRESS", "EGRESS", "SIP", "AGENT"];
/// `DisconnectReason`, by number.
const REASONS: &[&str] = &[
    "UNKNOWN_REASON",
    "CLIENT_INITIATED",
    "DUPLICATE_IDENTITY",
    "SERVER_SHUTDOWN",
    "PARTICIPANT_REMOVED",
    "ROOM_DELETED",
    "STATE_MISMATCH",
    "JOIN_FAILURE",
    "MIGRATION",
    "SIGNAL_CLOSE",
    "ROOM_CLOSED",
    "USER_UNAVAILABLE",
    "USER_REJECTED",
    "SIP_TRUNK_FAILURE",
    "CONNECTION_TIMEOUT",
    "MEDIA_FAILURE",
    "AGENT_ERROR",
];

/// An enumeration's name: LiveKit writes names, and protobuf's JSON allows numbers.
fn name(value: &Value, names: &[&str]) -> String {
    match value.as_u64() {
        Some(number) => {
            let known = usize::try_from(number).ok().and_then(|index| names.get(index));
            known.map_or_else(|| number.to_string(), |name| (*name).to_owned())
        }
        None => text(value),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map(plain).unwrap_or_default()
}

/// PostgreSQL refuses NUL in a text; other control characters have no place on a page.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(MAX_TEXT).collect()
}

/// Protobuf's JSON writes 64-bit integers as texts.
fn seconds(value: Option<&Value>) -> Option<Timestamp> {
    let value = value?;
    let seconds = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    (seconds > 0).then(|| Timestamp::from_millis(seconds.saturating_mul(1000)))
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode, get_current_timestamp};
    use serde_json::json;

    use super::*;

    const BODY: &[u8] = br#"{"event":"room_started","id":"EV_1"}"#;

    fn receiver() -> WebhookReceiver {
        WebhookReceiver::new("devkey".to_owned(), Secret::new("secret"))
    }

    fn claims(body: &[u8]) -> Value {
        let now = get_current_timestamp();
        json!({ "iss": "devkey", "nbf": now, "exp": now + 300, "sha256": BASE64.encode(Sha256::digest(body)) })
    }

    fn token(claims: &Value, secret: &str) -> String {
        encode(&Header::default(), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    }

    #[test]
    fn signed_body_is_accepted_with_and_without_bearer() {
        let token = token(&claims(BODY), "secret");
        for authorization in [token.clone(), format!("Bearer {token}"), format!("bearer  {token} ")] {
            assert_eq!(receiver().verify(&authorization, BODY), Ok(()), "{authorization}");
        }
    }

    #[test]
    fn any_other_token_is_rejected() {
        let with = |name: &str, value: Value| {
            let mut claims = claims(BODY);
            claims[name] = value;
            token(&claims, "secret")
        };
        let without = |name: &str| {
            let mut claims = claims(BODY);
            claims.as_object_mut().unwrap().remove(name);
            token(&claims, "secret")
        };
        let none = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJkZXZrZXkifQ.";
        for (case, token) in [
            ("another secret", token(&claims(BODY), "other")),
            ("another body", token(&claims(b"{}"), "secret")),
            ("another key", with("iss", json!("other"))),
            ("no key", without("iss")),
            ("expired", with("exp", json!(get_current_timestamp() - 120))),
            ("no expiry", without("exp")),
            ("not valid yet", with("nbf", json!(get_current_timestamp() + 120))),
            ("no hash", without("sha256")),
            ("a hash that is no base64", with("sha256", json!("!"))),
            ("a short hash", with("sha256", json!("AAAA"))),
            ("no signature", none.to_owned()),
            ("no token", "Bearer ".to_owned()),
        ] {
            assert_eq!(receiver().verify(&token, BODY), Err(InvalidSignature), "{case}");
        }
    }

    #[test]
    fn unknown_fields_and_names_are_accepted() {
        let body = json!({
            "event": "participant_joined",
            "id": "EV_1",
            "createdAt": "1795731562",
            "futureField": { "deep": [1, 2] },
            "room": { "name": "call-1", "kind": "ROOM_OF_THE_FUTURE" },
            "participant": { "sid": "PA_1", "identity": "sip_1", "kind": "SIP", "state": "DREAMING",
                             "disconnectReason": "BECAUSE", "attributes": { "sip.callID": "SCL_1", "odd": 7 } },
        });
        let event = WebhookEvent::parse(body.to_string().as_bytes()).unwrap();
        assert_eq!(event.created_at, Some(Timestamp::from_millis(1_795_731_562_000)));
        let participant = event.participant.unwrap();
        assert_eq!((participant.kind.as_str(), participant.disconnect_reason.as_str()), ("SIP", "BECAUSE"));
        assert_eq!((participant.attribute("sip.callID"), participant.attribute("odd")), (Some("SCL_1"), None));
    }

    #[test]
    fn numbers_stand_for_names() {
        let body =
            json!({ "event": "participant_left", "id": "EV_1", "participant": { "kind": 3, "disconnectReason": 12 } });
        let participant = WebhookEvent::parse(body.to_string().as_bytes()).unwrap().participant.unwrap();
        assert_eq!((participant.kind.as_str(), participant.disconnect_reason.as_str()), ("SIP", "USER_REJECTED"));
        let body = json!({ "event": "x", "id": "EV_1", "participant": { "kind": 99, "disconnectReason": -1 } });
        let participant = WebhookEvent::parse(body.to_string().as_bytes()).unwrap().participant.unwrap();
        assert_eq!((participant.kind.as_str(), participant.disconnect_reason.as_str()), ("99", ""));
    }

    #[test]
    fn texts_are_cut_and_cleared_of_control_characters() {
        let long = "x".repeat(10_000);
        let body = json!({ "event": "x", "id": "EV\u{0}_1\r\n", "room": { "name": long } });
        let event = WebhookEvent::parse(body.to_string().as_bytes()).unwrap();
        assert_eq!((event.id.as_str(), event.room_name.len()), ("EV_1", 256));
    }

    #[test]
    fn body_without_event_or_id_is_rejected() {
        for body in ["", "[]", "null", "7", "{}", r#"{"event":"x"}"#, r#"{"id":"EV_1"}"#, r#"{"event":1,"id":2}"#] {
            assert!(WebhookEvent::parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
