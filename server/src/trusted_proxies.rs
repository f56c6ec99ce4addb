//! The proxies in front of the server, and whom they speak for.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use axum::http::{HeaderMap, HeaderName};
use ipnet::{IpNet, Ipv4Net};
use thiserror::Error;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where `X-Forwarded-For` is believed. Unless told otherwise, a proxy on the same machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

#[derive(Debug, PartialEq, Eq, Error)]
#[error("a list of IP addresses and ranges, such as 127.0.0.0/8, ::1, 10.1.2.3: {0:?} is none")]
pub struct NotAList(String);

impl TrustedProxies {
    /// Whom a request comes from. Each proxy appends the address that it heard from, so what the trusted ones wrote stands
    /// on the right; whatever is left of the first stranger, that stranger may have made up. None: only proxies are known.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if !self.contains(peer) {
            return Some(peer);
        }
        for line in headers.get_all(FORWARDED_FOR).iter().rev() {
            let Ok(line) = line.to_str() else { return Some(peer) };
            for entry in line.rsplit(',').map(str::trim).filter(|entry| !entry.is_empty()) {
                match address(entry) {
                    Some(proxy) if self.contains(proxy) => {}
                    Some(client) => return Some(client),
                    None => return Some(peer),
                }
            }
        }
        None
    }

    fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(&address))
    }
}

impl Default for TrustedProxies {
    fn default() -> Self {
        let (v4, v6) = (Ipv4Net::new_assert(Ipv4Addr::LOCALHOST, 8), IpAddr::from(Ipv6Addr::LOCALHOST));
        Self(vec![v4.into(), v6.into()])
    }
}

impl FromStr for TrustedProxies {
    type Err = NotAList;

    fn from_str(text: &str) -> Result<Self, NotAList> {
        let entry = |entry: &str| {
            let one = entry.parse().map(|address: IpAddr| IpNet::from(address.to_canonical()));
            one.or_else(|_| entry.parse()).map_err(|_| NotAList(entry.to_owned()))
        };
        text.split(',').map(str::trim).map(entry).collect::<Result<_, _>>().map(Self)
    }
}

/// `203.0.113.7` or `2001:db8::7`; some proxies add the port.
fn address(entry: &str) -> Option<IpAddr> {
    let address = entry.parse().or_else(|_| entry.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGER: &str = "203.0.113.7";

    /// Whom the request comes from, where these trust whom they should.
    fn client(trusted: &str, peer: &str, lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let trusted = if trusted.is_empty() { TrustedProxies::default() } else { trusted.parse().unwrap() };
        trusted.client(peer.parse().unwrap(), &headers).map(|address| address.to_string())
    }

    #[test]
    fn who_is_no_proxy_speaks_for_nobody() {
        for lines in [&[][..], &["198.51.100.1"], &["rubbish"]] {
            assert_eq!(client("", STRANGER, lines).as_deref(), Some(STRANGER), "{lines:?}");
        }
        assert_eq!(client("10.0.0.1", "127.0.0.1", &["198.51.100.1"]).as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn of_what_a_proxy_passes_on_only_what_it_wrote_itself_is_believed() {
        assert_eq!(client("", "127.0.0.1", &[STRANGER]).as_deref(), Some(STRANGER));
        for spoofed in
            ["198.51.100.1, 203.0.113.7", "127.0.0.1,203.0.113.7", "rubbish, 203.0.113.7", ",, 203.0.113.7 ,"]
        {
            assert_eq!(client("", "127.0.0.1", &[spoofed]).as_deref(), Some(STRANGER), "{spoofed}");
        }
        // Several lines are one list.
        assert_eq!(client("", "127.0.0.1", &["198.51.100.1", "198.51.100.2, 203.0.113.7"]).as_deref(), Some(STRANGER));
    }

    #[test]
    fn proxies_behind_proxies_are_passed_over() {
        let trusted = "127.0.0.1, 10.0.0.0/8, 2001:db8:1::/48";
        let line = "198.51.100.1, 203.0.113.7, 10.2.0.4, 2001:db8:1::9";
        assert_eq!(client(trusted, "10.1.2.3", &[line]).as_deref(), Some(STRANGER));
        assert_eq!(client(trusted, "10.1.2.3", &["10.2.0.4", "2001:db8:1::9"]), None, "proxies alone");
    }

    #[test]
    fn a_proxy_that_names_nobody_stands_for_nobody() {
        assert_eq!(client("", "127.0.0.1", &[]), None);
        assert_eq!(client("", "::1", &[""]), None);
    }

    #[test]
    fn what_cannot_be_read_ends_the_search_at_the_peer() {
        for line in ["203.0.113.7, rubbish", "unknown", "203.0.113.7, 10.0.0", "203.0.113.7, é"] {
            assert_eq!(client("", "127.0.0.1", &[line]).as_deref(), Some("127.0.0.1"), "{line}");
        }
    }

    #[test]
    fn ipv6_and_ports_are_read_and_a_mapped_address_is_the_one_that_it_maps() {
        assert_eq!(client("", "::1", &["2001:DB8::7"]).as_deref(), Some("2001:db8::7"));
        assert_eq!(client("", "::1", &["[2001:db8::7]:4711"]).as_deref(), Some("2001:db8::7"));
        assert_eq!(client("", "::1", &["203.0.113.7:4711"]).as_deref(), Some(STRANGER));
        assert_eq!(client("", "::1", &["::ffff:203.0.113.7, ::ffff:127.0.0.1"]).as_deref(), Some(STRANGER));
        assert_eq!(client("", "::ffff:127.0.0.1", &[STRANGER]).as_deref(), Some(STRANGER));
        assert_eq!(client("", "::ffff:203.0.113.7", &["198.51.100.1"]).as_deref(), Some(STRANGER));
        assert_eq!(client("::ffff:10.0.0.1", "10.0.0.1", &[STRANGER]).as_deref(), Some(STRANGER));
    }

    #[test]
    fn what_is_no_address_and_no_range_is_named() {
        for (given, named) in [("10.0.0.1, proxy", "proxy"), ("10.0.0.0/33", "10.0.0.0/33"), ("10.0.0.1,", "")] {
            assert_eq!(given.parse::<TrustedProxies>(), Err(NotAList(named.to_owned())), "{given}");
        }
    }
}
