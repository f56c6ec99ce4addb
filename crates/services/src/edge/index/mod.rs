//! The configuration of the SIP edge in memory, kept equal to the database by the index of lookups (decision 24).

mod table;

use std::sync::RwLockReadGuard;

use domain::{
    BotId, CarrierId, DeviceId, EdgeUserId, ExtensionId, RingGroupId, ScheduleId,
    edge::{
        AllowEntrySettings, DeviceHa1, EdgeSettings, ExtensionSettings, RingGroupSettings, ScheduleSettings,
        route::{CarrierEntry, DeviceEntry, DidEntry, Directory, LimitEntry, OutboundRoute, UserEntry},
    },
};

pub(crate) use self::table::Table;
use crate::lookup::{self, find_in};

/// The configuration, locked for reading. It is not kept across an await.
pub(crate) struct EdgeView<'a> {
    dids: RwLockReadGuard<'a, lookup::Table>,
    edge: RwLockReadGuard<'a, Option<Table>>,
}

impl<'a> EdgeView<'a> {
    /// None before the configuration was read.
    pub fn new(dids: RwLockReadGuard<'a, lookup::Table>, edge: RwLockReadGuard<'a, Option<Table>>) -> Option<Self> {
        edge.is_some().then_some(Self { dids, edge })
    }

    fn table(&self) -> &Table {
        self.edge.as_ref().expect("the constructor has checked it, and the lock is there since")
    }

    /// The digests of the device with these credentials; None where it has no password, or does not exist.
    pub fn ha1(&self, auth_username: &str, realm: &str) -> Option<DeviceHa1> {
        self.table().ha1(auth_username, realm)
    }

    /// Whether it is a SIP domain of the account.
    pub fn has_domain(&self, domain: &str) -> bool {
        self.table().domains.values().any(|known| known.domain.as_str().eq_ignore_ascii_case(domain))
    }

    /// The entries of the security allowlist.
    pub fn allowed(&self) -> impl Iterator<Item = &AllowEntrySettings> {
        self.table().allowed.values()
    }

    /// The sources of inbound calls of all carriers.
    pub fn carrier_ranges(&self) -> impl Iterator<Item = &domain::IpRange> {
        self.table().carriers.values().flat_map(|carrier| &carrier.allowed)
    }
}

impl Directory for EdgeView<'_> {
    fn settings(&self) -> &EdgeSettings {
        &self.table().settings.current
    }

    fn did(&self, number: &str) -> Option<DidEntry<'_>> {
        let found = find_in(&self.dids, number)?;
        Some(DidEntry {
            target: self.table().did_target(&found.did_id),
            id: found.did_id,
            number: found.number,
            carrier_id: found.carrier.id,
            is_inbound: found.direction.rings(),
            bot_id: found.bot_id,
        })
    }

    fn bot_number(&self, bot: &BotId) -> Option<String> {
        self.dids.did_of_bot(bot).map(|did| did.number)
    }

    fn extension(&self, digits: &str) -> Option<&ExtensionSettings> {
        let id = self.table().extensions.get(digits)?;
        self.table().extensions_by_id.get(id)
    }

    fn extension_by_id(&self, id: &ExtensionId) -> Option<&ExtensionSettings> {
        self.table().extensions_by_id.get(&id.ulid().into())
    }

    fn user(&self, id: &EdgeUserId) -> Option<UserEntry<'_>> {
        self.table().user(id)
    }

    fn user_by_name(&self, username: &str) -> Option<UserEntry<'_>> {
        self.table().user_by_name(username)
    }

    fn device(&self, id: &DeviceId) -> Option<DeviceEntry<'_>> {
        self.table().device(id)
    }

    fn device_by_credentials(&self, auth_username: &str, realm: &str) -> Option<DeviceEntry<'_>> {
        self.table().device_by_credentials(auth_username, realm)
    }

    fn devices_of(&self, user: &EdgeUserId) -> Vec<DeviceEntry<'_>> {
        self.table().devices_of(user)
    }

    fn ring_group(&self, id: &RingGroupId) -> Option<&RingGroupSettings> {
        self.table().ring_groups.get(&id.ulid().into())
    }

    fn schedule(&self, id: &ScheduleId) -> Option<&ScheduleSettings> {
        self.table().schedules.get(&id.ulid().into())
    }

    fn outbound_routes(&self, prefix: &str) -> &[OutboundRoute] {
        self.table().routes.get(prefix).map_or(&[], Vec::as_slice)
    }

    fn emergency_carriers(&self) -> &[CarrierId] {
        &self.table().emergency_carriers
    }

    fn carrier(&self, id: &CarrierId) -> Option<CarrierEntry<'_>> {
        self.table().carriers.get(&id.ulid().into()).map(|carrier| CarrierEntry {
            name: carrier.name.as_str(),
            address: &carrier.address,
            transport: carrier.transport,
            channels: carrier.channels,
            source_policy: carrier.source_policy,
            allowed: &carrier.allowed,
        })
    }

    fn limits(&self) -> &[LimitEntry] {
        &self.table().limits
    }

    fn primary_domain(&self) -> Option<&str> {
        self.table().settings.primary_domain.as_deref()
    }
}
