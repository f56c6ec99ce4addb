//! SIP domains: what stands after the `@` of an address of record.

use std::{fmt, str::FromStr};

use super::{
    EdgeKind, EdgeNoun, UniqueKey,
    field::{Rules, json_texts, settings, text_fields},
};
use crate::{FieldFault, SipAddress, SipDomainId};

/// The host of a SIP URI, in lower case: a name or an IP address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

impl DomainName {
    /// The domain as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DomainName {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        if text.trim().is_empty() {
            return Err(FieldFault::required("Enter the domain, such as sip.example.com."));
        }
        let address: SipAddress = text.parse()?;
        if address.port().is_some() {
            return Err(FieldFault::new("has_port", "Remove the port: a domain is the host alone."));
        }
        Ok(Self(address.to_string()))
    }
}

json_texts! { DomainName: "sip.example.com" }
text_fields! { DomainName }

settings! {
    /// A domain whose requests the edge routes.
    SipDomainSettings, SipDomainInput {
        /// The host in the addresses of record.
        domain: DomainName,
        /// Whether addresses without a domain of their own belong to this one. An account has at most one.
        is_primary: bool = false,
    }
}

impl Rules for SipDomainSettings {}

impl EdgeNoun for SipDomainSettings {
    type Id = SipDomainId;
    type Input = SipDomainInput;
    const KIND: EdgeKind = EdgeKind::Domain;

    fn name(&self) -> String {
        self.domain.to_string()
    }

    fn unique_keys(&self) -> Vec<UniqueKey> {
        let domain = UniqueKey {
            field: "domain",
            key: format!("domain:{}", self.domain),
            message: format!("{} is a SIP domain already.", self.domain),
        };
        let primary = self.is_primary.then(|| UniqueKey {
            field: "is_primary",
            key: "primary".to_owned(),
            message: "Another domain is the primary one. Change that one first.".to_owned(),
        });
        [Some(domain), primary].into_iter().flatten().collect()
    }
}
