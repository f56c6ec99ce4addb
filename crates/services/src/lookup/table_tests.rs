//! The table against a linear scan of the same rows, under random changes.

use std::collections::BTreeMap;

use domain::{
    BotId, Burst, CarrierId, Channels, Country, Cps, DidId, Direction, IntoEnumIterator, PhoneNumber, SyncStatus,
};
use proptest::prelude::*;
use store::{LookupCarrier, LookupDid};
use ulid::Ulid;

use super::{LookupError, did_match, did_match::DidMatch, outbound_load::OutboundLoad, table::Table};

/// What the database contains: the model reads it row by row.
#[derive(Default)]
struct Rows {
    carriers: BTreeMap<u8, LookupCarrier>,
    dids: BTreeMap<u8, LookupDid>,
}

#[derive(Clone, Debug)]
enum Change {
    PutCarrier { id: u8, country: Option<Country>, status: SyncStatus, trunk: bool, channels: u32 },
    RemoveCarrier { id: u8 },
    PutDid { id: u8, carrier: u8, number: PhoneNumber, direction: Direction, bot: Option<u8> },
    RemoveDid { id: u8 },
    RemoveBot { id: u8 },
}

/// Few ids and few numbers, so that changes meet each other.
fn changes() -> impl Strategy<Value = Vec<Change>> {
    let country = prop_oneof![Just(None), Just(Some("IN")), Just(Some("US"))];
    let country = country.prop_map(|code| code.map(|code| code.parse().unwrap()));
    let status = prop::sample::select(SyncStatus::iter().collect::<Vec<_>>());
    let direction = prop::sample::select(Direction::iter().collect::<Vec<_>>());
    let numbers = ["+14155550101", "+14155550102", "+919812345678", "09812345679", "1800", "04155550103"];
    // Carriers in unknown ranges of a plan: the key differs from the number.
    let mut numbers: Vec<PhoneNumber> = numbers.iter().map(|text| PhoneNumber::parse(text, None).unwrap()).collect();
    numbers.push(PhoneNumber::restore("08012345".to_owned(), None, "918012345".to_owned()));
    let number = prop::sample::select(numbers);
    let change = prop_oneof![
        3 => (0..4_u8, country, status, any::<bool>(), 1..4_u32).prop_map(|(id, country, status, trunk, channels)| {
            Change::PutCarrier { id, country, status, trunk, channels }
        }),
        1 => (0..4_u8).prop_map(|id| Change::RemoveCarrier { id }),
        6 => (0..8_u8, 0..4_u8, number, direction, prop::option::of(0..3_u8)).prop_map(
            |(id, carrier, number, direction, bot)| Change::PutDid { id, carrier, number, direction, bot }
        ),
        2 => (0..8_u8).prop_map(|id| Change::RemoveDid { id }),
        1 => (0..3_u8).prop_map(|id| Change::RemoveBot { id }),
    ];
    prop::collection::vec(change, 1..60)
}

fn ulid(id: u8) -> Ulid {
    Ulid::from(u128::from(id) + 1)
}

impl Rows {
    /// Changes the rows as the database does, and the table by the same change.
    fn execute(&mut self, table: &mut Table, change: Change) {
        match change {
            Change::PutCarrier { id, country, status, trunk, channels } => {
                let row = LookupCarrier {
                    id: CarrierId::new(ulid(id)),
                    country,
                    status,
                    outbound_trunk_id: trunk.then(|| format!("ST_{id}")),
                    cps: Cps::default(),
                    burst: Burst::default(),
                    channels: channels.to_string().parse::<Channels>().unwrap(),
                };
                table.put_carrier(&row);
                self.carriers.insert(id, row);
            }
            Change::RemoveCarrier { id } => {
                table.remove_carrier(&CarrierId::new(ulid(id)));
                self.carriers.remove(&id);
                self.dids.retain(|_, did| did.carrier_id.ulid() != ulid(id));
            }
            Change::PutDid { id, carrier, number, direction, bot } => {
                if !self.carriers.contains_key(&carrier) {
                    return;
                }
                let row = LookupDid {
                    id: DidId::new(ulid(id)),
                    carrier_id: CarrierId::new(ulid(carrier)),
                    number,
                    direction,
                    bot_id: bot.map(|bot| BotId::new(ulid(bot))),
                };
                // A key is unique: the number has moved from another row.
                self.dids.retain(|_, did| did.number.key() != row.number.key());
                table.put_did(&row);
                self.dids.insert(id, row);
            }
            Change::RemoveDid { id } => {
                table.remove_did(&DidId::new(ulid(id)));
                self.dids.remove(&id);
            }
            Change::RemoveBot { id } => {
                let bot = BotId::new(ulid(id));
                table.remove_bot(&bot);
                for did in self.dids.values_mut().filter(|did| did.bot_id.as_ref() == Some(&bot)) {
                    did.bot_id = None;
                }
            }
        }
    }

    fn find(&self, key: &str) -> Option<DidMatch> {
        let did = self.dids.values().find(|did| did.number.key() == key)?;
        let carrier = self.carriers.values().find(|carrier| carrier.id == did.carrier_id)?;
        Some(did_match(did.clone(), carrier.clone()))
    }

    /// The DIDs from which a call can be placed.
    fn calling(&self) -> Vec<DidMatch> {
        let found = self.dids.values().filter_map(|did| self.find(did.number.key()));
        found.filter(|found| found.clone().calling().is_ok()).collect()
    }

    fn any(&self, status: SyncStatus) -> bool {
        self.dids
            .values()
            .filter_map(|did| self.find(did.number.key()))
            .any(|found| found.direction.dials() && found.carrier.status == status)
    }
}

proptest! {
    #[test]
    fn table_equals_a_linear_scan(changes in changes()) {
        let (mut rows, mut table, load) = (Rows::default(), Table::default(), OutboundLoad::default());
        table.attach(load.clone());
        for change in changes {
            rows.execute(&mut table, change);
            prop_assert_eq!(table.len(), rows.dids.len());
            for key in ["14155550101", "14155550102", "919812345678", "09812345679", "1800", "04155550103", "918012345", "7"] {
                prop_assert_eq!(table.find(key), rows.find(key));
            }
            let mut countries: Vec<_> = rows.carriers.values().filter_map(|carrier| carrier.country).collect();
            countries.sort_by_key(|country| country.as_str());
            countries.dedup();
            let mut known = table.countries();
            known.sort_by_key(|country| country.as_str());
            prop_assert_eq!(known, countries);

            let calling = rows.calling();
            match table.select(&load) {
                Ok(selected) => prop_assert!(calling.contains(&selected), "{selected:?}"),
                Err(error) => {
                    prop_assert!(calling.is_empty());
                    let expected = match (rows.any(SyncStatus::Pending), rows.any(SyncStatus::Error)) {
                        (true, _) => LookupError::CarrierPending,
                        (false, true) => LookupError::CarrierFailed,
                        (false, false) => LookupError::NoOutboundTrunk,
                    };
                    prop_assert_eq!(error, expected);
                }
            }
        }
    }

    #[test]
    fn every_calling_did_has_its_turn(changes in changes()) {
        let (mut rows, mut table, load) = (Rows::default(), Table::default(), OutboundLoad::default());
        table.attach(load.clone());
        for change in changes {
            rows.execute(&mut table, change);
        }
        let calling = rows.calling();
        let carriers: std::collections::BTreeSet<_> = calling.iter().map(|found| found.carrier.id.clone()).collect();
        // As many turns as the longest rotation may take.
        let selected: Vec<DidMatch> = (0..carriers.len() * 8 * 2).map(|_| table.select(&load).unwrap()).collect();
        for did in calling {
            prop_assert!(selected.contains(&did), "{did:?} is never selected");
        }
    }
}
