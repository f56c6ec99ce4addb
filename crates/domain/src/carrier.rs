//! A SIP provider, or one account with it.

use crate::{
    AccountId, Burst, CarrierId, CarrierName, Channels, Country, Cps, InboundAuth, IpRange, SipAddress, SipCredentials,
    SyncStatus, Timestamp, Transport,
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
