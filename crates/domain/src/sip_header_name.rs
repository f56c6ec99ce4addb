//! Names of SIP headers.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{field::FieldFault, text};

/// The prefix of the participant attributes into which LiveKit copies headers: `sip.h.x-customer-id`.
pub const HEADER_ATTRIBUTE_PREFIX: &str = "sip.h.";

/// Headers that LiveKit writes itself, and short forms (`sip_validation.go` of livekit/protocol).
const WRITTEN_BY_LIVEKIT: [&str; 26] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "allow",
    "allow-events",
    "call-id",
    "contact",
    "content-encoding",
    "content-length",
    "content-type",
    "cseq",
    "event",
    "expires",
    "from",
    "max-forwards",
    "record-route",
    "refer-to",
    "reply-to",
    "k",
    "l",
    "m",
    "o",
    "r",
    "t",
    "u",
    "v",
];

/// Headers with credentials or challenges (RFC 3261 §20), which must not reach a prompt.
const CREDENTIALS: [&str; 4] = ["authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate"];

/// The name of a SIP header: a `token` of RFC 3261 §25.1. SIP compares names without case
/// (§7.3.1), as [`Self::matches`] does; two spellings of a name are different values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipHeaderName(String);

impl SipHeaderName {
    /// The longest name, in characters: LiveKit's limit.
    pub const MAX: usize = 255;

    /// The name as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the two are the same header.
    pub fn matches(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }

    /// The participant attribute into which LiveKit copies the header: `sip.h.x-customer-id`.
    pub fn attribute(&self) -> String {
        format!("{HEADER_ATTRIBUTE_PREFIX}{}", self.0.to_ascii_lowercase())
    }
}

impl FromStr for SipHeaderName {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let name = text::plain(text, "the header name", Self::MAX)?;
        // The attribute's name, as a participant shows it.
        let name = strip_attribute_prefix(&name);
        if name.is_empty() {
            return Err(FieldFault::required("Enter the name of a SIP header, such as X-Customer-ID."));
        }
        if name.contains(':') {
            let message = "Enter the header's name alone, without a colon and value: X-Customer-ID.";
            return Err(FieldFault::new("has_value", message));
        }
        if let Some(character) = name.chars().find(|&character| !is_token(character)) {
            return Err(FieldFault::new(
                "bad_header_name",
                format!(
                    "{} cannot be part of a header name: it has letters, digits and -.!%*_+`'~ only, as in X-Customer-ID.",
                    if character == ' ' { "A blank".to_owned() } else { character.to_string() }
                ),
            ));
        }
        let lower = name.to_ascii_lowercase();
        if WRITTEN_BY_LIVEKIT.contains(&lower.as_str()) {
            let message = format!("LiveKit writes {name} itself. Choose a header of your own, such as X-Customer-ID.");
            return Err(FieldFault::new("reserved_header", message));
        }
        if CREDENTIALS.contains(&lower.as_str()) {
            let message = format!("{name} has credentials, which must not reach a prompt. Remove it.");
            return Err(FieldFault::new("secret_header", message));
        }
        Ok(Self(name.to_owned()))
    }
}

/// The characters of a `token` (RFC 3261 §25.1).
fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-.!%*_+`'~".contains(character)
}

/// The key without the prefix of LiveKit's attributes, in any case.
pub(crate) fn strip_attribute_prefix(key: &str) -> &str {
    match key.get(..HEADER_ATTRIBUTE_PREFIX.len()) {
        Some(prefix) if prefix.eq_ignore_ascii_case(HEADER_ATTRIBUTE_PREFIX) => &key[prefix.len()..],
        _ => key,
    }
}

impl fmt::Display for SipHeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for SipHeaderName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SipHeaderName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        text.parse::<SipHeaderName>().unwrap_err().code
    }

    #[test]
    fn name_is_a_token() {
        for good in ["X-Customer-ID", "x_lead", "User-to-User", "X-!%*_+`'~.1", "  X-Trimmed \t"] {
            assert!(good.parse::<SipHeaderName>().is_ok(), "{good}");
        }
        for bad in ["X Customer", "X-Größe", "X-A;b", "X-\"A\"", "X-(A)", "X-A,B", "X-😀"] {
            assert_eq!(code(bad), "bad_header_name", "{bad}");
        }
        assert_eq!((code(""), code(" sip.h. "), code("X-A: 1")), ("required", "required", "has_value"));
        assert_eq!((code("X-A\r\nX-B"), code("X-A\0")), ("unprintable_character", "unprintable_character"));
        assert_eq!(code(&"x".repeat(SipHeaderName::MAX + 1)), "too_long");
    }

    #[test]
    fn headers_of_livekit_and_credentials_are_rejected_in_any_case() {
        for reserved in ["From", "CONTACT", "call-id", "v", "sip.h.from"] {
            assert_eq!(code(reserved), "reserved_header", "{reserved}");
        }
        assert_eq!(code("Proxy-Authorization"), "secret_header");
    }

    #[test]
    fn names_are_compared_without_case() {
        let name = |text: &str| text.parse::<SipHeaderName>().unwrap();
        assert!(name("X-Customer-ID").matches("x-customer-id"));
        assert!(!name("X-Customer-ID").matches("X_Customer_ID"));
        assert_eq!(name("SIP.H.X-Customer-ID").as_str(), "X-Customer-ID");
        assert_eq!(name("X-Customer-ID").attribute(), "sip.h.x-customer-id");
    }
}
