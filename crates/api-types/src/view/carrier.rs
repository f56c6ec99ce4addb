use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::DidView;
use domain::{
    Carrier, CarrierId, CarrierProvider, Country, Cps, Did, InboundAuth, MASK, SourcePolicy, SyncStatus, Timestamp,
    Transport, UserId,
};

/// `GET /api/v1/carriers/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CarrierView {
    /// Id of the row.
    pub id: CarrierId,
    /// The carrier's name on pages.
    pub name: String,
    /// The company that the calls go through.
    pub provider: CarrierProvider,
    /// `host[:port]` to which outbound calls are sent.
    pub sip_address: String,
    /// How SIP messages travel there.
    pub transport: Transport,
    /// ISO 3166-1 alpha-2.
    pub destination_country: Option<Country>,
    /// Username of digest credentials.
    pub auth_username: Option<String>,
    /// [`domain::MASK`], or null where there is no password.
    pub auth_password: Option<String>,
    /// IP addresses and CIDR ranges from which inbound calls come.
    pub allowed_addresses: Vec<String>,
    /// How inbound calls are authenticated.
    pub inbound_auth: InboundAuth,
    /// Whether inbound calls are accepted from any source where there are neither credentials nor an allowlist.
    pub accept_any_source: bool,
    /// New outbound calls per second.
    pub outbound_cps: Cps,
    /// Outbound calls that may start at the same time.
    pub outbound_burst: u32,
    /// Concurrent outbound calls.
    pub outbound_channels: u32,
    /// Whether LiveKit Cloud cancels noise in inbound calls; null: the trunks keep the value that LiveKit has.
    pub krisp_enabled: Option<bool>,
    /// All DIDs of the carrier; empty in a list with `include_dids=false`.
    pub dids: Vec<DidView>,
    /// The number of DIDs.
    pub did_count: i64,
    /// The result of the last sync.
    pub lk_sync_status: SyncStatus,
    /// Why the last sync failed, and the remedy.
    pub lk_sync_error: Option<String>,
    /// When LiveKit last had the desired state.
    pub lk_last_synced_at: Option<Timestamp>,
    /// When the next attempt is due; null unless a sync is pending or failed.
    pub lk_next_sync_at: Option<Timestamp>,
    /// LiveKit's id, `ST_…`, of the inbound trunk; of several, the first bot's.
    pub lk_inbound_trunk_id: Option<String>,
    /// LiveKit's id, `ST_…`, of the outbound trunk.
    pub lk_outbound_trunk_id: Option<String>,
    /// Who created the carrier; with an API key, the user behind the key. Null where that is not known.
    pub created_by: Option<UserId>,
    /// When the carrier was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// `GET /api/v1/carriers`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CarrierPage {
    /// The carriers of the page.
    pub items: Vec<CarrierView>,
    /// The cursor of the next page; null on the last.
    pub next_cursor: Option<String>,
    /// The number of carriers that match `q` and `attention`, on all pages.
    pub total: i64,
    /// The number of DIDs of the account.
    pub number_total: i64,
    /// The number of carriers of the account whose last sync failed.
    pub error_total: i64,
}

/// The query of `GET /api/v1/carriers` and of the list page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CarrierQuery {
    /// Part of the name or of the SIP address, in any case; or a DID in any spelling.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Only carriers that need attention for this reason; see [`domain::Attention`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub attention: String,
    /// A column, with `-` in front for the descending order; `name` where empty. See [`domain::CarrierSort`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sort: String,
    /// 1 to 200; 50 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Whether the carriers' DIDs are included; true where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_dids: Option<bool>,
}

impl CarrierView {
    /// With a mask in place of the password. `dids` may be empty where only the count is needed.
    pub fn new(carrier: &Carrier, dids: &[Did], did_count: i64) -> Self {
        let settings = &carrier.settings;
        Self {
            id: carrier.id.clone(),
            name: settings.name.to_string(),
            provider: settings.provider,
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
            krisp_enabled: settings.krisp_enabled,
            dids: dids.iter().map(DidView::from).collect(),
            did_count,
            lk_sync_status: carrier.sync.status,
            lk_sync_error: carrier.sync.error.clone(),
            lk_last_synced_at: carrier.sync.last_synced_at,
            lk_next_sync_at: carrier.sync.next_at,
            lk_inbound_trunk_id: carrier.sync.inbound_trunk_id.clone(),
            lk_outbound_trunk_id: carrier.sync.outbound_trunk_id.clone(),
            created_by: carrier.created_by.clone(),
            created_at: carrier.created_at,
            updated_at: carrier.updated_at,
            version: carrier.version,
        }
    }

    /// Who may send inbound calls.
    pub fn source_policy(&self) -> SourcePolicy {
        SourcePolicy::new(
            self.inbound_auth,
            self.auth_username.is_some(),
            !self.allowed_addresses.is_empty(),
            self.accept_any_source,
        )
    }
}
