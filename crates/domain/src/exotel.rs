//! The account's connection to Exotel's API.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::{AccountId, IntegrationId, Secret, Timestamp, field::FieldFault, text};

/// The integration with Exotel. An account has at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exotel {
    /// Id of the row.
    pub id: IntegrationId,
    /// The account of the row.
    pub account_id: AccountId,
    /// The operator's settings.
    pub settings: ExotelSettings,
    /// The result of the last call with these settings; None before the first one.
    pub check: Option<ExotelCheck>,
    /// When the integration was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// The operator's settings of the integration. Exotel's API settings page shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExotelSettings {
    /// The account's name in Exotel's addresses.
    pub account_sid: ExotelAccountSid,
    /// The API host of the account's cluster.
    pub subdomain: ExotelSubdomain,
    /// User name of HTTP's basic authentication.
    pub api_key: ExotelKey,
    /// Password of HTTP's basic authentication.
    pub api_token: ExotelKey,
}

/// The result of one call to Exotel's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExotelCheck {
    /// When Exotel was called.
    pub at: Timestamp,
    /// The error and its remedy, for operators; None where Exotel accepted the credentials.
    pub error: Option<String>,
}

impl Exotel {
    /// The provider's name in the database and in the audit log's subject.
    pub const PROVIDER: &'static str = "exotel";
    /// The provider's name on pages.
    pub const NAME: &'static str = "Exotel";
}

/// The API host of the account's cluster. An enumeration instead of text, because the account's key is sent there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[strum(ascii_case_insensitive, parse_err_ty = FieldFault, parse_err_fn = unknown)]
pub enum ExotelSubdomain {
    /// Accounts whose dashboard is `my.in.exotel.com` or `my.mum1.exotel.com`.
    #[serde(rename = "api.in.exotel.com")]
    #[strum(serialize = "api.in.exotel.com")]
    Mumbai,
    /// Accounts whose dashboard is `my.exotel.com`.
    #[serde(rename = "api.exotel.com")]
    #[strum(serialize = "api.exotel.com")]
    Singapore,
}

fn unknown(_: &str) -> FieldFault {
    FieldFault::new(
        "unknown_subdomain",
        "Choose api.in.exotel.com (Mumbai) or api.exotel.com (Singapore), as Exotel's API settings show it.",
    )
}

impl ExotelSubdomain {
    /// The host name, in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The cluster's name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mumbai => "Mumbai",
            Self::Singapore => "Singapore",
        }
    }
}

/// The account's name in Exotel's addresses: `acme1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExotelAccountSid(String);

impl ExotelAccountSid {
    /// The account SID as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExotelAccountSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ExotelAccountSid {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the account SID", 64)?;
        if text.is_empty() {
            return Err(FieldFault::required(
                "Enter the account SID, as Exotel's API settings show it, such as acme1.",
            ));
        }
        // It is a segment of a URL path and must not contain a separator.
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if !text.chars().all(is_allowed) {
            return Err(FieldFault::new(
                "bad_account_sid",
                "An account SID has letters, digits, - and _ only, such as acme1. Copy it alone, without an address.",
            ));
        }
        Ok(Self(text))
    }
}

/// The API key or the API token: user name or password of HTTP's basic authentication (RFC 7617 §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExotelKey(Secret);

impl ExotelKey {
    /// Trims and checks a key. `what` is its name in messages: "API key".
    ///
    /// # Errors
    /// `required`, `too_long` (more than 256 characters) or `bad_key` (a character other than visible ASCII, or a colon).
    pub fn new(secret: &Secret, what: &str) -> Result<Self, FieldFault> {
        let text = secret.expose().trim();
        if text.is_empty() {
            return Err(FieldFault::required(format!("Enter the {what}, as Exotel's API settings show it.")));
        }
        if text.len() > 256 {
            return Err(FieldFault::new("too_long", format!("The {what} has at most 256 characters.")));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains(':') {
            let message =
                format!("The {what} has no space, colon or accented letter: copy it from Exotel's API settings.");
            return Err(FieldFault::new("bad_key", message));
        }
        Ok(Self(Secret::new(text)))
    }

    /// The key as text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The key as a secret.
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_hosts_than_the_clusters_are_rejected() {
        assert_eq!("API.exotel.com".parse::<ExotelSubdomain>().unwrap(), ExotelSubdomain::Singapore);
        for other in ["", "evil.example", "api.exotel.com.evil.example", "https://api.exotel.com", "169.254.169.254"] {
            assert_eq!(other.parse::<ExotelSubdomain>().unwrap_err().code, "unknown_subdomain", "{other}");
        }
    }

    #[test]
    fn account_sid_with_a_path_separator_is_rejected() {
        assert_eq!(" acme_1-x ".parse::<ExotelAccountSid>().unwrap().as_str(), "acme_1-x");
        assert_eq!("".parse::<ExotelAccountSid>().unwrap_err().code, "required");
        for bad in ["..", "a/b", "a b", "a?b", "a%2fb", "a#b", "ä"] {
            assert_eq!(bad.parse::<ExotelAccountSid>().unwrap_err().code, "bad_account_sid", "{bad}");
        }
        assert_eq!("x".repeat(65).parse::<ExotelAccountSid>().unwrap_err().code, "too_long");
    }

    #[test]
    fn key_is_trimmed_and_masked_in_debug() {
        let key = ExotelKey::new(&Secret::new(" 2b04c2ff \n"), "API key").unwrap();
        assert_eq!(key.expose(), "2b04c2ff");
        assert!(!format!("{key:?}").contains("2b04"));
        for (bad, code) in
            [("", "required"), (" ", "required"), ("a:b", "bad_key"), ("a b", "bad_key"), ("é", "bad_key")]
        {
            assert_eq!(ExotelKey::new(&Secret::new(bad), "API key").unwrap_err().code, code, "{bad}");
        }
        assert_eq!(ExotelKey::new(&Secret::new("x".repeat(257)), "API key").unwrap_err().code, "too_long");
    }
}
