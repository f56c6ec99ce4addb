//! Carrier + numbers + bots → trunks and rules.

use std::collections::{BTreeMap, BTreeSet};

use super::{DispatchRule, InboundTrunk, Mark, OutboundTrunk};
use crate::{Admission, Bot, BotId, Carrier, Did, DidId, InboundAuth, Secret};

/// Each call gets a room of its own, named by this and something random.
const ROOM_PREFIX: &str = "call-";

/// What LiveKit should hold for one carrier.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desired {
    pub inbound: Option<InboundTrunk>,
    pub outbound: Option<OutboundTrunk>,
    /// One per bot, by its id.
    pub rules: Vec<DesiredRule>,
}

/// A rule whose trunk is yet to be named: the carrier's inbound trunk may not exist yet.
#[derive(Clone, Debug, PartialEq)]
pub struct DesiredRule {
    pub bot_id: BotId,
    /// `trunk_ids` is empty here and only here; [`super::plan`] fills it in.
    pub rule: DispatchRule,
}

/// `dids` are all of the carrier's, `bots` at least those that they name.
pub fn desired(carrier: &Carrier, dids: &[Did], bots: &[Bot]) -> Desired {
    let spellings = Spellings::of(carrier, dids);
    let inbound = inbound(carrier, dids, &spellings);
    let rules = if inbound.is_some() { rules(carrier, dids, bots, &spellings) } else { Vec::new() };
    Desired { inbound, outbound: outbound(carrier, dids), rules }
}

fn inbound(carrier: &Carrier, dids: &[Did], spellings: &Spellings) -> Option<InboundTrunk> {
    let settings = &carrier.settings;
    if Admission::of(settings) == Admission::Closed {
        return None;
    }
    let spelled: BTreeSet<&str> = dids.iter().flat_map(|did| spellings.of_number(did)).collect();
    // A trunk normalises what it compares: +4915… and 4915… are one number to it.
    let numbers = sorted(spelled.iter().filter(|s| !spelled.contains(format!("+{s}").as_str())).map(|&s| s.to_owned()));
    // Without numbers a trunk would answer for every number there is.
    if numbers.is_empty() {
        return None;
    }
    let credentials = settings.credentials.as_ref().filter(|_| settings.inbound_auth == InboundAuth::Credentials);
    Some(InboundTrunk {
        name: settings.name.to_string(),
        metadata: Mark::new(carrier.id.clone(), None).write(),
        numbers,
        allowed_addresses: sorted(settings.allowed_addresses.iter().map(ToString::to_string)),
        auth_username: credentials.map(|credentials| credentials.username.to_string()).unwrap_or_default(),
        auth_password: credentials.map(|credentials| Secret::new(credentials.password.expose())).unwrap_or_default(),
    })
}

fn outbound(carrier: &Carrier, dids: &[Did]) -> Option<OutboundTrunk> {
    let numbers =
        sorted(dids.iter().filter(|did| did.settings.direction.dials()).map(|did| did.number.dialled().to_owned()));
    if numbers.is_empty() {
        return None;
    }
    let settings = &carrier.settings;
    let credentials = settings.credentials.as_ref();
    Some(OutboundTrunk {
        name: settings.name.to_string(),
        metadata: Mark::new(carrier.id.clone(), None).write(),
        address: settings.sip_address.to_string(),
        transport: settings.transport,
        destination_country: settings.destination_country,
        numbers,
        auth_username: credentials.map(|credentials| credentials.username.to_string()).unwrap_or_default(),
        auth_password: credentials.map(|credentials| Secret::new(credentials.password.expose())).unwrap_or_default(),
    })
}

fn rules(carrier: &Carrier, dids: &[Did], bots: &[Bot], spellings: &Spellings) -> Vec<DesiredRule> {
    let mut numbers: BTreeMap<&BotId, BTreeSet<&str>> = BTreeMap::new();
    for did in dids.iter().filter(|did| did.settings.direction.rings()) {
        if let Some(bot_id) = &did.settings.bot_id {
            numbers.entry(bot_id).or_default().extend(spellings.of_number(did));
        }
    }
    let bot_of = |id: &BotId| bots.iter().find(|bot| bot.id == *id);
    numbers
        .into_iter()
        .filter_map(|(id, numbers)| bot_of(id).filter(|_| !numbers.is_empty()).map(|bot| (bot, numbers)))
        .map(|(bot, numbers)| DesiredRule {
            bot_id: bot.id.clone(),
            rule: DispatchRule {
                name: format!("{} to {}", carrier.settings.name, bot.settings.name),
                metadata: Mark::new(carrier.id.clone(), Some(bot.id.clone())).write(),
                trunk_ids: Vec::new(),
                numbers: numbers.into_iter().map(str::to_owned).collect(),
                room_prefix: ROOM_PREFIX.to_owned(),
                agent_name: bot.settings.agent_name.to_string(),
                agent_metadata: bot.settings.metadata.as_str().to_owned(),
                attributes: BTreeMap::from([
                    ("bot_id".to_owned(), bot.id.to_string()),
                    ("carrier_id".to_owned(), carrier.id.to_string()),
                ]),
            },
        })
        .collect()
}

/// The called spellings of each ringing number. One that could mean two of the carrier's numbers is nobody's.
struct Spellings(BTreeMap<DidId, Vec<String>>);

impl Spellings {
    fn of(carrier: &Carrier, dids: &[Did]) -> Self {
        let ringing: Vec<&Did> = dids.iter().filter(|did| did.settings.direction.rings()).collect();
        let mut owners: BTreeMap<String, Option<&DidId>> = BTreeMap::new();
        for did in &ringing {
            for spelling in did.number.spellings(carrier.settings.destination_country) {
                owners.entry(spelling).and_modify(|owner| *owner = None).or_insert(Some(&did.id));
            }
        }
        // What one number is called by rights, another's local spelling cannot take away.
        for did in &ringing {
            owners.insert(did.number.canonical().to_owned(), Some(&did.id));
        }
        let mut spellings: BTreeMap<DidId, Vec<String>> = BTreeMap::new();
        for (spelling, owner) in owners {
            if let Some(id) = owner {
                spellings.entry(id.clone()).or_default().push(spelling);
            }
        }
        Self(spellings)
    }

    fn of_number(&self, did: &Did) -> impl Iterator<Item = &str> {
        self.0.get(&did.id).into_iter().flatten().map(String::as_str)
    }
}

fn sorted(items: impl Iterator<Item = String>) -> Vec<String> {
    items.collect::<BTreeSet<_>>().into_iter().collect()
}
