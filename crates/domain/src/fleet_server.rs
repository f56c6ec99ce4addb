//! Fleet servers: the hosts whose workers run calls.

use std::{fmt, str::FromStr};

use crate::{AccountId, FleetServerId, FleetServerName, SipAddress, Timestamp, field::FieldFault, text};

/// A host of the fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetServer {
    /// Id of the row.
    pub id: FleetServerId,
    /// The account of the row.
    pub account_id: AccountId,
    /// The operator's settings.
    pub settings: FleetServerSettings,
    /// When the server was added.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// The operator's settings of a fleet server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetServerSettings {
    /// Base URL of its HTTP API, different from those of the account's other servers.
    pub url: FleetUrl,
    /// The server's name on pages.
    pub name: Option<FleetServerName>,
    /// A disabled server is neither polled nor given calls.
    pub enabled: bool,
}

impl FleetServerSettings {
    /// What the server is called: its name, or its URL.
    pub fn label(&self) -> &str {
        self.name.as_ref().map_or(self.url.as_str(), |name| name.as_str())
    }
}

/// Base URL of a fleet server, without a final slash: `https://core-1.example.com`. Scheme and host are in lower case, and the
/// scheme's default port is left out, so that two spellings of one URL are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FleetUrl(String);

impl FleetUrl {
    /// The longest URL, in characters.
    pub const MAX: usize = 500;

    /// The URL as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FleetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FleetUrl {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the URL", Self::MAX)?;
        if text.is_empty() {
            return Err(FieldFault::required("Enter the server's base URL, such as https://core-1.example.com."));
        }
        let (scheme, default_port, rest) = split_scheme(&text)?;
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        if authority.contains('@') {
            return Err(FieldFault::new(
                "has_user",
                "Remove the user and the password: the server gets the core secret.",
            ));
        }
        if rest.contains(['?', '#']) {
            return Err(FieldFault::new("has_query", "End the URL with the host, the port or a path: no ? and no #."));
        }
        let address: SipAddress = authority.parse().map_err(|_| {
            FieldFault::new(
                "bad_host",
                "After the scheme comes a host name or an IP address, and its port if it has one.",
            )
        })?;
        let authority = address.to_string();
        let authority = match address.port() {
            Some(port) if port == default_port => authority.trim_end_matches(&format!(":{port}")),
            _ => &authority,
        };
        let path = path.trim_end_matches('/');
        if !is_path(path) {
            return Err(FieldFault::new(
                "bad_path",
                "Enter the path as it is sent, such as /core: no blanks, no // and no dots alone.",
            ));
        }
        Ok(Self(format!("{scheme}://{authority}{path}")))
    }
}

/// The scheme, its default port, and what follows `://`.
fn split_scheme(text: &str) -> Result<(&'static str, u16, &str), FieldFault> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(("https", 443, rest)),
        "http" => Ok(("http", 80, rest)),
        _ => Err(FieldFault::new("bad_scheme", "Begin the URL with https:// or http://.")),
    }
}

/// A path of RFC 3986 §3.3 (`path-abempty`) without empty and dot segments, which servers and proxies resolve differently.
fn is_path(path: &str) -> bool {
    let is_segment = |segment: &str| {
        let escapes_are_complete = segment
            .split('%')
            .skip(1)
            .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()));
        let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%".contains(&byte);
        !matches!(segment, "" | "." | "..") && segment.bytes().all(is_character) && escapes_are_complete
    };
    path.split('/').skip(1).all(is_segment)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn url_is_normalised() {
        for (given, normalised) in [
            ("https://core-1.example.com", "https://core-1.example.com"),
            (" HTTPS://Core-1.Example.com:443/ ", "https://core-1.example.com"),
            ("http://10.0.0.7:8080//", "http://10.0.0.7:8080"),
            ("http://core:80/voice/", "http://core/voice"),
            ("https://core:80", "https://core:80"),
            ("http://[2001:DB8::1]:8080/a%20b", "http://[2001:db8::1]:8080/a%20b"),
            ("http://[::443]", "http://[::443]"),
        ] {
            assert_eq!(given.parse::<FleetUrl>().unwrap().as_str(), normalised);
        }
    }

    #[test]
    fn other_text_is_rejected_with_its_reason() {
        for (given, code) in [
            ("", "required"),
            ("core-1.example.com", "bad_scheme"),
            ("ftp://core", "bad_scheme"),
            ("wss://core", "bad_scheme"),
            ("http://", "bad_host"),
            ("http:///health", "bad_host"),
            ("http://core:0", "bad_host"),
            ("http://core:99999", "bad_host"),
            ("http://2001:db8::1", "bad_host"),
            ("http://exämple", "bad_host"),
            ("http://user:pass@core", "has_user"),
            ("http://core?x=1", "has_query"),
            ("http://core/#top", "has_query"),
            ("http://core/../admin", "bad_path"),
            ("http://core/a//b", "bad_path"),
            ("http://core/a b", "bad_path"),
            ("http://core/%2", "bad_path"),
            ("http://core\r\nX: y", "unprintable_character"),
        ] {
            assert_eq!(given.parse::<FleetUrl>().unwrap_err().code, code, "{given:?}");
        }
        assert_eq!(format!("http://{}", "a".repeat(600)).parse::<FleetUrl>().unwrap_err().code, "too_long");
    }

    proptest! {
        #[test]
        fn written_url_is_parsed(text in "https?://[a-z][a-z0-9]{0,8}(\\.[a-z]{2,5}){0,2}(:[1-9][0-9]{0,3})?(/[a-z]{1,4}){0,2}/?") {
            let url: FleetUrl = text.parse().unwrap();
            prop_assert_eq!(url.as_str().parse::<FleetUrl>().unwrap(), url);
        }

        #[test]
        fn parser_never_panics(text in "\\PC{0,60}|https?://[0-9a-f:.%/\\[\\]@]{0,40}") {
            let _ = text.parse::<FleetUrl>();
        }
    }
}
