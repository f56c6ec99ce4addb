use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::DidView;
use crate::{CarrierId, Country, Cps, InboundAuth, SyncStatus, Timestamp, Transport};

/// A carrier as `GET /api/v1/carriers/{id}` answers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CarrierView {
    pub id: CarrierId,
    pub name: String,
    pub sip_address: String,
    pub transport: Transport,
    pub destination_country: Option<Country>,
    pub auth_username: Option<String>,
    /// [`crate::MASK`] or null; the password itself is never answered.
    pub auth_password: Option<String>,
    pub allowed_addresses: Vec<String>,
    pub inbound_auth: InboundAuth,
    pub accept_any_source: bool,
    pub outbound_cps: Cps,
    pub outbound_burst: u32,
    pub outbound_channels: u32,
    /// All of the carrier's numbers; empty in a list that was asked for with `include_dids=false`.
    pub dids: Vec<DidView>,
    pub did_count: i64,
    pub lk_sync_status: SyncStatus,
    pub lk_sync_error: Option<String>,
    pub lk_last_synced_at: Option<Timestamp>,
    /// When the next try is due; null unless a sync is pending or failed.
    pub lk_next_sync_at: Option<Timestamp>,
    pub lk_inbound_trunk_id: Option<String>,
    pub lk_outbound_trunk_id: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// `GET /api/v1/carriers`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CarrierPage {
    pub items: Vec<CarrierView>,
    /// Ask again with it for the page that follows; null on the last.
    pub next_cursor: Option<String>,
    /// How many carriers match `q` and `attention`.
    pub total: i64,
    /// Over the whole account, for the page's head: numbers, and carriers whose sync failed.
    pub number_total: i64,
    pub error_total: i64,
}

/// The query of `GET /api/v1/carriers`, and of the list page, which keeps it in its URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CarrierQuery {
    /// Part of the name or of the SIP address, any case.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Only carriers with which that is the matter; see [`super::Attention`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub attention: String,
    /// `name` where empty; see [`CarrierSort`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sort: String,
    /// 1 to 200; 50 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_dids: Option<bool>,
}

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
