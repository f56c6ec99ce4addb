//! Entries of allowlists.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use ipnet::{IpNet, Ipv4Net};

use crate::{field::FieldFault, text};

/// An IP address or a CIDR range whose host bits are zero. Never a host name, never all addresses.
///
/// LiveKit drops entries that it cannot parse, and accepts calls from any source where none remains. It compares a host
/// name with the From header, which the caller writes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpRange(IpNet);

impl IpRange {
    /// The shortest prefix length. Wider ranges would amount to no allowlist: two of /1 are all addresses.
    fn min_prefix(net: &IpNet) -> u8 {
        if matches!(net, IpNet::V4(_)) { 8 } else { 16 }
    }

    /// With its prefix length, also where that is one address: `203.0.113.7/32`. LiveKit compares an entry as text with
    /// the host of the caller's From header before it reads it as an address (`matchAddrMasks` in livekit/protocol), and
    /// a host never contains a slash.
    pub fn with_prefix(&self) -> String {
        self.0.to_string()
    }

    /// Whether all addresses of the other range are in this one.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether the address is in the range. An IPv4-mapped IPv6 address counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&unmapped(address))
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.prefix_len() == self.0.max_prefix_len() {
            write!(f, "{}", self.0.addr())
        } else {
            write!(f, "{}", self.0)
        }
    }
}

impl FromStr for IpRange {
    type Err = FieldFault;

    fn from_str(given: &str) -> Result<Self, FieldFault> {
        let text = text::plain(given, "the address", 64)?;
        let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(&text);
        if text.is_empty() {
            return Err(FieldFault::required("Enter an IP address or a range, such as 203.0.113.0/24."));
        }
        let net = match text.split_once('/') {
            None => text.parse::<IpAddr>().map(IpNet::from).map_err(|_| refusal(text))?,
            Some((address, prefix)) => {
                let address: IpAddr = address.parse().map_err(|_| refusal(text))?;
                range(address, prefix).ok_or_else(|| {
                    FieldFault::new("bad_prefix", format!("After the slash comes a number of bits: {address}/24."))
                })?
            }
        };
        let net = unmapped_net(net).ok_or_else(|| everything(text))?;
        if net.prefix_len() == 0 {
            return Err(everything(text));
        }
        let net = net.trunc();
        if net.prefix_len() < Self::min_prefix(&net) {
            let message = format!("{text} is too wide. Enter ranges of /8 or narrower, IPv6 of /16.");
            return Err(FieldFault::new("too_wide", message));
        }
        if net.network().is_unspecified() || net.addr().is_multicast() {
            return Err(FieldFault::new("not_a_source", format!("{text} is not the address of a host.")));
        }
        Ok(Self(net))
    }
}

fn range(address: IpAddr, prefix: &str) -> Option<IpNet> {
    if prefix.is_empty() || prefix.len() > 3 || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    IpNet::new(address, prefix.parse().ok()?).ok()
}

fn everything(text: &str) -> FieldFault {
    FieldFault::new(
        "matches_everything",
        format!("{text} lets everyone in. Enter single addresses or narrower ranges."),
    )
}

fn refusal(text: &str) -> FieldFault {
    let shown = text::excerpt(text);
    if text.contains("://") || text.to_ascii_lowercase().starts_with("sip:") {
        return FieldFault::new("has_scheme", format!("{shown} is a URI. Enter the IP address only."));
    }
    if text.contains(|c: char| c.is_ascii_alphabetic()) && !text.contains(':') {
        return FieldFault::new(
            "host_name",
            format!("{shown} is a host name. Only IP addresses and ranges can be trusted."),
        );
    }
    FieldFault::new(
        "bad_address",
        format!("{shown} is no IP address. Write 203.0.113.20, 203.0.113.0/24 or 2001:db8::/32."),
    )
}

/// `::ffff:203.0.113.20` is 203.0.113.20 (RFC 4291 §2.5.5.2).
fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// None where the range contains all of IPv4.
fn unmapped_net(net: IpNet) -> Option<IpNet> {
    let IpNet::V6(v6) = net else { return Some(net) };
    match v6.addr().to_ipv4_mapped() {
        Some(v4) if v6.prefix_len() > 96 => Ipv4Net::new(v4, v6.prefix_len() - 96).ok().map(IpNet::from),
        // A range as wide as the mapped block, or one that contains it, is every IPv4 caller there is.
        _ if v6.prefix_len() <= 96 && v6.contains(&Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0)) => None,
        _ => Some(net),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> &'static str {
        text.parse::<IpRange>().map(|_| "ok").unwrap_or_else(|fault| fault.code)
    }

    #[test]
    fn entries_are_normalised() {
        for (given, normalised) in [
            ("203.0.113.20", "203.0.113.20"),
            (" 203.0.113.20/32 ", "203.0.113.20"),
            ("13.52.9.160/27", "13.52.9.160/27"),
            ("13.52.9.170/27", "13.52.9.160/27"),
            ("2001:DB8::/32", "2001:db8::/32"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:203.0.113.20", "203.0.113.20"),
            ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
        ] {
            assert_eq!(given.parse::<IpRange>().unwrap().to_string(), normalised);
        }
    }

    #[test]
    fn single_address_has_the_longest_prefix() {
        for (given, with_prefix) in [
            ("203.0.113.7", "203.0.113.7/32"),
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("2001:db8::7", "2001:db8::7/128"),
        ] {
            let range = given.parse::<IpRange>().unwrap();
            assert_eq!(range.with_prefix(), with_prefix);
            assert_eq!(with_prefix.parse::<IpRange>().unwrap(), range);
        }
    }

    /// LiveKit would drop these entries, or compare them with the caller's From header (docs/livekit.md, trap 1).
    #[test]
    fn trap_1_other_text_than_addresses_is_rejected() {
        for (given, expected) in [
            ("gw.plivo.com", "host_name"),
            ("sip:203.0.113.20", "has_scheme"),
            ("https://203.0.113.20", "has_scheme"),
            ("203.0.113.20:5060", "bad_address"),
            ("203.0.113.20,203.0.113.21", "bad_address"),
            ("203.0.113.20 203.0.113.21", "bad_address"),
            ("203.0.113.*", "bad_address"),
            ("0.0.0.0/0", "matches_everything"),
            ("203.0.113.20/0", "matches_everything"),
            ("::/0", "matches_everything"),
            ("::ffff:0:0/96", "matches_everything"),
            ("::/64", "matches_everything"),
            ("128.0.0.0/1", "too_wide"),
            ("2000::/3", "too_wide"),
            ("0.0.0.0", "not_a_source"),
            ("224.0.0.1", "not_a_source"),
            ("203.0.113.0/33", "bad_prefix"),
            ("203.0.113.0/-1", "bad_prefix"),
            ("203.0.113.0/", "bad_prefix"),
            ("256.1.1.1", "bad_address"),
            ("", "required"),
        ] {
            assert_eq!(code(given), expected, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn range_contains_its_address_and_is_parsed_again(a: u32, prefix in 1u8..=32) {
            let address = std::net::Ipv4Addr::from(a);
            prop_assume!(!address.is_multicast());
            if let Ok(range) = format!("{address}/{prefix}").parse::<IpRange>() {
                prop_assert!(range.contains(address.into()));
                prop_assert_eq!(range.to_string().parse::<IpRange>().unwrap(), range);
            }
        }

        #[test]
        fn accepted_range_has_no_character_that_livekit_drops(text in "\\PC{0,40}") {
            if let Ok(range) = text.parse::<IpRange>() {
                let text = range.to_string();
                prop_assert!(!text.contains(|c: char| c.is_whitespace() || ",;()+*".contains(c)) && !text.contains("://"));
            }
        }
    }
}
