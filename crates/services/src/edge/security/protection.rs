//! Sources that cannot be banned.

use std::{
    net::IpAddr,
    sync::{PoisonError, RwLock},
};

use domain::{AccountId, IpRange};
use ipnet::IpNet;
use store::Tx;

use crate::Result;

/// Sources that the server's configuration protects.
#[derive(Clone, Debug, Default)]
pub struct ProtectedSources {
    /// Proxies whose forwarding headers are trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Nodes that handle media.
    pub media_nodes: Vec<IpNet>,
}

/// All sources that cannot be banned, each with the reason.
pub(super) struct Protection {
    configured: Vec<(IpNet, String)>,
    /// Carriers, the fleet and the allowlist, as the database has them.
    stored: RwLock<Vec<(IpNet, String)>>,
}

impl Protection {
    pub fn new(sources: ProtectedSources) -> Self {
        let named =
            |nets: Vec<IpNet>, reason: &str| nets.into_iter().map(|net| (net, reason.to_owned())).collect::<Vec<_>>();
        let mut configured = named(sources.trusted_proxies, "a trusted proxy");
        configured.extend(named(sources.media_nodes, "a media node"));
        Self { configured, stored: RwLock::default() }
    }

    /// Reads the allowlists of carriers, the edge's allowlist and the fleet's addresses. Fleet servers with host names are not
    /// protected: resolving them would make a name server decide who is.
    pub async fn load(&self, tx: &mut Tx, account: &AccountId) -> Result<()> {
        let mut stored = Vec::new();
        for (range, carrier) in tx.carrier_source_ranges(account).await? {
            stored.push((net(&range), format!("an address of the carrier {carrier}")));
        }
        for server in tx.fleet_servers(account).await? {
            if let Some(address) = host_of(server.settings.url.as_str()) {
                stored.push((IpNet::from(address.to_canonical()), "a fleet server".to_owned()));
            }
        }
        *self.stored.write().unwrap_or_else(PoisonError::into_inner) = stored;
        Ok(())
    }

    /// Why the source cannot be banned; None where it can. A range cannot be banned either where a part of it cannot.
    pub fn of(&self, source: &IpRange) -> Option<String> {
        let source = net(source);
        if source.addr().is_loopback() {
            return Some("this machine".to_owned());
        }
        let overlaps = |net: &IpNet| net.contains(&source) || source.contains(net);
        let stored = self.stored.read().unwrap_or_else(PoisonError::into_inner);
        let found = self.configured.iter().chain(stored.iter()).find(|(net, _)| overlaps(net));
        found.map(|(_, reason)| reason.clone())
    }

    /// What a node must not ban, apart from its own machine.
    pub fn ranges(&self) -> Vec<String> {
        let stored = self.stored.read().unwrap_or_else(PoisonError::into_inner);
        let mut ranges: Vec<String> =
            self.configured.iter().chain(stored.iter()).map(|(net, _)| display(net)).collect();
        ranges.sort_unstable();
        ranges.dedup();
        ranges
    }
}

fn net(range: &IpRange) -> IpNet {
    range.with_prefix().parse().expect("an IpRange is written as a network")
}

/// An address without a prefix length where it is one address.
fn display(net: &IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}

/// The address in a URL; None for a host name.
fn host_of(url: &str) -> Option<IpAddr> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    let host = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next()?,
        None => host.split(':').next()?,
    };
    host.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protection() -> Protection {
        Protection::new(ProtectedSources {
            trusted_proxies: vec!["10.0.0.0/24".parse().unwrap()],
            media_nodes: vec!["2001:db8:5::/48".parse().unwrap()],
        })
    }

    fn reason(source: &str) -> Option<String> {
        protection().of(&source.parse().unwrap())
    }

    #[test]
    fn loopback_proxies_and_media_nodes_are_protected() {
        for loopback in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(reason(loopback).as_deref(), Some("this machine"), "{loopback}");
        }
        assert_eq!(reason("10.0.0.9").as_deref(), Some("a trusted proxy"));
        assert_eq!(reason("2001:db8:5:1::/64").as_deref(), Some("a media node"));
        assert_eq!(reason("10.0.1.9"), None);
    }

    #[test]
    fn range_around_a_protected_source_is_protected() {
        assert_eq!(reason("10.0.0.0/16").as_deref(), Some("a trusted proxy"));
        assert_eq!(reason("2001:db8:6::/48"), None);
    }

    #[test]
    fn fleet_address_is_read_from_its_url() {
        assert_eq!(host_of("https://203.0.113.7:8443/x"), Some([203, 0, 113, 7].into()));
        assert_eq!(host_of("http://[2001:db8::7]:80"), "2001:db8::7".parse().ok());
        assert_eq!(host_of("https://core-1.example.com"), None);
    }
}
