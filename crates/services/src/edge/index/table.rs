//! The configuration of the edge in memory.
//!
//! Of users and devices there may be a million: they are compact, with ids as ULIDs of 16 bytes, digests as bytes, and
//! four-byte positions in hash tables. Other objects are few, and kept as they are.

use std::{collections::HashMap, hash::BuildHasher, mem::size_of};

use domain::{
    AccountId, CarrierId, DeviceId, DidId, EdgeUserId, Secret,
    edge::{
        AllowEntrySettings, DeviceHa1, DeviceSettings, DidTargetSettings, EdgeKind, EdgeSettings, EdgeUserSettings,
        ExtensionSettings, LimitSettings, OutboundRouteSettings, RingGroupSettings, RingStrategy, ScheduleSettings,
        SipDomainSettings, Status,
        route::{DeviceEntry, LimitEntry, OutboundRoute, UserEntry, UserOptions},
    },
};
use hashbrown::{DefaultHashBuilder, HashTable};
use slab::Slab;
use store::{AnyEdgeObject, EdgeCarrier, Tx};
use tracing::warn;

use crate::Result;

/// What routing and authentication read.
#[derive(Default)]
pub struct Table {
    users: Slab<User>,
    users_by_id: HashTable<u32>,
    users_by_name: HashTable<u32>,
    devices: Slab<Device>,
    devices_by_id: HashTable<u32>,
    devices_by_credentials: HashTable<u32>,
    devices_by_user: HashMap<u128, Positions>,
    realms: Vec<Box<str>>,
    hasher: DefaultHashBuilder,
    pub(super) extensions: HashMap<Box<str>, u128>,
    pub(super) extensions_by_id: HashMap<u128, ExtensionSettings>,
    pub(super) did_targets: HashMap<u128, (u128, Box<DidTargetSettings>)>,
    did_targets_by_id: HashMap<u128, u128>,
    pub(super) ring_groups: HashMap<u128, RingGroupSettings>,
    pub(super) schedules: HashMap<u128, ScheduleSettings>,
    pub(super) routes: HashMap<Box<str>, Vec<OutboundRoute>>,
    routes_by_id: HashMap<u128, Box<str>>,
    pub(super) emergency_carriers: Vec<CarrierId>,
    pub(super) limits: Vec<LimitEntry>,
    pub(super) domains: HashMap<u128, SipDomainSettings>,
    pub(super) allowed: HashMap<u128, AllowEntrySettings>,
    pub(super) carriers: HashMap<u128, EdgeCarrier>,
    pub(super) settings: Settings,
}

/// The account's settings; the defaults without a row.
#[derive(Default)]
pub(super) struct Settings {
    pub current: EdgeSettings,
    pub primary_domain: Option<String>,
}

struct User {
    id: u128,
    username: Box<str>,
    display_name: Option<Box<str>>,
    options: Option<Box<UserOptions>>,
    max_simultaneous: Option<u32>,
    ring_timeout_sec: u16,
    ring_strategy: RingStrategy,
    is_active: bool,
}

struct Device {
    id: u128,
    user: u128,
    auth_username: Box<str>,
    /// Position in [`Table::realms`].
    realm: u32,
    ring_order: u16,
    is_active: bool,
    ring_on_fork: bool,
    /// None: no password was ever set.
    ha1: Option<Box<Ha1>>,
}

struct Ha1 {
    md5: [u8; 16],
    sha256: [u8; 32],
}

/// Most users have one device.
enum Positions {
    One(u32),
    #[expect(clippy::box_collection, reason = "half of the bytes in the hash table, for few users")]
    Many(Box<Vec<u32>>),
}

impl Positions {
    fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// Objects that are read by one statement while the table is built.
const PAGE: u32 = 5_000;

impl Table {
    /// Reads the whole account.
    pub async fn read(tx: &mut Tx, account: &AccountId) -> Result<Self> {
        let mut table = Self::default();
        for carrier in tx.edge_carriers(account).await? {
            table.put_carrier(carrier);
        }
        let mut after = String::new();
        loop {
            let objects = tx.edge_objects_after(account, &after, PAGE).await?;
            objects.iter().for_each(|object| table.put_or_omit(object));
            let Some(last) = objects.last().filter(|_| objects.len() == PAGE as usize) else { return Ok(table) };
            after.clone_from(&last.id);
        }
    }

    /// Brings rows that were read again into the table: of each kind the ids, and those rows that exist.
    pub fn refresh(
        &mut self,
        (carrier_ids, carriers): (&[CarrierId], Vec<EdgeCarrier>),
        (ids, objects): (&[&str], &[AnyEdgeObject]),
    ) {
        carrier_ids.iter().for_each(|id| self.remove_carrier(id));
        carriers.into_iter().for_each(|carrier| self.put_carrier(carrier));
        ids.iter().for_each(|id| self.remove(id));
        objects.iter().for_each(|object| self.put_or_omit(object));
    }

    /// One object that cannot be read does not keep the others from being used.
    fn put_or_omit(&mut self, object: &AnyEdgeObject) {
        if let Err(error) = self.put(object) {
            warn!(%error, id = object.id, "an object of the SIP edge cannot be read; the edge goes on without it");
        }
    }

    /// Adds an object, or replaces it.
    fn put(&mut self, object: &AnyEdgeObject) -> Result<()> {
        self.remove(&object.id);
        let Some(id) = packed(&object.id) else { return Ok(()) };
        match object.kind {
            EdgeKind::User => self.put_user(id, &object.settings()?),
            EdgeKind::Device => self.put_device(id, &object.settings()?, object.ha1.as_ref()),
            EdgeKind::Extension => {
                let extension: ExtensionSettings = object.settings()?;
                self.extensions.insert(extension.digits.as_str().into(), id);
                self.extensions_by_id.insert(id, extension);
            }
            EdgeKind::DidTarget => {
                let target: DidTargetSettings = object.settings()?;
                let did = target.did_id.ulid().into();
                self.did_targets.insert(did, (id, Box::new(target)));
                self.did_targets_by_id.insert(id, did);
            }
            EdgeKind::RingGroup => drop(self.ring_groups.insert(id, object.settings()?)),
            EdgeKind::Schedule => drop(self.schedules.insert(id, object.settings()?)),
            EdgeKind::OutboundRoute => {
                let settings: OutboundRouteSettings = object.settings()?;
                self.put_route(id, OutboundRoute { id: domain::OutboundRouteId::new(id.into()), settings });
            }
            EdgeKind::Limit => {
                let settings: LimitSettings = object.settings()?;
                // Its parser has checked the scope.
                if let Ok(scope) = settings.scope() {
                    self.limits.push(LimitEntry { id: domain::CallLimitId::new(id.into()), settings, scope });
                    self.limits.sort_by(|one, other| one.id.cmp(&other.id));
                }
            }
            EdgeKind::Domain => {
                self.domains.insert(id, object.settings()?);
                self.find_primary_domain();
            }
            EdgeKind::Allow => drop(self.allowed.insert(id, object.settings()?)),
            EdgeKind::Settings => self.settings.current = object.settings()?,
        }
        Ok(())
    }

    /// Removes the object with this id, of whichever noun.
    pub fn remove(&mut self, id: &str) {
        let (Some(packed), Some(prefix)) = (packed(id), prefix(id)) else { return };
        match prefix {
            EdgeUserId::PREFIX => self.remove_user(packed),
            DeviceId::PREFIX => self.remove_device(packed),
            domain::ExtensionId::PREFIX => {
                if let Some(extension) = self.extensions_by_id.remove(&packed) {
                    let digits = extension.digits.as_str();
                    // Another extension may have the digits by now.
                    if self.extensions.get(digits) == Some(&packed) {
                        self.extensions.remove(digits);
                    }
                }
            }
            domain::DidTargetId::PREFIX => {
                if let Some(did) = self.did_targets_by_id.remove(&packed)
                    && self.did_targets.get(&did).is_some_and(|(id, _)| *id == packed)
                {
                    self.did_targets.remove(&did);
                }
            }
            domain::RingGroupId::PREFIX => drop(self.ring_groups.remove(&packed)),
            domain::ScheduleId::PREFIX => drop(self.schedules.remove(&packed)),
            domain::OutboundRouteId::PREFIX => self.remove_route(packed),
            domain::CallLimitId::PREFIX => self.limits.retain(|limit| u128::from(limit.id.ulid()) != packed),
            domain::SipDomainId::PREFIX => {
                self.domains.remove(&packed);
                self.find_primary_domain();
            }
            domain::AllowEntryId::PREFIX => drop(self.allowed.remove(&packed)),
            domain::EdgeSettingsId::PREFIX => self.settings.current = EdgeSettings::default(),
            _ => {}
        }
    }

    /// Adds a carrier, or replaces it.
    pub fn put_carrier(&mut self, carrier: EdgeCarrier) {
        self.carriers.insert(carrier.id.ulid().into(), carrier);
    }

    /// Removes a carrier.
    pub fn remove_carrier(&mut self, id: &CarrierId) {
        self.carriers.remove(&id.ulid().into());
    }

    fn put_user(&mut self, id: u128, settings: &EdgeUserSettings) {
        let user = User {
            id,
            username: settings.username.as_str().into(),
            display_name: settings.display_name.as_ref().map(|name| name.as_str().into()),
            options: UserOptions::of(settings).map(Box::new),
            max_simultaneous: settings.max_simultaneous.map(|max| max.get()),
            ring_timeout_sec: u16::try_from(settings.ring_timeout_sec.get()).unwrap_or(u16::MAX),
            ring_strategy: settings.ring_strategy,
            is_active: settings.status == Status::Active,
        };
        let (by_id, by_name) = (self.hasher.hash_one(id), self.hasher.hash_one(&*user.username));
        let slot = position(self.users.insert(user));
        let Self { users, users_by_id, users_by_name, hasher, .. } = self;
        users_by_id.insert_unique(by_id, slot, |slot| hasher.hash_one(users[*slot as usize].id));
        users_by_name.insert_unique(by_name, slot, |slot| hasher.hash_one(&*users[*slot as usize].username));
    }

    fn remove_user(&mut self, id: u128) {
        let Some(slot) = self.user_slot(id) else { return };
        let user = self.users.remove(slot as usize);
        remove_slot(&mut self.users_by_id, self.hasher.hash_one(id), slot);
        remove_slot(&mut self.users_by_name, self.hasher.hash_one(&*user.username), slot);
    }

    fn put_device(&mut self, id: u128, settings: &DeviceSettings, ha1: Option<&DeviceHa1>) {
        let realm = self.realm(settings.realm.as_str());
        let device = Device {
            id,
            user: settings.user_id.ulid().into(),
            auth_username: settings.auth_username.as_str().into(),
            realm,
            ring_order: u16::try_from(settings.ring_order.get()).unwrap_or(u16::MAX),
            is_active: settings.status == Status::Active,
            ring_on_fork: settings.ring_on_fork,
            ha1: ha1.and_then(Ha1::pack).map(Box::new),
        };
        let user = device.user;
        let by_id = self.hasher.hash_one(id);
        let by_credentials = self.hasher.hash_one((&*device.auth_username, realm));
        let slot = position(self.devices.insert(device));
        let Self { devices, devices_by_id, devices_by_credentials, hasher, .. } = self;
        devices_by_id.insert_unique(by_id, slot, |slot| hasher.hash_one(devices[*slot as usize].id));
        devices_by_credentials.insert_unique(by_credentials, slot, |slot| {
            let device = &devices[*slot as usize];
            hasher.hash_one((&*device.auth_username, device.realm))
        });
        match self.devices_by_user.get_mut(&user) {
            None => drop(self.devices_by_user.insert(user, Positions::One(slot))),
            Some(Positions::Many(many)) => many.push(slot),
            Some(one) => *one = Positions::Many(Box::new(vec![one.as_slice()[0], slot])),
        }
    }

    fn remove_device(&mut self, id: u128) {
        let Some(slot) = self.device_slot(id) else { return };
        let device = self.devices.remove(slot as usize);
        remove_slot(&mut self.devices_by_id, self.hasher.hash_one(id), slot);
        let by_credentials = self.hasher.hash_one((&*device.auth_username, device.realm));
        remove_slot(&mut self.devices_by_credentials, by_credentials, slot);
        let is_last = match self.devices_by_user.get_mut(&device.user) {
            Some(Positions::Many(many)) => {
                many.retain(|known| *known != slot);
                many.is_empty()
            }
            _ => true,
        };
        if is_last {
            self.devices_by_user.remove(&device.user);
        }
    }

    fn realm(&mut self, realm: &str) -> u32 {
        let known = self.realms.iter().position(|known| **known == *realm);
        let place = known.unwrap_or_else(|| {
            self.realms.push(realm.into());
            self.realms.len() - 1
        });
        position(place)
    }

    fn put_route(&mut self, id: u128, route: OutboundRoute) {
        let prefix: Box<str> = route.settings.prefix.as_str().into();
        let routes = self.routes.entry(prefix.clone()).or_default();
        routes.push(route);
        routes.sort_by(|one, other| (one.settings.priority, &one.id).cmp(&(other.settings.priority, &other.id)));
        self.routes_by_id.insert(id, prefix);
        self.find_emergency_carriers();
    }

    fn remove_route(&mut self, id: u128) {
        let Some(prefix) = self.routes_by_id.remove(&id) else { return };
        if let Some(routes) = self.routes.get_mut(&prefix) {
            routes.retain(|route| u128::from(route.id.ulid()) != id);
            if routes.is_empty() {
                self.routes.remove(&prefix);
            }
        }
        self.find_emergency_carriers();
    }

    fn find_emergency_carriers(&mut self) {
        let mut routes: Vec<&OutboundRoute> = self.routes.values().flatten().collect();
        routes.retain(|route| route.settings.status == Status::Active);
        routes.sort_by_key(|route| (route.settings.prefix.as_str().len(), route.settings.priority, &route.id));
        let mut carriers: Vec<CarrierId> = Vec::new();
        for id in routes.into_iter().flat_map(|route| &route.settings.carrier_ids) {
            if !carriers.contains(id) {
                carriers.push(id.clone());
            }
        }
        self.emergency_carriers = carriers;
    }

    fn find_primary_domain(&mut self) {
        // Without a primary one, the oldest.
        let first = self.domains.iter().min_by_key(|(id, domain)| (!domain.is_primary, **id));
        self.settings.primary_domain = first.map(|(_, domain)| domain.domain.as_str().to_owned());
    }

    fn user_slot(&self, id: u128) -> Option<u32> {
        self.users_by_id.find(self.hasher.hash_one(id), |slot| self.users[*slot as usize].id == id).copied()
    }

    fn device_slot(&self, id: u128) -> Option<u32> {
        self.devices_by_id.find(self.hasher.hash_one(id), |slot| self.devices[*slot as usize].id == id).copied()
    }

    /// The user with this id.
    pub fn user(&self, id: &EdgeUserId) -> Option<UserEntry<'_>> {
        self.user_slot(id.ulid().into()).map(|slot| self.users[slot as usize].entry())
    }

    /// The user with this name.
    pub fn user_by_name(&self, username: &str) -> Option<UserEntry<'_>> {
        let hash = self.hasher.hash_one(username);
        let slot = self.users_by_name.find(hash, |slot| *self.users[*slot as usize].username == *username)?;
        Some(self.users[*slot as usize].entry())
    }

    /// The device with this id.
    pub fn device(&self, id: &DeviceId) -> Option<DeviceEntry<'_>> {
        self.device_slot(id.ulid().into()).map(|slot| self.device_entry(slot))
    }

    /// The device with these credentials.
    pub fn device_by_credentials(&self, auth_username: &str, realm: &str) -> Option<DeviceEntry<'_>> {
        self.credentials_slot(auth_username, realm).map(|slot| self.device_entry(slot))
    }

    /// The digests of the device with these credentials.
    pub fn ha1(&self, auth_username: &str, realm: &str) -> Option<DeviceHa1> {
        let slot = self.credentials_slot(auth_username, realm)?;
        self.devices[slot as usize].ha1.as_ref().map(|ha1| ha1.unpack())
    }

    fn credentials_slot(&self, auth_username: &str, realm: &str) -> Option<u32> {
        let realm = position(self.realms.iter().position(|known| **known == *realm)?);
        let is_device = |slot: &u32| {
            let device = &self.devices[*slot as usize];
            device.realm == realm && *device.auth_username == *auth_username
        };
        self.devices_by_credentials.find(self.hasher.hash_one((auth_username, realm)), is_device).copied()
    }

    /// The devices of a user.
    pub fn devices_of(&self, user: &EdgeUserId) -> Vec<DeviceEntry<'_>> {
        let slots = self.devices_by_user.get(&user.ulid().into()).map_or(&[][..], Positions::as_slice);
        slots.iter().map(|slot| self.device_entry(*slot)).collect()
    }

    fn device_entry(&self, slot: u32) -> DeviceEntry<'_> {
        let device = &self.devices[slot as usize];
        DeviceEntry {
            id: DeviceId::new(device.id.into()),
            user_id: EdgeUserId::new(device.user.into()),
            auth_username: &device.auth_username,
            realm: &self.realms[device.realm as usize],
            is_active: device.is_active,
            ring_order: device.ring_order.into(),
            ring_on_fork: device.ring_on_fork,
        }
    }

    /// The target of a DID.
    pub fn did_target(&self, did: &DidId) -> Option<&DidTargetSettings> {
        self.did_targets.get(&did.ulid().into()).map(|(_, target)| &**target)
    }

    /// How many devices there are.
    pub fn device_count(&self) -> usize {
        self.devices.len()
    }

    /// Bytes on the heap of users and devices, without forwards and other rare options.
    pub fn allocated_bytes(&self) -> usize {
        let texts = |text: &str| text.len();
        let users: usize = self
            .users
            .iter()
            .map(|(_, user)| texts(&user.username) + user.display_name.as_deref().map_or(0, texts))
            .sum();
        let devices: usize = self
            .devices
            .iter()
            .map(|(_, device)| texts(&device.auth_username) + device.ha1.as_ref().map_or(0, |_| size_of::<Ha1>()))
            .sum();
        let tables = [&self.users_by_id, &self.users_by_name, &self.devices_by_id, &self.devices_by_credentials];
        users
            + devices
            + self.users.capacity() * (size_of::<User>() + size_of::<usize>())
            + self.devices.capacity() * (size_of::<Device>() + size_of::<usize>())
            + tables.into_iter().map(HashTable::allocation_size).sum::<usize>()
            + self.devices_by_user.capacity() * (size_of::<(u128, Positions)>() + 1)
    }
}

impl User {
    fn entry(&self) -> UserEntry<'_> {
        UserEntry {
            id: EdgeUserId::new(self.id.into()),
            username: &self.username,
            display_name: self.display_name.as_deref(),
            is_active: self.is_active,
            ring_strategy: self.ring_strategy,
            ring_timeout_sec: self.ring_timeout_sec.into(),
            max_simultaneous: self.max_simultaneous,
            options: self.options.as_deref(),
        }
    }
}

impl Ha1 {
    fn pack(ha1: &DeviceHa1) -> Option<Self> {
        Some(Self { md5: bytes(ha1.md5.expose())?, sha256: bytes(ha1.sha256.expose())? })
    }

    fn unpack(&self) -> DeviceHa1 {
        DeviceHa1 { md5: Secret::new(digits(&self.md5)), sha256: Secret::new(digits(&self.sha256)) }
    }
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if hex.len() != 2 * N {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn digits(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let pair = |byte: &u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    bytes.iter().flat_map(pair).map(char::from).collect()
}

fn remove_slot(table: &mut HashTable<u32>, hash: u64, slot: u32) {
    if let Ok(entry) = table.find_entry(hash, |known| *known == slot) {
        entry.remove();
    }
}

fn prefix(id: &str) -> Option<&str> {
    id.find('_').map(|end| &id[..=end])
}

/// The id's ULID as a number.
fn packed(id: &str) -> Option<u128> {
    let prefix = prefix(id)?;
    id[prefix.len()..].parse::<ulid::Ulid>().ok().map(u128::from)
}

/// Positions are four bytes: more than that fit in no memory.
fn position(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 objects")
}
