//! Which of an account's DIDs a list shows, on whichever carrier.

use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::{CarrierId, CarrierProvider, DidFilter};

/// Which DIDs; all that is given has to match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountDidFilter {
    /// As in the list of one carrier's DIDs.
    pub did: DidFilter,
    /// Only DIDs of this carrier.
    pub carrier: Option<CarrierId>,
    /// Only DIDs of carriers of this provider.
    pub provider: Option<CarrierProvider>,
    /// Only DIDs in this state.
    pub state: Option<DidState>,
}

/// The state of a DID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum DidState {
    /// LiveKit has its carrier's desired state.
    Synced,
    /// Its carrier's sync is due.
    Pending,
    /// Its carrier's sync failed.
    Error,
    /// It takes inbound calls, and no bot answers them.
    NoBot,
}

impl DidState {
    /// The spelling in the query: `no_bot`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `No Bot`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Synced => "Synced",
            Self::Pending => "Pending",
            Self::Error => "Error",
            Self::NoBot => "No Bot",
        }
    }
}

impl AccountDidFilter {
    /// Every DID of the account matches.
    pub fn matches_all(&self) -> bool {
        self.did.matches_all() && self.carrier.is_none() && self.provider.is_none() && self.state.is_none()
    }
}
