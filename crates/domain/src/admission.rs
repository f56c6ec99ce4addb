//! Who may call in through a carrier.

use crate::{CarrierSettings, InboundAuth, view::CarrierView};

/// What stands between a stranger and a bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Calls need credentials, an address of the allowlist, or both.
    Guarded { credentials: bool, addresses: bool },
    /// Nothing does, and an operator said so by hand.
    AnySource,
    /// Nothing would, and nobody said so: there is no inbound trunk.
    Closed,
}

impl Admission {
    fn decide(mode: InboundAuth, credentials: bool, addresses: bool, accept_any_source: bool) -> Self {
        let credentials = credentials && mode == InboundAuth::Credentials;
        if credentials || addresses {
            Self::Guarded { credentials, addresses }
        } else if accept_any_source {
            Self::AnySource
        } else {
            Self::Closed
        }
    }

    pub fn of(settings: &CarrierSettings) -> Self {
        Self::decide(
            settings.inbound_auth,
            settings.credentials.is_some(),
            !settings.allowed_addresses.is_empty(),
            settings.accept_any_source,
        )
    }
}

impl CarrierView {
    pub fn admission(&self) -> Admission {
        Admission::decide(
            self.inbound_auth,
            self.auth_username.is_some(),
            !self.allowed_addresses.is_empty(),
            self.accept_any_source,
        )
    }
}
