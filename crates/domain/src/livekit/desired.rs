//! The trunks and dispatch rules that a carrier, its DIDs and their bots require.
//!
//! LiveKit compares a rule's `numbers` letter by letter, and refuses two spellings of one number on one trunk; a trunk's
//! `numbers` it normalises. So the numbers stand on trunks: one inbound trunk for each bot on the carrier, and a rule that
//! names this trunk and no numbers (docs/decisions/0003-one-inbound-trunk-per-bot.md).

use std::collections::{BTreeMap, BTreeSet};

use super::{DispatchRule, InboundTrunk, OutboundTrunk, OwnerTag, bare, digits};
use crate::{Bot, BotId, Carrier, Did, DidId, InboundAuth, IpRange, Secret, SourcePolicy};

/// The prefix of room names. LiveKit appends a random text, one room for each call.
pub const ROOM_PREFIX: &str = "call-";

/// The LiveKit objects that one carrier should have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desired {
    /// One for each bot that answers on the carrier, ordered by its id.
    pub inbound: Vec<Inbound>,
    /// None: the carrier has no DIDs for outbound calls.
    pub outbound: Option<OutboundTrunk>,
    /// The outbound trunk that the carrier's row names: agents dial by its id. It is the carrier's even without the owner
    /// tag, which is missing after an adoption until the next sync, and after another program has removed it.
    pub outbound_id: Option<String>,
    /// Unmanaged inbound trunks that have numbers of the carrier, see [`Self::without_conflicts`]. The carrier's rule on such
    /// a trunk stays: the adoption of the trunk was interrupted after its rule, and is to be repeated.
    pub unadopted_trunks: BTreeSet<String>,
}

/// What one bot needs to answer calls: a trunk with its numbers, and the rule that sends their calls to rooms.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// The bot that answers.
    pub bot_id: BotId,
    /// The trunk with the bot's numbers.
    pub trunk: InboundTrunk,
    /// The canonical form of the DID that each of the trunk's numbers is a spelling of, both without plus and punctuation.
    pub canonical: BTreeMap<String, String>,
    /// Its `trunk_ids` is empty: [`super::plan`] names the trunk, which may not exist yet.
    pub rule: DispatchRule,
}

/// The desired state of a carrier. `dids` are all of the carrier's, `bots` at least those that they name. `e164_keys` are the keys of the account's numbers
/// with an E.164 form, at least those among [`guessed_keys`].
pub fn desired(carrier: &Carrier, dids: &[Did], bots: &[Bot], e164_keys: &BTreeSet<String>) -> Desired {
    let closed = SourcePolicy::of(&carrier.settings) == SourcePolicy::Closed;
    let inbound = if closed { Vec::new() } else { inbound(carrier, dids, bots, e164_keys) };
    Desired {
        inbound,
        outbound: outbound(carrier, dids),
        outbound_id: carrier.sync.outbound_trunk_id.clone(),
        unadopted_trunks: BTreeSet::new(),
    }
}

/// The keys that an E.164 number of another carrier may have in common with a guessed spelling of these numbers, as the
/// Hungarian +3612345678 has with the national form of the American +13612345678. E.164 wins.
pub fn guessed_keys(carrier: &Carrier, dids: &[Did]) -> BTreeSet<String> {
    dids.iter()
        .filter(|did| did.settings.direction.rings())
        .flat_map(|did| {
            let spellings = did.number.spellings(carrier.settings.destination_country);
            spellings.into_iter().map(|spelling| bare(&spelling).to_owned()).filter(|key| key != did.number.key())
        })
        .collect()
}

fn inbound(carrier: &Carrier, dids: &[Did], bots: &[Bot], e164_keys: &BTreeSet<String>) -> Vec<Inbound> {
    let spellings = Spellings::of(carrier, dids, e164_keys);
    let mut numbers: BTreeMap<&BotId, BTreeMap<&str, &str>> = BTreeMap::new();
    for did in dids.iter().filter(|did| did.settings.direction.rings()) {
        if let Some(bot_id) = &did.settings.bot_id {
            numbers
                .entry(bot_id)
                .or_default()
                .extend(spellings.of_number(did).map(|spelling| (spelling, did.number.canonical())));
        }
    }
    let bot_of = |id: &BotId| bots.iter().find(|bot| bot.id == *id);
    numbers
        .into_iter()
        // A trunk without numbers would answer for every number there is.
        .filter(|(_, numbers)| !numbers.is_empty())
        .filter_map(|(id, numbers)| bot_of(id).map(|bot| inbound_of_bot(carrier, bot, &numbers)))
        .collect()
}

/// `numbers`: each spelling with the canonical form of its DID.
fn inbound_of_bot(carrier: &Carrier, bot: &Bot, numbers: &BTreeMap<&str, &str>) -> Inbound {
    let settings = &carrier.settings;
    let name = format!("{} to {}", settings.name, bot.settings.name);
    let metadata = OwnerTag::new(carrier.id.clone(), Some(bot.id.clone())).write();
    let credentials = settings.credentials.as_ref().filter(|_| settings.inbound_auth == InboundAuth::Credentials);
    let trunk = InboundTrunk {
        name: name.clone(),
        metadata: metadata.clone(),
        numbers: numbers.keys().map(|&spelling| spelling.to_owned()).collect(),
        allowed_addresses: sorted(settings.allowed_addresses.iter().map(IpRange::with_prefix)),
        auth_username: credentials.map(|credentials| credentials.username.to_string()).unwrap_or_default(),
        auth_password: credentials.map(|credentials| Secret::new(credentials.password.expose())).unwrap_or_default(),
        headers_to_attributes: bot.settings.sip_header_config.headers_to_attributes(),
        krisp_enabled: settings.krisp_enabled,
    };
    let agent = bot.settings.dispatched_agent();
    let rule = DispatchRule {
        name,
        metadata,
        trunk_ids: Vec::new(),
        numbers: Vec::new(),
        room_prefix: ROOM_PREFIX.to_owned(),
        agent_name: agent.map(ToString::to_string).unwrap_or_default(),
        agent_metadata: agent.map(|_| bot.settings.metadata.as_str().to_owned()).unwrap_or_default(),
        attributes: BTreeMap::from([
            ("bot_id".to_owned(), bot.id.to_string()),
            ("carrier_id".to_owned(), carrier.id.to_string()),
        ]),
    };
    let canonical = numbers.iter().map(|(spelling, canonical)| (digits(spelling), digits(canonical))).collect();
    Inbound { bot_id: bot.id.clone(), trunk, canonical, rule }
}

fn outbound(carrier: &Carrier, dids: &[Did]) -> Option<OutboundTrunk> {
    let numbers =
        sorted(dids.iter().filter(|did| did.settings.direction.dials()).map(|did| did.number.canonical().to_owned()));
    if numbers.is_empty() {
        return None;
    }
    let settings = &carrier.settings;
    let credentials = settings.credentials.as_ref();
    Some(OutboundTrunk {
        name: settings.name.to_string(),
        metadata: OwnerTag::new(carrier.id.clone(), None).write(),
        address: settings.sip_address.to_string(),
        transport: settings.transport,
        destination_country: settings.destination_country,
        numbers,
        auth_username: credentials.map(|credentials| credentials.username.to_string()).unwrap_or_default(),
        auth_password: credentials.map(|credentials| Secret::new(credentials.password.expose())).unwrap_or_default(),
    })
}

/// The spellings of each DID with inbound calls, as called numbers. A spelling that may mean two DIDs is left out.
struct Spellings(BTreeMap<DidId, Vec<String>>);

impl Spellings {
    fn of(carrier: &Carrier, dids: &[Did], e164_keys: &BTreeSet<String>) -> Self {
        let mut called: Vec<&Did> = dids.iter().filter(|did| did.settings.direction.rings()).collect();
        // By the form without plus, since a trunk does not distinguish the two.
        let mut owners: BTreeMap<String, Option<(&DidId, String)>> = BTreeMap::new();
        for did in &called {
            let spellings = did.number.spellings(carrier.settings.destination_country);
            let own: BTreeMap<&str, &String> =
                spellings.iter().rev().map(|spelling| (bare(spelling), spelling)).collect();
            let guesses = own.into_iter().filter(|(key, _)| *key == did.number.key() || !e164_keys.contains(*key));
            for (key, spelling) in guesses {
                let owner = Some((&did.id, spelling.clone()));
                owners.entry(key.to_owned()).and_modify(|owner| *owner = None).or_insert(owner);
            }
        }
        // A canonical form takes precedence over another DID's guessed spelling, and an E.164 form over digits without a
        // known country.
        called.sort_by_key(|did| (did.number.e164().is_some(), &did.id));
        for did in called {
            let canonical = did.number.canonical();
            owners.insert(bare(canonical).to_owned(), Some((&did.id, canonical.to_owned())));
        }
        let mut spellings: BTreeMap<DidId, Vec<String>> = BTreeMap::new();
        for (id, spelling) in owners.into_values().flatten() {
            spellings.entry(id.clone()).or_default().push(spelling);
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
