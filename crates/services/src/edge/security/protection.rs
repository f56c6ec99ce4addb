//! Sources that cannot be banned.

use std::{
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{AccountId, IpRange};
use ipnet::IpNet;
use store::Tx;

use crate::{Result, context::Context};

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
    fleet: RwLock<Vec<IpNet>>,
    /// Has the carriers' allowlists and the edge's.
    context: Arc<Context>,
}

impl Protection {
    pub fn new(context: Arc<Context>, sources: ProtectedSources) -> Self {
        let named =
            |nets: Vec<IpNet>, reason: &str| nets.into_iter().map(|net| (net, reason.to_owned())).collect::<Vec<_>>();
        let mut configured = named(sources.trusted_proxies, "a trusted proxy");
        configured.extend(named(sources.media_nodes, "a media node"));
        Self { configured, fleet: RwLock::default(), context }
    }

    /// Reads the addresses of the fleet. Fleet servers with host names are not protected: resolving them would make a name server decide who is.
    pub async fn load(&self, tx: &mut Tx, account: &AccountId) -> Result<()> {
        let servers = tx.fleet_servers(account).await?;
        let addresses = servers.iter().filter_map(|server| host_of(server.settings.url.as_str()));
        let fleet = addresses.map(|address| IpNet::from(address.to_canonical())).collect();
        *self.fleet.write().unwrap_or_else(PoisonError::into_inner) = fleet;
        Ok(())
    }

    /// Why the source cannot be banned; None where it can. A range cannot be banned either where a part of it cannot.
    pub fn of(&self, source: &IpRange) -> Option<String> {
        let source = net(source);
        if source.addr().is_loopback() {
            return Some("this machine".to_owned());
        }
        let overlaps = |net: &IpNet| net.contains(&source) || source.contains(net);
        self.all().into_iter().find(|(net, _)| overlaps(net)).map(|(_, reason)| reason)
    }

    /// What a node must not ban, apart from its own machine.
    pub fn ranges(&self) -> Vec<String> {
        let mut ranges: Vec<String> = self.all().iter().map(|(net, _)| display(net)).collect();
        ranges.sort_unstable();
        ranges.dedup();
        ranges
    }

    fn all(&self) -> Vec<(IpNet, String)> {
        let mut all = self.configured.clone();
        let fleet = self.fleet.read().unwrap_or_else(PoisonError::into_inner);
        all.extend(fleet.iter().map(|net| (*net, "a fleet server".to_owned())));
        if let Some(edge) = self.context.index.edge() {
            all.extend(edge.carrier_ranges().map(|range| (net(range), "an address of a carrier".to_owned())));
            all.extend(edge.allowed().map(|entry| (net(&entry.ip), "on the allowlist".to_owned())));
        }
        all
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

    #[test]
    fn fleet_address_is_read_from_its_url() {
        assert_eq!(host_of("https://203.0.113.7:8443/x"), Some([203, 0, 113, 7].into()));
        assert_eq!(host_of("http://[2001:db8::7]:80"), "2001:db8::7".parse().ok());
        assert_eq!(host_of("https://core-1.example.com"), None);
    }
}
