//! DIDs and carriers in memory: 48 bytes for each DID, and two hash tables of four-byte positions.

use std::{collections::HashMap, hash::BuildHasher, mem::size_of};

use domain::{BotId, CarrierId, Country, DidId, Direction, SyncStatus};
use hashbrown::{DefaultHashBuilder, HashTable};
use slab::Slab;
use store::{LookupCarrier, LookupDid};

use super::{
    LookupError,
    did_match::{DidMatch, none_available},
    outbound_load::{OutboundLoad, Selection},
};

/// `Did::bot` where the DID has none.
const NO_BOT: u32 = u32::MAX;

/// In `Table::dids_of_bots` where none is known.
const NO_DID: u32 = u32::MAX;

/// What lookups read. Ids are kept as ULIDs of 16 bytes, bots and carriers as positions.
#[derive(Default)]
pub(crate) struct Table {
    dids: Slab<Did>,
    by_key: HashTable<u32>,
    by_id: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Canonical forms that the key does not have, by DID. Few.
    numbers: HashMap<u128, Box<str>>,
    carriers: Slab<Carrier>,
    carriers_by_id: HashMap<u128, u32>,
    /// A deleted bot's place stays empty: no row names it again.
    bots: Vec<Option<u128>>,
    bots_by_id: HashMap<u128, u32>,
    /// For each bot the DID that was added last, as a position; [`NO_DID`] where that one is gone.
    dids_of_bots: Vec<u32>,
    /// Countries of carriers, with the count of carriers.
    countries: Vec<(Country, usize)>,
    pending: usize,
    failed: usize,
    /// None while the table is built.
    load: Option<OutboundLoad>,
}

struct Did {
    key: u128,
    id: u128,
    carrier: u32,
    bot: u32,
    /// Position in the carrier's list.
    place: u32,
    direction: Direction,
    canonical: Canonical,
}

/// How [`domain::PhoneNumber::canonical`] follows from the key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Canonical {
    /// The key with a plus.
    E164,
    /// The key itself.
    Key,
    /// In [`Table::numbers`].
    Other,
}

struct Carrier {
    id: u128,
    country: Option<Country>,
    status: SyncStatus,
    trunk: Option<Box<str>>,
    limits: (domain::Cps, domain::Burst, domain::Channels),
    /// Those for outbound calls first.
    dids: Vec<u32>,
    /// How many are for outbound calls.
    calling: usize,
    role: Role,
}

/// What a carrier is for the selection of an outbound trunk.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Role {
    /// It has no DID for outbound calls, or no trunk.
    #[default]
    None,
    Candidate(u32),
    Pending,
    Failed,
}

impl Table {
    pub fn with_capacity(dids: usize) -> Self {
        Self {
            dids: Slab::with_capacity(dids),
            by_key: HashTable::with_capacity(dids),
            by_id: HashTable::with_capacity(dids),
            ..Self::default()
        }
    }

    /// Reports the candidates for outbound calls from now on.
    pub fn attach(&mut self, load: OutboundLoad) {
        let candidates = self.carriers.iter().filter_map(|(_, carrier)| match carrier.role {
            Role::Candidate(channels) => Some((carrier.id, channels)),
            _ => None,
        });
        load.set_candidates(candidates);
        self.load = Some(load);
    }

    pub fn len(&self) -> usize {
        self.dids.len()
    }

    /// Bytes on the heap, without those of short texts of carriers.
    pub fn allocated_bytes(&self) -> usize {
        let lists: usize = self.carriers.iter().map(|(_, carrier)| carrier.dids.capacity() * size_of::<u32>()).sum();
        let (pair, triple) = (size_of::<(u128, u32)>() + 1, size_of::<(u128, Box<str>)>() + 1);
        self.dids.capacity() * slab_entry::<Did>()
            + self.by_key.allocation_size()
            + self.by_id.allocation_size()
            + self.carriers.capacity() * slab_entry::<Carrier>()
            + (self.carriers_by_id.capacity() + self.bots_by_id.capacity()) * pair
            + self.numbers.capacity() * triple
            + self.bots.capacity() * size_of::<Option<u128>>()
            + lists
    }

    pub fn countries(&self) -> Vec<Country> {
        self.countries.iter().map(|(country, _)| *country).collect()
    }

    /// The DID with this key.
    pub fn find(&self, key: &str) -> Option<DidMatch> {
        let slot = self.slot_of_key(pack(key)?)?;
        Some(self.did_match(&self.dids[slot as usize]))
    }

    /// The DID for the next outbound call.
    pub fn select(&self, load: &OutboundLoad) -> Result<DidMatch, LookupError> {
        let (id, start) = match load.select() {
            Selection::Carrier { id, start } => (id, start),
            Selection::Busy => return Err(LookupError::ChannelsBusy),
            Selection::None => return Err(none_available(self.pending > 0, self.failed > 0)),
        };
        let carrier = self.carriers_by_id.get(&id).map(|slot| &self.carriers[*slot as usize]);
        let Some(calling) = carrier.map(|carrier| &carrier.dids[..carrier.calling]).filter(|dids| !dids.is_empty())
        else {
            return Err(LookupError::NoOutboundTrunk);
        };
        let did = |index: u32| &self.dids[calling[index as usize] as usize];
        let index = load.select_did(position(calling.len()), start, |index| did(index).id);
        Ok(self.did_match(did(index)))
    }

    /// A DID for inbound calls that the bot answers. All are searched where the one that was added last is gone.
    pub fn did_of_bot(&self, bot: &BotId) -> Option<DidMatch> {
        let place = *self.bots_by_id.get(&bot.ulid().into())?;
        let is_of_bot = |did: &&Did| did.bot == place && did.direction.rings();
        let known = self.dids.get(self.dids_of_bots[place as usize] as usize).filter(is_of_bot);
        let found = known.or_else(|| self.dids.iter().map(|(_, did)| did).find(is_of_bot));
        found.map(|did| self.did_match(did))
    }

    /// Whether the carrier is there.
    pub fn has_carrier(&self, id: &CarrierId) -> bool {
        self.carriers_by_id.contains_key(&id.ulid().into())
    }

    /// The ids of the carrier's DIDs.
    pub fn dids_of(&self, id: &CarrierId) -> Vec<DidId> {
        let Some(slot) = self.carriers_by_id.get(&id.ulid().into()) else { return Vec::new() };
        let id_of = |slot: &u32| DidId::new(self.dids[*slot as usize].id.into());
        self.carriers[*slot as usize].dids.iter().map(id_of).collect()
    }

    /// Adds the carrier, or replaces what is known of it besides its DIDs.
    pub fn put_carrier(&mut self, row: &LookupCarrier) {
        let id = row.id.ulid().into();
        let slot = match self.carriers_by_id.get(&id) {
            Some(slot) => *slot,
            None => {
                let slot = position(self.carriers.insert(Carrier {
                    id,
                    country: None,
                    status: row.status,
                    trunk: None,
                    limits: (row.cps, row.burst, row.channels),
                    dids: Vec::new(),
                    calling: 0,
                    role: Role::None,
                }));
                self.carriers_by_id.insert(id, slot);
                slot
            }
        };
        let carrier = &mut self.carriers[slot as usize];
        let before = carrier.country;
        carrier.country = row.country;
        carrier.status = row.status;
        carrier.trunk = row.outbound_trunk_id.as_deref().map(Into::into);
        carrier.limits = (row.cps, row.burst, row.channels);
        self.count_country(before, row.country);
        self.assign_role(slot);
    }

    /// Removes the carrier and its DIDs.
    pub fn remove_carrier(&mut self, id: &CarrierId) {
        let id: u128 = id.ulid().into();
        let Some(slot) = self.carriers_by_id.get(&id).copied() else { return };
        while let Some(did) = self.carriers[slot as usize].dids.last().copied() {
            self.remove_slot(did);
        }
        self.carriers_by_id.remove(&id);
        let carrier = self.carriers.remove(slot as usize);
        self.count_role(carrier.role, Role::None);
        self.count_country(carrier.country, None);
        if let Some(load) = &self.load {
            load.forget(id);
        }
    }

    /// Adds the DID, or replaces it. Its carrier is there.
    pub fn put_did(&mut self, row: &LookupDid) {
        self.remove_did(&row.id);
        let carrier = self.carriers_by_id.get(&row.carrier_id.ulid().into()).copied();
        // A key is digits, and no text reads as anything else.
        let (Some(key), Some(carrier)) = (pack(row.number.key()), carrier) else { return };
        // The number has moved: its former row is gone.
        if let Some(former) = self.slot_of_key(key) {
            self.remove_slot(former);
        }
        let id: u128 = row.id.ulid().into();
        let canonical = match row.number.canonical() {
            number if number.strip_prefix('+') == Some(row.number.key()) => Canonical::E164,
            number if number == row.number.key() => Canonical::Key,
            number => {
                self.numbers.insert(id, number.into());
                Canonical::Other
            }
        };
        let bot = row.bot_id.as_ref().map_or(NO_BOT, |bot| self.bot(bot));
        let list = &self.carriers[carrier as usize].dids;
        let place = position(list.len());
        let did = Did { key, id, carrier, bot, place, direction: row.direction, canonical };
        let slot = position(self.dids.insert(did));
        if let Some(known) = self.dids_of_bots.get_mut(bot as usize).filter(|_| row.direction.rings()) {
            *known = slot;
        }
        let Self { dids, by_key, by_id, hasher, .. } = self;
        by_key.insert_unique(hasher.hash_one(key), slot, |slot| hasher.hash_one(dids[*slot as usize].key));
        by_id.insert_unique(hasher.hash_one(id), slot, |slot| hasher.hash_one(dids[*slot as usize].id));
        self.carriers[carrier as usize].dids.push(slot);
        if row.direction.dials() {
            let calling = self.carriers[carrier as usize].calling;
            self.swap(carrier, place as usize, calling);
            self.carriers[carrier as usize].calling += 1;
            self.assign_role(carrier);
        }
    }

    /// Removes the DID, if it is there.
    pub fn remove_did(&mut self, id: &DidId) {
        let id: u128 = id.ulid().into();
        let slot = self.by_id.find(self.hasher.hash_one(id), |slot| self.dids[*slot as usize].id == id).copied();
        if let Some(slot) = slot {
            self.remove_slot(slot);
        }
    }

    /// The bot is deleted: its DIDs have none.
    pub fn remove_bot(&mut self, id: &BotId) {
        if let Some(place) = self.bots_by_id.remove(&id.ulid().into()) {
            self.bots[place as usize] = None;
        }
    }

    fn remove_slot(&mut self, slot: u32) {
        let Did { key, id, carrier, place, direction, canonical, bot } = self.dids.remove(slot as usize);
        if let Some(known) = self.dids_of_bots.get_mut(bot as usize).filter(|known| **known == slot) {
            *known = NO_DID;
        }
        for (table, hash) in
            [(&mut self.by_key, self.hasher.hash_one(key)), (&mut self.by_id, self.hasher.hash_one(id))]
        {
            if let Ok(entry) = table.find_entry(hash, |known| *known == slot) {
                entry.remove();
            }
        }
        if canonical == Canonical::Other {
            self.numbers.remove(&id);
        }
        let mut place = place as usize;
        if direction.dials() {
            self.carriers[carrier as usize].calling -= 1;
            let last_calling = self.carriers[carrier as usize].calling;
            self.swap(carrier, place, last_calling);
            place = last_calling;
        }
        let list = &mut self.carriers[carrier as usize].dids;
        list.swap_remove(place);
        if let Some(moved) = list.get(place) {
            self.dids[*moved as usize].place = position(place);
        }
        if direction.dials() {
            self.assign_role(carrier);
        }
    }

    /// Exchanges two DIDs in the carrier's list; one of them may be removed already.
    fn swap(&mut self, carrier: u32, one: usize, other: usize) {
        let list = &mut self.carriers[carrier as usize].dids;
        list.swap(one, other);
        for place in [one, other] {
            if let Some(did) = self.dids.get_mut(list[place] as usize) {
                did.place = position(place);
            }
        }
    }

    fn assign_role(&mut self, slot: u32) {
        let carrier = &mut self.carriers[slot as usize];
        let role = match carrier.status {
            _ if carrier.calling == 0 => Role::None,
            SyncStatus::Synced if carrier.trunk.is_some() => Role::Candidate(carrier.limits.2.get()),
            SyncStatus::Synced => Role::None,
            SyncStatus::Pending => Role::Pending,
            SyncStatus::Error => Role::Failed,
        };
        let (id, before) = (carrier.id, std::mem::replace(&mut carrier.role, role));
        if before == role {
            return;
        }
        self.count_role(before, role);
        if let Some(load) = &self.load {
            load.set_candidate(id, if let Role::Candidate(channels) = role { Some(channels) } else { None });
        }
    }

    fn count_role(&mut self, before: Role, after: Role) {
        self.pending = self.pending + usize::from(after == Role::Pending) - usize::from(before == Role::Pending);
        self.failed = self.failed + usize::from(after == Role::Failed) - usize::from(before == Role::Failed);
    }

    fn count_country(&mut self, before: Option<Country>, after: Option<Country>) {
        if before == after {
            return;
        }
        if let Some(country) = after {
            match self.countries.iter_mut().find(|(known, _)| *known == country) {
                Some((_, count)) => *count += 1,
                None => self.countries.push((country, 1)),
            }
        }
        if let Some(country) = before
            && let Some(index) = self.countries.iter().position(|(known, _)| *known == country)
        {
            self.countries[index].1 -= 1;
            if self.countries[index].1 == 0 {
                self.countries.swap_remove(index);
            }
        }
    }

    fn bot(&mut self, id: &BotId) -> u32 {
        let id = id.ulid().into();
        *self.bots_by_id.entry(id).or_insert_with(|| {
            self.bots.push(Some(id));
            self.dids_of_bots.push(NO_DID);
            position(self.bots.len() - 1)
        })
    }

    fn slot_of_key(&self, key: u128) -> Option<u32> {
        self.by_key.find(self.hasher.hash_one(key), |slot| self.dids[*slot as usize].key == key).copied()
    }

    fn did_match(&self, did: &Did) -> DidMatch {
        let carrier = &self.carriers[did.carrier as usize];
        let digits = || did.key.to_string().split_off(1);
        let number = match did.canonical {
            Canonical::E164 => {
                let mut number = did.key.to_string();
                number.replace_range(..1, "+");
                number
            }
            Canonical::Key => digits(),
            Canonical::Other => self.numbers.get(&did.id).map_or_else(digits, |number| (**number).to_owned()),
        };
        let bot = self.bots.get(did.bot as usize).copied().flatten();
        let (cps, burst, channels) = carrier.limits;
        DidMatch {
            did_id: DidId::new(did.id.into()),
            number,
            direction: did.direction,
            bot_id: bot.map(|bot| BotId::new(bot.into())),
            carrier: LookupCarrier {
                id: CarrierId::new(carrier.id.into()),
                country: carrier.country,
                status: carrier.status,
                outbound_trunk_id: carrier.trunk.as_deref().map(str::to_owned),
                cps,
                burst,
                channels,
            },
        }
    }
}

/// The digits with a 1 in front, so that leading zeros count. None where there are other characters, or more than 30.
fn pack(key: &str) -> Option<u128> {
    let is_key = (1..=30).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_digit());
    is_key.then(|| key.bytes().fold(1, |packed, digit| packed * 10 + u128::from(digit - b'0')))
}

/// Positions are four bytes: more DIDs than that fit in no memory.
fn position(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 DIDs")
}

/// A slab adds the list of its free entries.
const fn slab_entry<T>() -> usize {
    size_of::<T>() + size_of::<usize>()
}
