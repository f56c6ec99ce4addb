//! SIP URIs (RFC 3261 §19.1).

use std::{borrow::Cow, fmt, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{SipAddress, field::FieldFault, text};

/// What a user part may contain as it is: `unreserved` and `user-unreserved` (RFC 3261 §25.1).
const USER: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b';')
    .remove(b'?')
    .remove(b'/');

/// A `sip:` or `sips:` URI without a password and without headers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SipUri {
    secure: bool,
    user: Option<String>,
    address: SipAddress,
    /// With the leading semicolon; empty without parameters.
    parameters: String,
}

impl SipUri {
    /// The longest text that is read, in bytes.
    pub const MAX: usize = 512;

    /// The URI of a user at a host; the user is written with escapes where necessary.
    ///
    /// # Errors
    /// A control character in the user, or more than [`Self::MAX`] bytes.
    pub fn new(user: &str, address: SipAddress) -> Result<Self, FieldFault> {
        Self { secure: false, user: Some(plain_user(user)?), address, parameters: String::new() }.checked()
    }

    /// The URI with a parameter that it does not have yet, such as `transport=tcp`.
    ///
    /// # Errors
    /// Characters that a parameter can't have, or more than [`Self::MAX`] bytes.
    pub fn with_parameter(mut self, name: &str, value: &str) -> Result<Self, FieldFault> {
        if self.parameter(name).is_some() {
            return Ok(self);
        }
        let parameter = format!(";{name}={value}");
        check_parameters(&parameter)?;
        self.parameters.push_str(&parameter);
        self.checked()
    }

    /// Whether the scheme is `sips`.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The user without escapes.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Host and port.
    pub fn address(&self) -> &SipAddress {
        &self.address
    }

    /// The value of a parameter, empty for one without a value; names are compared without case (RFC 3261 §19.1.4).
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.split(';').skip(1);
        parameters.find_map(|parameter| {
            let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn checked(self) -> Result<Self, FieldFault> {
        if self.to_string().len() > Self::MAX {
            return Err(too_long());
        }
        Ok(self)
    }
}

impl fmt::Display for SipUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.secure { "sips:" } else { "sip:" })?;
        if let Some(user) = &self.user {
            write!(f, "{}@", utf8_percent_encode(user, USER))?;
        }
        write!(f, "{}{}", self.address, self.parameters)
    }
}

impl FromStr for SipUri {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        if text.len() > Self::MAX {
            return Err(too_long());
        }
        let (scheme, rest) = text.split_once(':').unwrap_or_default();
        let secure = scheme.eq_ignore_ascii_case("sips");
        if !secure && !scheme.eq_ignore_ascii_case("sip") {
            return Err(FieldFault::new(
                "bad_scheme",
                "A SIP URI starts with sip: or sips:, such as sip:1001@example.com.",
            ));
        }
        // A user may contain `;` and `?`, the rest has no `@`.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, rest)) => (Some(read_user(user)?), rest),
            None => (None, rest),
        };
        let end = rest.find(';').unwrap_or(rest.len());
        let (host, parameters) = rest.split_at(end);
        if rest.contains('?') {
            return Err(FieldFault::new(
                "has_headers",
                "Remove the headers of the SIP URI: the question mark and what follows.",
            ));
        }
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(FieldFault::new("bad_host", "A SIP URI names a host, such as sip:1001@example.com."));
        }
        check_parameters(parameters)?;
        Self { secure, user, address: host.parse()?, parameters: parameters.to_owned() }.checked()
    }
}

fn too_long() -> FieldFault {
    FieldFault::new("too_long", format!("A SIP URI has at most {} bytes.", SipUri::MAX))
}

fn read_user(user: &str) -> Result<String, FieldFault> {
    let is_allowed = |byte: u8| byte == b'%' || (byte.is_ascii_graphic() && !b"\"<>@#[]\\^`{|}:".contains(&byte));
    if user.contains(':') {
        return Err(FieldFault::new("has_password", "Remove the password from the SIP URI."));
    }
    let escapes = user.match_indices('%').all(|(at, _)| {
        user.as_bytes().get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if !user.bytes().all(is_allowed) || !escapes {
        return Err(bad_user());
    }
    match percent_decode_str(user).decode_utf8() {
        Ok(decoded) => plain_user(&decoded),
        Err(_) => Err(bad_user()),
    }
}

fn plain_user(user: &str) -> Result<String, FieldFault> {
    if user.is_empty() {
        return Err(FieldFault::new("bad_user", "The user of the SIP URI is empty."));
    }
    match text::plain(user, "the user of the SIP URI", SipUri::MAX)? {
        plain if plain == user => Ok(plain),
        _ => Err(bad_user()),
    }
}

fn bad_user() -> FieldFault {
    FieldFault::new(
        "bad_user",
        "Write other characters than letters and digits in the user of a SIP URI as escapes: %40.",
    )
}

/// `uri-parameters` (RFC 3261 §25.1).
fn check_parameters(parameters: &str) -> Result<(), FieldFault> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()[]/:&+$%".contains(&byte);
    let is_parameter = |parameter: &str| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, "-"));
        !name.is_empty() && !value.is_empty() && name.bytes().chain(value.bytes()).all(is_allowed)
    };
    if parameters.is_empty() || parameters.split(';').skip(1).all(is_parameter) {
        return Ok(());
    }
    Err(FieldFault::new("bad_parameters", "Write the parameters of a SIP URI as ;name=value, such as ;transport=tcp."))
}

impl Serialize for SipUri {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SipUri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> &'static str {
        text.parse::<SipUri>().map(|_| "ok").unwrap_or_else(|fault| fault.code)
    }

    #[test]
    fn parts_are_read_and_written() {
        for (text, written, user) in [
            ("sip:1001@example.com", "sip:1001@example.com", Some("1001")),
            ("SIPS:1001@EXAMPLE.com:5061", "sips:1001@example.com:5061", Some("1001")),
            (
                "sip:+14155550123@[2001:DB8::1]:5060;transport=TCP",
                "sip:+14155550123@[2001:db8::1]:5060;transport=TCP",
                Some("+14155550123"),
            ),
            ("sip:example.com;lr", "sip:example.com;lr", None),
            ("sip:+1415;ext=5@10.0.0.1", "sip:+1415;ext=5@10.0.0.1", Some("+1415;ext=5")),
            ("sip:%61%40b@h", "sip:a%40b@h", Some("a@b")),
        ] {
            let uri: SipUri = text.parse().unwrap();
            assert_eq!((uri.to_string().as_str(), uri.user()), (written, user));
        }
        let uri: SipUri = "sip:1@h;Transport=tls;ob".parse().unwrap();
        assert_eq!(
            (uri.parameter("transport"), uri.parameter("OB"), uri.parameter("x")),
            (Some("tls"), Some(""), None)
        );
    }

    #[test]
    fn other_text_is_refused_with_its_reason() {
        for (text, expected) in [
            ("", "bad_scheme"),
            ("1001@example.com", "bad_scheme"),
            ("tel:+14155550123", "bad_scheme"),
            ("sip:", "bad_host"),
            ("sip:1001@", "bad_host"),
            ("sip:@example.com", "bad_user"),
            ("sip:a:secret@example.com", "has_password"),
            ("sip:1001@example.com?Subject=x", "has_headers"),
            ("sip:10 01@example.com", "bad_user"),
            ("sip:1001@exa mple.com", "bad_host"),
            ("sip:1001%0d%0aX-Evil:1@example.com", "has_password"),
            ("sip:1001%0d%0aX@example.com", "unprintable_character"),
            ("sip:1001%00@example.com", "unprintable_character"),
            ("sip:1001%2@example.com", "bad_user"),
            ("sip:\"a\"@example.com", "bad_user"),
            ("sip:\u{661}\u{662}@example.com", "bad_user"),
            ("sip:1001@example.com\r\nX-Evil: 1", "bad_host"),
            ("sip:1001@example.com;a=b\r\nX-Evil: 1", "bad_parameters"),
            ("sip:1001@example.com;", "bad_parameters"),
            ("sip:1001@2001:db8::1", "bare_ipv6"),
        ] {
            assert_eq!(code(text), expected, "{text:?}");
        }
        assert_eq!(code(&format!("sip:{}@example.com", "1".repeat(65_536))), "too_long");
    }

    #[test]
    fn user_with_control_characters_is_refused() {
        for user in ["a\r\nX-Evil: 1", "a\0", "", " a"] {
            assert!(SipUri::new(user, "example.com".parse().unwrap()).is_err(), "{user:?}");
        }
        assert!(SipUri::new(&"1".repeat(600), "example.com".parse().unwrap()).is_err());
    }

    proptest! {
        #[test]
        fn written_uri_is_parsed(user in "[^\\s\\pC]{1,40}", host in "[a-z]{1,9}(:[1-9][0-9]{0,3})?", value in "[a-z0-9]{1,9}") {
            if let Ok(uri) = SipUri::new(&user, host.parse().unwrap()) {
                let uri = uri.with_parameter("x", &value).unwrap();
                let text = uri.to_string();
                prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'), "{}", text);
                prop_assert_eq!(text.parse::<SipUri>().unwrap(), uri);
            }
        }

        #[test]
        fn parsed_text_has_no_control_characters(text in "sips?:([\\PC\\r\\n\\x00]|%0[0-9ad]){0,30}@?[a-z\\[\\]:;=0-9\\r\\n]{0,30}") {
            if let Ok(uri) = text.parse::<SipUri>() {
                let written = uri.to_string();
                prop_assert!(written.bytes().all(|byte| byte.is_ascii_graphic()), "{}", written);
                prop_assert_eq!(written.parse::<SipUri>().unwrap(), uri);
            }
        }
    }
}
