//! The account's connection to Exotel, a provider with an API of its own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{AccountId, IntegrationId, Secret, Timestamp, field::FieldFault, text};

/// An integration: a provider, and what lets Trunkline in there. There is at most one of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exotel {
    pub id: IntegrationId,
    pub account_id: AccountId,
    pub settings: ExotelSettings,
    /// How the last call with these very settings went; None where there was none.
    pub check: Option<ExotelCheck>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// What an operator decides about the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExotelSettings {
    pub account_sid: ExotelAccountSid,
    pub subdomain: ExotelSubdomain,
    pub api_key: ExotelKey,
    pub api_token: ExotelKey,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExotelCheck {
    pub at: Timestamp,
    /// In words that say what to do; None: Exotel let Trunkline in.
    pub error: Option<String>,
}

impl Exotel {
    /// What the provider is called in the database and in the audit's subject.
    pub const PROVIDER: &'static str = "exotel";
    pub const NAME: &'static str = "Exotel";
}

/// The host of Exotel's API where the account lives. An enumeration, never free text: the account's key is sent there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ExotelSubdomain {
    /// The dashboard is `my.in.exotel.com` or `my.mum1.exotel.com`.
    #[serde(rename = "api.in.exotel.com")]
    Mumbai,
    /// The dashboard is `my.exotel.com`.
    #[serde(rename = "api.exotel.com")]
    Singapore,
}

impl ExotelSubdomain {
    pub const ALL: [Self; 2] = [Self::Mumbai, Self::Singapore];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mumbai => "api.in.exotel.com",
            Self::Singapore => "api.exotel.com",
        }
    }

    /// The cluster's name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mumbai => "Mumbai",
            Self::Singapore => "Singapore",
        }
    }
}

impl FromStr for ExotelSubdomain {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text.trim();
        Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text)).ok_or_else(|| {
            FieldFault::new(
                "unknown_subdomain",
                "Choose api.in.exotel.com (Mumbai) or api.exotel.com (Singapore), as Exotel's API settings show it.",
            )
        })
    }
}

/// `acme1`: the account's name in Exotel's addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExotelAccountSid(String);

impl ExotelAccountSid {
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
            return Err(FieldFault::required("Give the account SID, as Exotel's API settings show it, such as acme1."));
        }
        // A segment of a path: nothing in it may lead to another one.
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if !text.chars().all(fits) {
            return Err(FieldFault::new(
                "bad_account_sid",
                "An account SID has letters, digits, - and _ only, such as acme1. Copy it alone, without an address.",
            ));
        }
        Ok(Self(text))
    }
}

/// The API key or its token: user and password of HTTP's basic authentication (RFC 7617 §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExotelKey(Secret);

impl ExotelKey {
    /// `what` names it in messages: "API key".
    pub fn new(secret: &Secret, what: &str) -> Result<Self, FieldFault> {
        // Pasted, it brings blanks along; none belongs to it.
        let text = secret.expose().trim();
        if text.is_empty() {
            return Err(FieldFault::required(format!("Give the {what}, as Exotel's API settings show it.")));
        }
        if text.len() > 256 {
            return Err(FieldFault::new("too_long", format!("The {what} has at most 256 characters.")));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains(':') {
            let message =
                format!("The {what} has no blank, colon or accent: copy it alone from Exotel's API settings.");
            return Err(FieldFault::new("bad_key", message));
        }
        Ok(Self(Secret::new(text)))
    }

    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subdomain_is_one_of_two_hosts() {
        for known in ExotelSubdomain::ALL {
            assert_eq!(known.as_str().parse::<ExotelSubdomain>().unwrap(), known);
            assert_eq!(serde_json::to_value(known).unwrap(), known.as_str());
        }
        assert_eq!(" API.exotel.com ".parse::<ExotelSubdomain>().unwrap(), ExotelSubdomain::Singapore);
        for other in ["", "evil.example", "api.exotel.com.evil.example", "https://api.exotel.com", "169.254.169.254"] {
            assert_eq!(other.parse::<ExotelSubdomain>().unwrap_err().code, "unknown_subdomain", "{other}");
        }
    }

    #[test]
    fn an_account_sid_leads_to_no_other_path() {
        assert_eq!(" acme_1-x ".parse::<ExotelAccountSid>().unwrap().as_str(), "acme_1-x");
        assert_eq!("".parse::<ExotelAccountSid>().unwrap_err().code, "required");
        for bad in ["..", "a/b", "a b", "a?b", "a%2fb", "a#b", "ä"] {
            assert_eq!(bad.parse::<ExotelAccountSid>().unwrap_err().code, "bad_account_sid", "{bad}");
        }
        assert_eq!("x".repeat(65).parse::<ExotelAccountSid>().unwrap_err().code, "too_long");
    }

    #[test]
    fn a_key_is_trimmed_and_never_shown() {
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
