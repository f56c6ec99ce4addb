//! The orders of a list of carriers.

use strum::{EnumIter, EnumString, IntoStaticStr};

/// The column by which a list of carriers is sorted. The spellings are those of the query's `sort`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum CarrierSort {
    /// By name, in lower case.
    #[default]
    Name,
    /// By SIP address.
    SipAddress,
    /// By the number of DIDs.
    Dids,
    /// By calls per second.
    #[strum(serialize = "outbound_cps")]
    Cps,
    /// By sync status.
    #[strum(serialize = "lk_sync_status")]
    Status,
    /// By the time of the last sync.
    #[strum(serialize = "lk_last_synced_at")]
    LastSynced,
    /// By the time of creation.
    CreatedAt,
}

impl CarrierSort {
    /// The spelling in the query: `sip_address`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses `name` (ascending), `-name` (descending) or an empty text: the column, and whether the order is descending.
    /// None for an unknown column.
    pub fn parse(text: &str) -> Option<(Self, bool)> {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        if name.is_empty() {
            return Some((Self::Name, descending));
        }
        name.parse().ok().map(|sort| (sort, descending))
    }
}
