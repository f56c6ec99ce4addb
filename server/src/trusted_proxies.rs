//! The proxies in front of the server, and the client's address behind them.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::http::{HeaderMap, HeaderName};

use crate::address_list::{AddressList, NotAList};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The addresses whose `X-Forwarded-For` is trusted. By default proxies on the same machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies(AddressList);

impl TrustedProxies {
    /// The client's address. Each proxy appends the address of its peer, so the entries of trusted proxies are on the
    /// right, and everything left of the first untrusted address may be forged. None if all addresses are proxies'.
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

    /// Whether the address is that of a trusted proxy.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(address)
    }

    pub fn ranges(&self) -> &[ipnet::IpNet] {
        self.0.ranges()
    }
}

impl Default for TrustedProxies {
    fn default() -> Self {
        Self(AddressList::loopback())
    }
}

impl FromStr for TrustedProxies {
    type Err = NotAList;

    fn from_str(text: &str) -> Result<Self, NotAList> {
        text.parse().map(Self)
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

    const CLIENT: &str = "203.0.113.7";

    /// The client's address for these trusted proxies, this peer and these header lines.
    fn client(trusted: &str, peer: &str, lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let trusted = if trusted.is_empty() { TrustedProxies::default() } else { trusted.parse().unwrap() };
        trusted.client(peer.parse().unwrap(), &headers).map(|address| address.to_string())
    }

    #[test]
    fn untrusted_peer_is_the_client() {
        for lines in [&[][..], &["198.51.100.1"], &["rubbish"]] {
            assert_eq!(client("", CLIENT, lines).as_deref(), Some(CLIENT), "{lines:?}");
        }
        assert_eq!(client("10.0.0.1", "127.0.0.1", &["198.51.100.1"]).as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn entries_left_of_the_client_are_ignored() {
        assert_eq!(client("", "127.0.0.1", &[CLIENT]).as_deref(), Some(CLIENT));
        for spoofed in
            ["198.51.100.1, 203.0.113.7", "127.0.0.1,203.0.113.7", "rubbish, 203.0.113.7", ",, 203.0.113.7 ,"]
        {
            assert_eq!(client("", "127.0.0.1", &[spoofed]).as_deref(), Some(CLIENT), "{spoofed}");
        }
        // Several lines are one list.
        assert_eq!(client("", "127.0.0.1", &["198.51.100.1", "198.51.100.2, 203.0.113.7"]).as_deref(), Some(CLIENT));
    }

    #[test]
    fn trusted_proxies_in_the_list_are_skipped() {
        let trusted = "127.0.0.1, 10.0.0.0/8, 2001:db8:1::/48";
        let line = "198.51.100.1, 203.0.113.7, 10.2.0.4, 2001:db8:1::9";
        assert_eq!(client(trusted, "10.1.2.3", &[line]).as_deref(), Some(CLIENT));
        assert_eq!(client(trusted, "10.1.2.3", &["10.2.0.4", "2001:db8:1::9"]), None, "proxies alone");
    }

    #[test]
    fn proxy_without_the_header_gives_no_client() {
        assert_eq!(client("", "127.0.0.1", &[]), None);
        assert_eq!(client("", "::1", &[""]), None);
    }

    #[test]
    fn unreadable_entry_falls_back_to_the_peer() {
        for line in ["203.0.113.7, rubbish", "unknown", "203.0.113.7, 10.0.0", "203.0.113.7, é"] {
            assert_eq!(client("", "127.0.0.1", &[line]).as_deref(), Some("127.0.0.1"), "{line}");
        }
    }

    #[test]
    fn ipv6_ports_and_mapped_addresses_are_parsed() {
        assert_eq!(client("", "::1", &["2001:DB8::7"]).as_deref(), Some("2001:db8::7"));
        assert_eq!(client("", "::1", &["[2001:db8::7]:4711"]).as_deref(), Some("2001:db8::7"));
        assert_eq!(client("", "::1", &["203.0.113.7:4711"]).as_deref(), Some(CLIENT));
        assert_eq!(client("", "::1", &["::ffff:203.0.113.7, ::ffff:127.0.0.1"]).as_deref(), Some(CLIENT));
        assert_eq!(client("", "::ffff:127.0.0.1", &[CLIENT]).as_deref(), Some(CLIENT));
        assert_eq!(client("", "::ffff:203.0.113.7", &["198.51.100.1"]).as_deref(), Some(CLIENT));
        assert_eq!(client("::ffff:10.0.0.1", "10.0.0.1", &[CLIENT]).as_deref(), Some(CLIENT));
    }

    #[test]
    fn invalid_entry_is_named_in_the_error() {
        for (given, named) in [("10.0.0.1, proxy", "proxy"), ("10.0.0.0/33", "10.0.0.0/33"), ("10.0.0.1,", "")] {
            assert_eq!(given.parse::<TrustedProxies>(), Err(NotAList(named.to_owned())), "{given}");
        }
    }
}
