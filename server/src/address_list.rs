//! Lists of IP addresses and ranges in the configuration.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use ipnet::{IpNet, Ipv4Net};
use thiserror::Error;

/// IP addresses and ranges. IPv4-mapped IPv6 addresses count as IPv4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressList(Vec<IpNet>);

#[derive(Debug, PartialEq, Eq, Error)]
#[error("a list of IP addresses and ranges, such as 127.0.0.0/8, ::1, 10.1.2.3: {0:?} is none")]
pub struct NotAList(pub(crate) String);

impl AddressList {
    /// This machine.
    pub fn loopback() -> Self {
        let (v4, v6) = (Ipv4Net::new_assert(Ipv4Addr::LOCALHOST, 8), IpAddr::from(Ipv6Addr::LOCALHOST));
        Self(vec![v4.into(), v6.into()])
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|range| range.contains(&address))
    }

    pub fn ranges(&self) -> &[IpNet] {
        &self.0
    }
}

impl FromStr for AddressList {
    type Err = NotAList;

    fn from_str(text: &str) -> Result<Self, NotAList> {
        let entry = |entry: &str| {
            let one = entry.parse().map(|address: IpAddr| IpNet::from(address.to_canonical()));
            one.or_else(|_| entry.parse()).map_err(|_| NotAList(entry.to_owned()))
        };
        text.split(',').map(str::trim).map(entry).collect::<Result<_, _>>().map(Self)
    }
}
