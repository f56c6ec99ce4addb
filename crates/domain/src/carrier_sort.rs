//! The orders of a list of carriers.

use serde::{Deserialize, Serialize};

/// What a list of carriers can be sorted by; `-` before the name in a query turns it round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarrierSort {
    #[default]
    Name,
    SipAddress,
    Dids,
    Cps,
    Status,
    LastSynced,
    CreatedAt,
}

impl CarrierSort {
    pub const ALL: [Self; 7] =
        [Self::Name, Self::SipAddress, Self::Dids, Self::Cps, Self::Status, Self::LastSynced, Self::CreatedAt];

    /// As in the query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::SipAddress => "sip_address",
            Self::Dids => "dids",
            Self::Cps => "outbound_cps",
            Self::Status => "lk_sync_status",
            Self::LastSynced => "lk_last_synced_at",
            Self::CreatedAt => "created_at",
        }
    }

    /// `name`, `-name`, or nothing: the sort, and whether it is turned round.
    pub fn parse(text: &str) -> Option<(Self, bool)> {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        if name.is_empty() {
            return Some((Self::Name, descending));
        }
        Self::ALL.into_iter().find(|sort| sort.as_str() == name).map(|sort| (sort, descending))
    }
}
