//! Bans: sources, and users at a source, whose requests the edge does not answer for some time.

mod failures;

use std::net::IpAddr;

use strum::{EnumIter, EnumString, IntoStaticStr};

pub use failures::{Failures, Offence};

use crate::{AccountId, BanId, IpRange, Timestamp};

/// How long a user at a source is banned, in milliseconds.
pub const USER_BAN_MS: i64 = 10 * 60 * 1000;
/// How long a source is banned, in milliseconds.
pub const SOURCE_BAN_MS: i64 = 60 * 60 * 1000;

/// Whether a ban is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum BanStatus {
    /// It is in force.
    Active,
    /// Its time is over.
    Expired,
    /// It was lifted before.
    Lifted,
}

impl BanStatus {
    /// The spelling in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A ban, or one that a node has made although the source cannot be banned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Its id.
    pub id: BanId,
    /// The account.
    pub account_id: AccountId,
    /// The source.
    pub ip: IpRange,
    /// The user who is banned there; None: everybody.
    pub user: Option<String>,
    /// The node that has made and reported it; None: this server.
    pub node: Option<String>,
    /// Why.
    pub reason: String,
    /// The requests that led to it.
    pub count: i64,
    /// The last one's User-Agent.
    pub user_agent: Option<String>,
    /// Why the source cannot be banned; the ban is then lifted from the start.
    pub flag: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// Until when; None: until the node no longer reports it.
    pub expires_at: Option<Timestamp>,
    /// When it was lifted.
    pub lifted_at: Option<Timestamp>,
    /// Who has lifted it.
    pub lifted_by: Option<String>,
    /// The last report of the node has it.
    pub is_reported: bool,
}

impl Ban {
    /// Whether it is in force.
    pub fn status(&self, now: Timestamp) -> BanStatus {
        if self.lifted_at.is_some() {
            BanStatus::Lifted
        } else if self.expires_at.is_some_and(|expires| expires <= now) {
            BanStatus::Expired
        } else {
            BanStatus::Active
        }
    }
}

/// The source that requests of the address count for: the address, or the /64 of an IPv6 address, which one subscriber has.
/// None for an address that no host has.
pub fn source_of(address: IpAddr) -> Option<IpRange> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string().parse().ok(),
        IpAddr::V6(address) => {
            let network = u128::from(address) & (u128::MAX << 64);
            format!("{}/64", std::net::Ipv6Addr::from(network)).parse().ok()
        }
    }
}

/// Text of a SIP message as it is stored: without control characters, at most `max` characters.
pub fn printable(text: &str, max: usize) -> String {
    text.chars().filter(|character| !character.is_control()).take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_source_is_its_64() {
        let source = |text: &str| source_of(text.parse().unwrap()).map(|source| source.to_string());
        assert_eq!(source("203.0.113.7").as_deref(), Some("203.0.113.7"));
        assert_eq!(source("::ffff:203.0.113.7").as_deref(), Some("203.0.113.7"));
        assert_eq!(source("2001:db8:1:2:3:4:5:6").as_deref(), Some("2001:db8:1:2::/64"));
        assert_eq!(source("2001:db8:1:2:ffff::1"), source("2001:db8:1:2::9"));
    }

    #[test]
    fn stored_text_has_no_control_characters() {
        assert_eq!(printable("a\r\nb\0c", 8), "abc");
        assert_eq!(printable(&"x".repeat(500), 64).len(), 64);
    }
}
