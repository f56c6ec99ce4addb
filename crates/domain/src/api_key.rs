//! API keys: the credentials of programs.

use std::{fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{AccountId, ActorId, ApiKeyId, ApiKeyName, IpRange, Role, Timestamp, UserId, field::FieldFault};

/// A key with which a program calls the API. The key's text is known to its owner alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Id of the row.
    pub id: ApiKeyId,
    /// The account of the row.
    pub account_id: AccountId,
    /// The first [`Self::PREFIX_LENGTH`] characters of the text.
    pub prefix: String,
    /// The operator's settings.
    pub settings: ApiKeySettings,
    /// When a request was authenticated with the key last.
    pub last_used_at: Option<Timestamp>,
    /// Who created the key.
    pub created_by: Option<ActorId>,
    /// The creator's name at that time.
    pub created_by_name: String,
    /// The user who created the key, or the key that created it. None where that is not known.
    pub user_id: Option<UserId>,
    /// When the key was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// The operator's settings of an API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeySettings {
    /// The key's name on pages and in the audit log.
    pub name: ApiKeyName,
    /// What requests with the key may do.
    pub role: Role,
    /// False: the key is switched off.
    pub is_active: bool,
    /// When the key stops working; None for never.
    pub expires_at: Option<ApiKeyExpiry>,
    /// Where requests may come from; empty for anywhere.
    pub allowed_addresses: Vec<IpRange>,
}

/// Why an API key that exists is not accepted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ApiKeyRefusal {
    /// It is switched off.
    #[error("API key is inactive")]
    Inactive,
    /// The user who created it is disabled.
    #[error("API key belongs to a disabled user")]
    UserDisabled,
    /// It is not known who made it.
    #[error("API key belongs to no known user")]
    UserUnknown,
    /// It has expired.
    #[error("API key has expired")]
    Expired,
    /// The stored expiry is not a time.
    #[error("API key has invalid expiry")]
    InvalidExpiry,
    /// The request comes from an address that the key does not allow.
    #[error("API key is not allowed from {0}")]
    AddressNotAllowed(IpAddr),
    /// The key allows certain addresses only, and the client's address is unknown.
    #[error("API key is not allowed from an unknown address: the proxy has to send X-Forwarded-For")]
    AddressUnknown,
}

impl ApiKey {
    /// How the text of every key begins.
    pub const MARK: &'static str = "tl_";
    /// How many characters of the text are stored, so that people recognise the key.
    pub const PREFIX_LENGTH: usize = 7;

    /// Whether a request from this address is accepted. `address` is None where it is unknown.
    ///
    /// # Errors
    /// The first reason to refuse it.
    pub fn check(&self, now: Timestamp, address: Option<IpAddr>) -> Result<(), ApiKeyRefusal> {
        self.check_status(now)?;
        let allowed_addresses = &self.settings.allowed_addresses;
        if allowed_addresses.is_empty() {
            return Ok(());
        }
        let address = address.ok_or(ApiKeyRefusal::AddressUnknown)?;
        let is_allowed = allowed_addresses.iter().any(|range| range.contains(address));
        if is_allowed { Ok(()) } else { Err(ApiKeyRefusal::AddressNotAllowed(address)) }
    }

    /// Whether it is switched on and has not expired.
    ///
    /// # Errors
    /// The first reason to refuse it.
    pub fn check_status(&self, now: Timestamp) -> Result<(), ApiKeyRefusal> {
        let ApiKeySettings { is_active, expires_at, .. } = &self.settings;
        if !is_active {
            return Err(ApiKeyRefusal::Inactive);
        }
        match expires_at.as_ref().map(ApiKeyExpiry::time) {
            Some(None) => Err(ApiKeyRefusal::InvalidExpiry),
            Some(Some(end)) if end <= now => Err(ApiKeyRefusal::Expired),
            Some(Some(_)) | None => Ok(()),
        }
    }
}

/// When a key expires: the stored text, which is RFC 3339 in UTC unless something else has written the row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, example = "2027-01-01T00:00:00.000Z"))]
pub struct ApiKeyExpiry(String);

impl ApiKeyExpiry {
    /// The text of a row, which may not be a time.
    pub fn stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The time; None where the text is not a time. One without an offset is in UTC.
    pub fn time(&self) -> Option<Timestamp> {
        Timestamp::parse_as_utc(&self.0)
    }
}

impl From<Timestamp> for ApiKeyExpiry {
    fn from(time: Timestamp) -> Self {
        Self(time.rfc3339())
    }
}

impl FromStr for ApiKeyExpiry {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        // A time in UTC that RFC 3339 cannot express would be stored as another one.
        let time = Timestamp::parse_as_utc(text).filter(|time| Self::from(*time).time() == Some(*time));
        time.map(Self::from).ok_or_else(|| {
            FieldFault::new(
                "bad_time",
                "Enter a time such as 2026-11-20T18:42:41Z; one without an offset is in UTC. Leave it blank for a key that \
                 never expires.",
            )
        })
    }
}

impl fmt::Display for ApiKeyExpiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What pages show of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKeyStatus {
    /// Switched off, whether it has expired or not.
    Inactive,
    /// Expired; also where the stored expiry is not a time, since such a key is refused.
    Expired,
    /// Accepted.
    Active,
}

impl ApiKeyStatus {
    /// The status of a key with these settings.
    pub fn new(is_active: bool, expires_at: Option<&ApiKeyExpiry>, now: Timestamp) -> Self {
        if !is_active {
            return Self::Inactive;
        }
        let is_valid = expires_at.is_none_or(|expiry| expiry.time().is_some_and(|end| now < end));
        if is_valid { Self::Active } else { Self::Expired }
    }

    /// The spelling on pages: `Active`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Inactive => "Inactive",
            Self::Expired => "Expired",
            Self::Active => "Active",
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_200_161_007);

    fn key(expires_at: Option<&str>, addresses: &[&str]) -> ApiKey {
        let ulid = Ulid::from_parts(1, 1);
        ApiKey {
            id: ApiKeyId::new(ulid),
            account_id: AccountId::new(ulid),
            prefix: "tl_abcd".to_owned(),
            settings: ApiKeySettings {
                name: "CRM".parse().unwrap(),
                role: Role::Developer,
                is_active: true,
                expires_at: expires_at.map(ApiKeyExpiry::stored),
                allowed_addresses: addresses.iter().map(|text| text.parse().unwrap()).collect(),
            },
            last_used_at: None,
            created_by: None,
            created_by_name: "command line".to_owned(),
            user_id: None,
            created_at: NOW,
            updated_at: NOW,
            version: 1,
        }
    }

    fn check(key: &ApiKey, address: Option<&str>) -> String {
        let checked = key.check(NOW, address.map(|text| text.parse().unwrap()));
        checked.map_or_else(|refusal| refusal.to_string(), |()| "accepted".to_owned())
    }

    #[test]
    fn key_is_accepted_until_it_expires() {
        for (expires_at, expected) in [
            (None, "accepted"),
            (Some("2026-11-20T18:42:41.008Z"), "accepted"),
            (Some("2026-11-20T18:42:41.007Z"), "API key has expired"),
            (Some("2026-11-20T19:42:42+01:00"), "accepted"),
            (Some("2026-11-20T18:42:42"), "accepted"),
            (Some("2026-11-20T18:42:41"), "API key has expired"),
            (Some("2026-11-21"), "accepted"),
            (Some("tomorrow"), "API key has invalid expiry"),
            (Some(""), "API key has invalid expiry"),
        ] {
            assert_eq!(check(&key(expires_at, &[]), None), expected, "{expires_at:?}");
        }
    }

    #[test]
    fn inactive_precedes_expired_and_addresses() {
        for expires_at in [None, Some("2020-01-01T00:00:00Z"), Some("tomorrow")] {
            let mut inactive = key(expires_at, &["203.0.113.0/24"]);
            inactive.settings.is_active = false;
            assert_eq!(check(&inactive, None), "API key is inactive");
        }
        assert_eq!(check(&key(Some("2020-01-01T00:00:00Z"), &["203.0.113.0/24"]), None), "API key has expired");
    }

    #[test]
    fn listed_addresses_alone_are_allowed() {
        let key = key(None, &["203.0.113.0/24", "2001:db8::7"]);
        for allowed in ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::7"] {
            assert_eq!(check(&key, Some(allowed)), "accepted", "{allowed}");
        }
        assert_eq!(check(&key, Some("198.51.100.1")), "API key is not allowed from 198.51.100.1");
        assert!(check(&key, None).contains("unknown address"));
    }

    #[test]
    fn expiry_is_stored_in_utc() {
        for given in ["2026-11-20T18:42:41.007Z", "2026-11-20T19:42:41.007+01:00", " 2026-11-20 18:42:41.007 "] {
            assert_eq!(given.parse::<ApiKeyExpiry>().unwrap().as_str(), "2026-11-20T18:42:41.007Z", "{given}");
        }
        for bad in [
            "",
            "tomorrow",
            "1795200161",
            "2026-13-01T00:00:00Z",
            "9999-12-31T23:59:59-01:00",
            "0000-01-01T00:00:00+01:00",
        ] {
            assert_eq!(bad.parse::<ApiKeyExpiry>().unwrap_err().code, "bad_time", "{bad}");
        }
    }

    #[test]
    fn status_is_inactive_before_expired_before_active() {
        let status = |is_active, expires_at: Option<&str>| {
            ApiKeyStatus::new(is_active, expires_at.map(ApiKeyExpiry::stored).as_ref(), NOW)
        };
        assert_eq!(status(false, Some("2020-01-01T00:00:00Z")), ApiKeyStatus::Inactive);
        assert_eq!(status(true, Some("2020-01-01T00:00:00Z")), ApiKeyStatus::Expired);
        assert_eq!(status(true, Some("tomorrow")), ApiKeyStatus::Expired);
        assert_eq!(status(true, Some("2030-01-01T00:00:00Z")), ApiKeyStatus::Active);
        assert_eq!(status(true, None), ApiKeyStatus::Active);
    }
}
