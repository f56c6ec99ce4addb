//! Builders of carriers, DIDs and bots.

#![allow(clippy::allow_attributes, dead_code, reason = "each test binary uses its own part of this")]

pub mod model;

use api_types::input::{BotInput, CarrierInput, DidInput};
use domain::{
    AccountId, Bot, BotId, Carrier, CarrierId, Did, DidId, PhoneNumber, SyncState, Timestamp,
    livekit::{Desired, InboundTrunk, OutboundTrunk, desired},
};
use serde_json::{Value, json};
use ulid::Ulid;

/// A name with a blank, unlike an id.
pub const CARRIER: &str = "Twilio US";
pub const PASSWORD: &str = "hunter2-sip";

fn ulid(of: u128) -> Ulid {
    Ulid::from_parts(1_700_000_000_000, of)
}

/// A carrier with credentials, unless `settings` say otherwise.
pub fn carrier(index: u128, settings: Value) -> Carrier {
    let mut body = json!({"name": CARRIER, "sip_address": "acme.pstn.twilio.com", "auth_username": "acme",
                          "auth_password": PASSWORD});
    body.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    Carrier {
        id: CarrierId::new(ulid(index)),
        account_id: AccountId::new(ulid(0)),
        settings: serde_json::from_value::<CarrierInput>(body).unwrap().parse(None).unwrap(),
        sync: SyncState::default(),
        created_by: None,
        created_at: Timestamp::default(),
        updated_at: Timestamp::default(),
        version: 1,
    }
}

pub fn bot(index: u128, name: &str) -> Bot {
    let body = json!({"name": name, "agent_name": "concierge", "metadata": "{\"hotel\":7}"});
    Bot {
        id: BotId::new(ulid(index)),
        account_id: AccountId::new(ulid(0)),
        settings: serde_json::from_value::<BotInput>(body).unwrap().parse(None).unwrap(),
        created_at: Timestamp::default(),
        updated_at: Timestamp::default(),
        version: 1,
    }
}

/// `settings` are `direction` and `bot_id`.
pub fn did(index: u128, carrier: &Carrier, number: &str, settings: Value) -> Did {
    let mut body = settings;
    body["number"] = number.into();
    let input = serde_json::from_value::<DidInput>(body).unwrap();
    let (number, settings) = input.parse_new(carrier.settings.destination_country).unwrap();
    Did {
        id: DidId::new(ulid(index)),
        account_id: carrier.account_id.clone(),
        carrier_id: carrier.id.clone(),
        number,
        settings,
        created_at: Timestamp::default(),
        updated_at: Timestamp::default(),
        version: 1,
    }
}

pub fn for_bot(bot: &Bot) -> Value {
    json!({"bot_id": bot.id.as_str()})
}

/// The DID with a number that was stored when its carrier had no country.
pub fn stored_as(number: &str, did: Did) -> Did {
    Did { number: PhoneNumber::restore(number.to_owned(), None, number.to_owned()), ..did }
}

/// A carrier, its DIDs and their bots.
pub struct World {
    pub carrier: Carrier,
    pub dids: Vec<Did>,
    pub bots: Vec<Bot>,
}

impl World {
    pub fn new(settings: Value) -> Self {
        Self { carrier: carrier(1, settings), dids: Vec::new(), bots: vec![bot(1, "Concierge"), bot(2, "Night desk")] }
    }

    #[must_use]
    pub fn number(mut self, number: &str, settings: Value) -> Self {
        let index = self.dids.len() as u128 + 1;
        self.dids.push(did(index, &self.carrier, number, settings));
        self
    }

    /// Answered by the first or the second bot.
    #[must_use]
    pub fn answered(self, number: &str, bot: usize) -> Self {
        let settings = for_bot(&self.bots[bot]);
        self.number(number, settings)
    }

    pub fn desired(&self) -> Desired {
        self.desired_beside(&[])
    }

    /// The desired state where other carriers have E.164 numbers with these keys.
    pub fn desired_beside(&self, e164_keys: &[&str]) -> Desired {
        let e164_keys = e164_keys.iter().map(|&key| key.to_owned()).collect();
        desired(&self.carrier, &self.dids, &self.bots, &e164_keys)
    }

    /// The only inbound trunk.
    pub fn inbound(&self) -> InboundTrunk {
        let inbound = self.desired().inbound;
        assert_eq!(inbound.len(), 1);
        inbound.into_iter().next().unwrap().trunk
    }

    pub fn outbound(&self) -> OutboundTrunk {
        self.desired().outbound.expect("an outbound trunk")
    }

    /// The numbers of the inbound trunk of the first or the second bot.
    pub fn answered_by(&self, bot: usize) -> Vec<String> {
        let id = &self.bots[bot].id;
        let inbound = self.desired().inbound;
        inbound
            .into_iter()
            .find(|inbound| inbound.bot_id == *id)
            .map(|inbound| inbound.trunk.numbers)
            .unwrap_or_default()
    }
}
