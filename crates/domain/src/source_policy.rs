//! Who may send inbound calls through a carrier.

use crate::{CarrierSettings, InboundAuth};

/// What LiveKit requires of an inbound call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourcePolicy {
    /// Digest credentials.
    Credentials {
        /// Also a source address of the allowlist.
        addresses: bool,
    },
    /// A source address of the allowlist.
    Allowlist,
    /// Nothing: `accept_any_source` is on.
    Any,
    /// No call is accepted: there are neither credentials nor addresses, and `accept_any_source` is off. There is no
    /// inbound trunk.
    Closed,
}

impl SourcePolicy {
    /// `credentials` and `addresses`: whether the carrier has any.
    pub fn new(inbound_auth: InboundAuth, credentials: bool, addresses: bool, accept_any_source: bool) -> Self {
        if credentials && inbound_auth == InboundAuth::Credentials {
            Self::Credentials { addresses }
        } else if addresses {
            Self::Allowlist
        } else if accept_any_source {
            Self::Any
        } else {
            Self::Closed
        }
    }

    /// The policy of these settings.
    pub fn of(settings: &CarrierSettings) -> Self {
        Self::new(
            settings.inbound_auth,
            settings.credentials.is_some(),
            !settings.allowed_addresses.is_empty(),
            settings.accept_any_source,
        )
    }
}
