use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::DidView;
use domain::{
    Carrier, CarrierId, Country, Cps, Did, InboundAuth, MASK, SourcePolicy, SyncStatus, Timestamp, Transport,
};

/// A carrier as `GET /api/v1/carriers/{id}` answers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CarrierView {
    pub id: CarrierId,
    pub name: String,
    pub sip_address: String,
    pub transport: Transport,
    pub destination_country: Option<Country>,
    pub auth_username: Option<String>,
    /// [`domain::MASK`] or null; the password itself is never answered.
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
    /// Only carriers with which that is the matter; see [`domain::Attention`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub attention: String,
    /// `name` where empty; see [`domain::CarrierSort`].
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

impl CarrierView {
    /// `dids` may be left empty where only the count is wanted. The password is masked.
    pub fn new(carrier: &Carrier, dids: &[Did], did_count: i64) -> Self {
        let settings = &carrier.settings;
        Self {
            id: carrier.id.clone(),
            name: settings.name.to_string(),
            sip_address: settings.sip_address.to_string(),
            transport: settings.transport,
            destination_country: settings.destination_country,
            auth_username: settings.credentials.as_ref().map(|credentials| credentials.username.to_string()),
            auth_password: settings.credentials.as_ref().map(|_| MASK.to_owned()),
            allowed_addresses: settings.allowed_addresses.iter().map(ToString::to_string).collect(),
            inbound_auth: settings.inbound_auth,
            accept_any_source: settings.accept_any_source,
            outbound_cps: settings.outbound_cps,
            outbound_burst: settings.outbound_burst.get(),
            outbound_channels: settings.outbound_channels.get(),
            dids: dids.iter().map(DidView::from).collect(),
            did_count,
            lk_sync_status: carrier.sync.status,
            lk_sync_error: carrier.sync.error.clone(),
            lk_last_synced_at: carrier.sync.last_synced_at,
            lk_next_sync_at: carrier.sync.next_at,
            lk_inbound_trunk_id: carrier.sync.inbound_trunk_id.clone(),
            lk_outbound_trunk_id: carrier.sync.outbound_trunk_id.clone(),
            created_at: carrier.created_at,
            updated_at: carrier.updated_at,
            version: carrier.version,
        }
    }

    /// Who may send inbound calls, by what the view shows.
    pub fn source_policy(&self) -> SourcePolicy {
        SourcePolicy::new(
            self.inbound_auth,
            self.auth_username.is_some(),
            !self.allowed_addresses.is_empty(),
            self.accept_any_source,
        )
    }
}
