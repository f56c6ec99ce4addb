//! A SIP provider, or one account with it.

use crate::{
    AccountId, Burst, CarrierId, CarrierName, Channels, Country, Cps, Did, InboundAuth, IpRange, MASK, SipAddress,
    SipCredentials, SyncStatus, Timestamp, Transport, view::CarrierView,
};

#[derive(Clone, Debug, PartialEq)]
pub struct Carrier {
    pub id: CarrierId,
    pub account_id: AccountId,
    pub settings: CarrierSettings,
    pub sync: SyncState,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Grows with each change of the settings; syncs and changes of numbers leave it alone.
    pub version: i64,
}

/// What an operator decides about a carrier.
#[derive(Clone, Debug, PartialEq)]
pub struct CarrierSettings {
    pub name: CarrierName,
    pub sip_address: SipAddress,
    pub transport: Transport,
    pub destination_country: Option<Country>,
    /// For outgoing calls, and for incoming ones with [`InboundAuth::Credentials`].
    pub credentials: Option<SipCredentials>,
    /// Who may call in; none twice, in the operator's order.
    pub allowed_addresses: Vec<IpRange>,
    pub inbound_auth: InboundAuth,
    /// Lets calls in that neither credentials nor an allowlist guard. Off unless someone switched it on.
    pub accept_any_source: bool,
    pub outbound_cps: Cps,
    pub outbound_burst: Burst,
    pub outbound_channels: Channels,
}

/// How far LiveKit has followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncState {
    pub status: SyncStatus,
    /// For operators: what LiveKit refused or why it was not reached, and what to do.
    pub error: Option<String>,
    pub last_synced_at: Option<Timestamp>,
    /// When the worker tries next; None when there is nothing to do.
    pub next_at: Option<Timestamp>,
    pub inbound_trunk_id: Option<String>,
    pub outbound_trunk_id: Option<String>,
}

impl Carrier {
    /// For answers; `dids` may be left empty where only the count is wanted.
    pub fn view(&self, dids: &[Did], did_count: i64) -> CarrierView {
        let settings = &self.settings;
        CarrierView {
            id: self.id.clone(),
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
            dids: dids.iter().map(Did::view).collect(),
            did_count,
            lk_sync_status: self.sync.status,
            lk_sync_error: self.sync.error.clone(),
            lk_last_synced_at: self.sync.last_synced_at,
            lk_next_sync_at: self.sync.next_at,
            lk_inbound_trunk_id: self.sync.inbound_trunk_id.clone(),
            lk_outbound_trunk_id: self.sync.outbound_trunk_id.clone(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}
