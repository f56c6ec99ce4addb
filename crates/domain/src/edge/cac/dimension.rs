//! What open calls are counted by.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::{CarrierId, DidId, EdgeUserId};

/// What open calls are counted by. As text: `account_in`, `user:us_…`, `carrier:car_…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Inbound calls of the account.
    AccountIn,
    /// Outbound calls of the account.
    AccountOut,
    /// Calls that the account's dialer places.
    AccountDialer,
    /// Calls of an edge user, in both directions.
    User(EdgeUserId),
    /// Calls to a DID.
    Did(DidId),
    /// Calls from and to a carrier.
    Carrier(CarrierId),
}

/// The text is no dimension.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("expected account_in, account_out, account_dialer, or user:, did: or carrier: with an id")]
pub struct DimensionError;

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccountIn => f.write_str("account_in"),
            Self::AccountOut => f.write_str("account_out"),
            Self::AccountDialer => f.write_str("account_dialer"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Did(id) => write!(f, "did:{id}"),
            Self::Carrier(id) => write!(f, "carrier:{id}"),
        }
    }
}

impl FromStr for Dimension {
    type Err = DimensionError;

    fn from_str(text: &str) -> Result<Self, DimensionError> {
        let parsed = match text.split_once(':') {
            None => match text {
                "account_in" => Some(Self::AccountIn),
                "account_out" => Some(Self::AccountOut),
                "account_dialer" => Some(Self::AccountDialer),
                _ => None,
            },
            Some(("user", id)) => id.parse().ok().map(Self::User),
            Some(("did", id)) => id.parse().ok().map(Self::Did),
            Some(("carrier", id)) => id.parse().ok().map(Self::Carrier),
            Some(_) => None,
        };
        parsed.ok_or(DimensionError)
    }
}

impl Serialize for Dimension {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dimension {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn text_is_parsed_back() {
        let ulid = Ulid::from_parts(1_700_000_000_000, 7);
        for dimension in [
            Dimension::AccountIn,
            Dimension::AccountOut,
            Dimension::AccountDialer,
            Dimension::User(EdgeUserId::new(ulid)),
            Dimension::Did(DidId::new(ulid)),
            Dimension::Carrier(CarrierId::new(ulid)),
        ] {
            assert_eq!(dimension.to_string().parse(), Ok(dimension));
        }
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "account", "user:", "user:did_1", "trunk:car_1"] {
            assert_eq!(text.parse::<Dimension>(), Err(DimensionError), "{text}");
        }
    }
}
