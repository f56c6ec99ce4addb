//! Trunks and rules without Trunkline's owner_tag, and which carriers they have to do with.

use std::collections::{BTreeMap, BTreeSet};

use api_types::view::{Candidate, UnmanagedView};
use domain::{
    AccountId, Carrier, CarrierId, Country, Did, PhoneNumber,
    livekit::{DispatchRule, InboundTrunk, Listed, ObjectKind, Observed, OutboundTrunk, OwnerTag, bare, digits},
};
use store::Tx;

use crate::Result;

/// Of those that concern nobody, so many are shown: somebody may share the project with thousands.
const MOST: usize = 200;
/// What one answer looks up: numbers, each once for every country that may read it otherwise, and addresses. A trunk that
/// goes beyond is not looked up at all, and says so.
const LOOKED_UP: usize = 5_000;

/// What there is to see.
#[derive(Default)]
pub(super) struct Found {
    pub shown: Vec<UnmanagedView>,
    pub left_out: usize,
}

/// Those with this carrier's numbers or address, and those with nobody's.
pub(super) async fn of_carrier(tx: &mut Tx, carrier: &Carrier, dids: &[Did], observed: &Observed) -> Result<Found> {
    let country = carrier.settings.destination_country;
    let spellings: BTreeSet<String> =
        dids.iter().flat_map(|did| did.number.spellings(country)).map(|spelling| bare(&spelling).to_owned()).collect();
    let address = carrier.settings.sip_address.to_string();
    let here = |view: &UnmanagedView| {
        view.numbers.iter().any(|number| spellings.contains(&digits(number)))
            || view.address.as_ref().is_some_and(|theirs| theirs.eq_ignore_ascii_case(&address))
    };
    let holder = Candidate { carrier_id: carrier.id.clone(), carrier_name: carrier.settings.name.to_string() };
    // The carrier's own first: the search may not reach all of them.
    let (own, others): (Vec<_>, Vec<_>) = trunks(observed).partition(here);
    let own_ids: Vec<String> = own.iter().map(|view| view.id.clone()).collect();
    let trunks: Vec<UnmanagedView> = own.into_iter().chain(others).collect();
    let mut search = Search::new(tx, &carrier.account_id, observed, &trunks).await?;
    for id in own_ids {
        search.of_trunk.entry(id).or_default().candidates.insert(holder.clone());
    }
    let mut found = Found::default();
    let mut nobodys = Vec::new();
    let trunks = trunks.into_iter().map(|view| search.trunk(view));
    for view in trunks.chain(rules(observed).map(|view| search.rule(view))) {
        let answers_all = view.kind == ObjectKind::DispatchRule && view.trunk_ids.is_empty();
        if view.candidates.contains(&holder) || answers_all {
            found.shown.push(noted(view));
        } else if !view.candidates_complete || (view.candidates.is_empty() && nobodys.len() == MOST) {
            found.left_out += 1;
        } else if view.candidates.is_empty() {
            nobodys.push(noted(view));
        }
    }
    found.shown.append(&mut nobodys);
    Ok(found)
}

/// All of them, as far as they can be shown.
pub(super) async fn of_all(tx: &mut Tx, account: &AccountId, observed: &Observed) -> Result<Found> {
    let (mut trunks, mut rules): (Vec<_>, Vec<_>) = (trunks(observed).collect(), rules(observed).collect());
    let left_out = trunks.len().saturating_sub(MOST) + rules.len().saturating_sub(MOST);
    trunks.truncate(MOST);
    rules.truncate(MOST);
    let search = Search::new(tx, account, observed, &trunks).await?;
    let trunks = trunks.into_iter().map(|view| search.trunk(view));
    let rules = rules.into_iter().map(|view| search.rule(view));
    Ok(Found { shown: trunks.chain(rules).map(noted).collect(), left_out })
}

/// The carriers behind numbers, addresses and trunks.
struct Search {
    /// By the trunk's id, Trunkline's own ones included.
    of_trunk: BTreeMap<String, Known>,
}

/// What is known of one trunk.
#[derive(Clone, Default)]
struct Known {
    candidates: BTreeSet<Candidate>,
    /// False: there may be more.
    candidates_complete: bool,
}

impl Search {
    /// `trunks` are looked up, in this order, until there were too many; of what else was made by hand nothing is known.
    async fn new(tx: &mut Tx, account: &AccountId, observed: &Observed, trunks: &[UnmanagedView]) -> Result<Self> {
        let names = tx.all_carrier_names(account).await?;
        let holder = |id: &CarrierId| Some(Candidate { carrier_id: id.clone(), carrier_name: names.get(id)?.clone() });
        let of_mark = |listed: &Listed<InboundTrunk>| {
            let owner_tag = OwnerTag::read(&listed.object.metadata);
            let candidates_complete = owner_tag.is_some();
            let candidates = owner_tag.and_then(|owner_tag| holder(&owner_tag.carrier_id)).into_iter().collect();
            (listed.id.clone(), Known { candidates, candidates_complete })
        };
        let mut of_trunk: BTreeMap<_, _> = observed.inbound.iter().map(of_mark).collect();

        let countries = tx.carrier_countries(account).await?;
        let mut left = LOOKED_UP;
        let candidates_complete: Vec<Keys> =
            trunks.iter().filter_map(|trunk| Keys::of(trunk, &countries, &mut left)).collect();
        let numbers: BTreeSet<&String> = candidates_complete.iter().flat_map(|keys| &keys.numbers).collect();
        let addresses: BTreeSet<&String> =
            candidates_complete.iter().filter_map(|keys| keys.address.as_ref()).collect();
        let numbers: Vec<String> = numbers.into_iter().cloned().collect();
        let addresses: Vec<String> = addresses.into_iter().cloned().collect();
        let mut of_number: BTreeMap<String, CarrierId> = BTreeMap::new();
        for did in tx.dids_by_keys(account, &numbers).await? {
            of_number.insert(did.number.key().to_owned(), did.carrier_id);
        }
        let mut at: BTreeMap<String, Vec<CarrierId>> = BTreeMap::new();
        for (address, carrier) in tx.carriers_at(account, &addresses).await? {
            at.entry(address).or_default().push(carrier);
        }
        for Keys { trunk, numbers, address } in candidates_complete {
            let by_number = numbers.iter().filter_map(|number| of_number.get(number));
            let by_address = address.iter().filter_map(|address| at.get(address)).flatten();
            let candidates = by_number.chain(by_address).filter_map(holder).collect();
            of_trunk.insert(trunk.to_owned(), Known { candidates, candidates_complete: true });
        }
        Ok(Self { of_trunk })
    }

    fn trunk(&self, view: UnmanagedView) -> UnmanagedView {
        let Known { candidates, candidates_complete } = self.of_trunk.get(&view.id).cloned().unwrap_or_default();
        UnmanagedView { candidates: candidates.into_iter().collect(), candidates_complete, ..view }
    }

    /// A rule that names a trunk which is gone has nothing to do with any carrier.
    fn rule(&self, view: UnmanagedView) -> UnmanagedView {
        let trunks = || view.trunk_ids.iter().filter_map(|id| self.of_trunk.get(id));
        let candidates: BTreeSet<&Candidate> = trunks().flat_map(|known| &known.candidates).collect();
        let candidates_complete = trunks().all(|known| known.candidates_complete);
        UnmanagedView { candidates: candidates.into_iter().cloned().collect(), candidates_complete, ..view }
    }
}

/// What a trunk is looked up by.
struct Keys<'a> {
    trunk: &'a str,
    /// [`PhoneNumber::key`]: as each number stands, and as each country that a carrier has would read it.
    numbers: BTreeSet<String>,
    address: Option<String>,
}

impl<'a> Keys<'a> {
    /// None where that is more than is left to look up.
    fn of(view: &'a UnmanagedView, countries: &[Country], left: &mut usize) -> Option<Self> {
        let readings = |number: &String| if number.trim_start().starts_with('+') { 0 } else { countries.len() };
        let all: usize = view.numbers.iter().map(|number| 1 + readings(number)).sum();
        *left = left.checked_sub(all + view.address.iter().len())?;
        let read = |number: &'a String| {
            let countries = countries[..readings(number)].iter().copied().map(Some);
            let read =
                [None].into_iter().chain(countries).filter_map(|country| PhoneNumber::parse(number, country).ok());
            read.map(|number| number.key().to_owned())
        };
        Some(Self {
            trunk: &view.id,
            numbers: view.numbers.iter().flat_map(read).collect(),
            address: view.address.as_ref().map(|address| address.to_ascii_lowercase()),
        })
    }
}

fn trunks(observed: &Observed) -> impl Iterator<Item = UnmanagedView> {
    let inbound =
        observed.inbound.iter().filter(|listed| OwnerTag::read(&listed.object.metadata).is_none()).map(inbound);
    let outbound =
        observed.outbound.iter().filter(|listed| OwnerTag::read(&listed.object.metadata).is_none()).map(outbound);
    inbound.chain(outbound)
}

fn rules(observed: &Observed) -> impl Iterator<Item = UnmanagedView> {
    observed.rules.iter().filter(|listed| OwnerTag::read(&listed.object.metadata).is_none()).map(rule)
}

pub(super) fn inbound(listed: &Listed<InboundTrunk>) -> UnmanagedView {
    let trunk = &listed.object;
    UnmanagedView {
        numbers: trunk.numbers.clone(),
        allowed_addresses: trunk.allowed_addresses.clone(),
        auth_username: Some(trunk.auth_username.clone()).filter(|name| !name.is_empty()),
        ..plain(ObjectKind::InboundTrunk, &listed.id, &trunk.name, listed.unmanaged_settings)
    }
}

pub(super) fn outbound(listed: &Listed<OutboundTrunk>) -> UnmanagedView {
    let trunk = &listed.object;
    UnmanagedView {
        numbers: trunk.numbers.clone(),
        address: Some(trunk.address.clone()),
        auth_username: Some(trunk.auth_username.clone()).filter(|name| !name.is_empty()),
        ..plain(ObjectKind::OutboundTrunk, &listed.id, &trunk.name, listed.unmanaged_settings)
    }
}

fn rule(listed: &Listed<DispatchRule>) -> UnmanagedView {
    let rule = &listed.object;
    UnmanagedView {
        numbers: rule.numbers.clone(),
        trunk_ids: rule.trunk_ids.clone(),
        agent_name: Some(rule.agent_name.clone()).filter(|name| !name.is_empty()),
        ..plain(ObjectKind::DispatchRule, &listed.id, &rule.name, listed.unmanaged_settings)
    }
}

fn plain(kind: ObjectKind, id: &str, name: &str, unmanaged_settings: bool) -> UnmanagedView {
    UnmanagedView {
        kind,
        id: id.to_owned(),
        name: name.to_owned(),
        numbers: Vec::new(),
        address: None,
        allowed_addresses: Vec::new(),
        auth_username: None,
        trunk_ids: Vec::new(),
        agent_name: None,
        unmanaged_settings,
        candidates: Vec::new(),
        candidates_complete: false,
        note: String::new(),
    }
}

/// Says what it has to do with the carriers.
pub(super) fn noted(view: UnmanagedView) -> UnmanagedView {
    let names: Vec<&str> = view.candidates.iter().map(|holder| holder.carrier_name.as_str()).collect();
    let names = names.join(", ");
    let note = match view.kind {
        ObjectKind::DispatchRule if view.trunk_ids.is_empty() => {
            "It names no trunk, and so answers every call that no other rule takes, whichever trunk it comes in by."
                .to_owned()
        }
        ObjectKind::DispatchRule if names.is_empty() && !view.candidates_complete => {
            "Whose numbers the trunks have that it answers was not looked up.".to_owned()
        }
        ObjectKind::DispatchRule if names.is_empty() => "It answers trunks that are none of Trunkline's.".to_owned(),
        ObjectKind::DispatchRule => format!("It answers a trunk with the numbers of {names}."),
        ObjectKind::InboundTrunk if view.numbers.is_empty() => {
            "It names no numbers, and so takes calls to every number that no other trunk has.".to_owned()
        }
        _ if names.is_empty() && !view.candidates_complete => {
            "Whether a carrier has its numbers or its address was not looked up.".to_owned()
        }
        _ if names.is_empty() => "No carrier has its numbers or its address.".to_owned(),
        ObjectKind::InboundTrunk => format!("It has numbers of {names}. LiveKit lets no two trunks have the same one."),
        ObjectKind::OutboundTrunk => format!("It has the address or numbers of {names}."),
    };
    UnmanagedView { note, ..view }
}
