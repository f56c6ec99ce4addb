//! Carriers.

use crate::{
    AccountId, Burst, CarrierId, CarrierName, CarrierProvider, Channels, Country, Cps, InboundAuth, IpRange,
    SipAddress, SipCredentials, SyncStatus, Timestamp, Transport, UserId,
};

/// One SIP interconnect with a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Carrier {
    /// Id of the row.
    pub id: CarrierId,
    /// The account of the row.
    pub account_id: AccountId,
    /// The operator's settings.
    pub settings: CarrierSettings,
    /// The state of the sync to LiveKit.
    pub sync: SyncState,
    /// Who created the carrier; with an API key, the user behind the key. None where that is not known.
    pub created_by: Option<UserId>,
    /// When the carrier was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings. Syncs and changes of DIDs do not change it.
    pub version: i64,
}

/// The operator's settings of a carrier.
#[derive(Clone, Debug, PartialEq)]
pub struct CarrierSettings {
    /// The carrier's name on pages.
    pub name: CarrierName,
    /// The company that the calls go through.
    pub provider: CarrierProvider,
    /// Where outbound calls are sent.
    pub sip_address: SipAddress,
    /// How SIP messages travel there.
    pub transport: Transport,
    /// The country by which LiveKit Cloud routes outbound calls, and in which numbers without a plus are read.
    pub destination_country: Option<Country>,
    /// For outbound calls, and with [`InboundAuth::Credentials`] for inbound ones.
    pub credentials: Option<SipCredentials>,
    /// The sources of inbound calls, without duplicates, in the operator's order.
    pub allowed_addresses: Vec<IpRange>,
    /// How inbound calls are authenticated.
    pub inbound_auth: InboundAuth,
    /// Accepts inbound calls from any source where there are neither credentials nor an allowlist. Off by default.
    pub accept_any_source: bool,
    /// The rate of new outbound calls.
    pub outbound_cps: Cps,
    /// Outbound calls that may start at the same time, beyond the rate.
    pub outbound_burst: Burst,
    /// Concurrent outbound calls.
    pub outbound_channels: Channels,
    /// Whether LiveKit cancels noise in inbound calls. None: the trunks keep the value that LiveKit has.
    pub krisp_enabled: Option<bool>,
}

/// How far LiveKit has followed the carrier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncState {
    /// The result of the last attempt.
    pub status: SyncStatus,
    /// Why the last attempt failed, and the remedy, for operators.
    pub error: Option<String>,
    /// When LiveKit last had the desired state.
    pub last_synced_at: Option<Timestamp>,
    /// When the reconciler's next attempt is due; None where no sync is due.
    pub next_at: Option<Timestamp>,
    /// LiveKit's id, `ST_…`, of the inbound trunk; of several, the first bot's.
    pub inbound_trunk_id: Option<String>,
    /// LiveKit's id, `ST_…`, of the outbound trunk.
    pub outbound_trunk_id: Option<String>,
}
