//! Trunks and rules without an owner tag, and the carriers that they may concern (candidates).

use std::collections::{BTreeMap, BTreeSet};

use api_types::view::{Candidate, UnmanagedView};
use domain::{
    AccountId, Carrier, CarrierId, Country, Did, PhoneNumber,
    livekit::{DispatchRule, InboundTrunk, Listed, ObjectKind, Observed, OutboundTrunk, OwnerTag, bare, digits},
};
use store::Tx;

use crate::Result;

/// Objects without a candidate that are shown; the project may have thousands.
const MAX_SHOWN: usize = 200;
/// Keys that one search covers: numbers, each once for every country that may read it otherwise, and addresses. A trunk
/// that would exceed it is not searched, and its view says so.
const MAX_KEYS: usize = 5_000;

/// The unmanaged objects of one view.
#[derive(Default)]
pub(super) struct UnmanagedViews {
    pub shown: Vec<UnmanagedView>,
    pub left_out: usize,
}

/// Those with this carrier's numbers or address, and those without a candidate.
pub(super) async fn of_carrier(
    tx: &mut Tx,
    carrier: &Carrier,
    dids: &[Did],
    observed: &Observed,
) -> Result<UnmanagedViews> {
    let country = carrier.settings.destination_country;
    let spellings: BTreeSet<String> =
        dids.iter().flat_map(|did| did.number.spellings(country)).map(|spelling| bare(&spelling).to_owned()).collect();
    let address = carrier.settings.sip_address.to_string();
    let is_own = |view: &UnmanagedView| {
        view.numbers.iter().any(|number| spellings.contains(&digits(number)))
            || view.address.as_ref().is_some_and(|theirs| theirs.eq_ignore_ascii_case(&address))
    };
    let candidate = Candidate { carrier_id: carrier.id.clone(), carrier_name: carrier.settings.name.to_string() };
    // The carrier's own first: the search may not reach all of them.
    let (own, others): (Vec<_>, Vec<_>) = trunks(observed).partition(is_own);
    let own_ids: Vec<String> = own.iter().map(|view| view.id.clone()).collect();
    let trunks: Vec<UnmanagedView> = own.into_iter().chain(others).collect();
    let mut search = Search::new(tx, &carrier.account_id, observed, &trunks).await?;
    for id in own_ids {
        search.of_trunk.entry(id).or_default().carriers.insert(candidate.clone());
    }
    let mut views = UnmanagedViews::default();
    let mut without_candidate = Vec::new();
    let trunks = trunks.into_iter().map(|view| search.trunk(view));
    for view in trunks.chain(rules(observed).map(|view| search.rule(view))) {
        let answers_all = view.kind == ObjectKind::DispatchRule && view.trunk_ids.is_empty();
        if view.candidates.contains(&candidate) || answers_all {
            views.shown.push(noted(view));
        } else if !view.candidates_complete || (view.candidates.is_empty() && without_candidate.len() == MAX_SHOWN) {
            views.left_out += 1;
        } else if view.candidates.is_empty() {
            without_candidate.push(noted(view));
        }
    }
    views.shown.append(&mut without_candidate);
    Ok(views)
}

/// All of them, up to [`MAX_SHOWN`] trunks and as many rules.
pub(super) async fn of_all(tx: &mut Tx, account: &AccountId, observed: &Observed) -> Result<UnmanagedViews> {
    let (mut trunks, mut rules): (Vec<_>, Vec<_>) = (trunks(observed).collect(), rules(observed).collect());
    let left_out = trunks.len().saturating_sub(MAX_SHOWN) + rules.len().saturating_sub(MAX_SHOWN);
    trunks.truncate(MAX_SHOWN);
    rules.truncate(MAX_SHOWN);
    let search = Search::new(tx, account, observed, &trunks).await?;
    let trunks = trunks.into_iter().map(|view| search.trunk(view));
    let rules = rules.into_iter().map(|view| search.rule(view));
    Ok(UnmanagedViews { shown: trunks.chain(rules).map(noted).collect(), left_out })
}

/// The carriers behind numbers, addresses and trunks.
struct Search {
    /// By the trunk's id; managed trunks are included.
    of_trunk: BTreeMap<String, Candidates>,
}

/// The carriers that one trunk may concern.
#[derive(Clone, Default)]
struct Candidates {
    carriers: BTreeSet<Candidate>,
    /// False: there may be more.
    complete: bool,
}

impl Search {
    /// Searches `trunks`, in this order, up to [`MAX_KEYS`]. Of other unmanaged trunks nothing is known.
    async fn new(tx: &mut Tx, account: &AccountId, observed: &Observed, trunks: &[UnmanagedView]) -> Result<Self> {
        let names = tx.all_carrier_names(account).await?;
        let candidate =
            |id: &CarrierId| Some(Candidate { carrier_id: id.clone(), carrier_name: names.get(id)?.clone() });
        let by_owner_tag = |listed: &Listed<InboundTrunk>| {
            let owner_tag = OwnerTag::read(&listed.object.metadata);
            let complete = owner_tag.is_some();
            let carriers = owner_tag.and_then(|owner_tag| candidate(&owner_tag.carrier_id)).into_iter().collect();
            (listed.id.clone(), Candidates { carriers, complete })
        };
        let mut of_trunk: BTreeMap<_, _> = observed.inbound.iter().map(by_owner_tag).collect();

        let countries = tx.carrier_countries(account).await?;
        let mut left = MAX_KEYS;
        let searched: Vec<Keys> = trunks.iter().filter_map(|trunk| Keys::of(trunk, &countries, &mut left)).collect();
        let numbers: BTreeSet<&String> = searched.iter().flat_map(|keys| &keys.numbers).collect();
        let addresses: BTreeSet<&String> = searched.iter().filter_map(|keys| keys.address.as_ref()).collect();
        let numbers: Vec<String> = numbers.into_iter().cloned().collect();
        let addresses: Vec<String> = addresses.into_iter().cloned().collect();
        let mut of_number: BTreeMap<String, CarrierId> = BTreeMap::new();
        for did in tx.dids_by_keys(account, &numbers).await? {
            of_number.insert(did.number.key().to_owned(), did.carrier_id);
        }
        let mut of_address: BTreeMap<String, Vec<CarrierId>> = BTreeMap::new();
        for (address, carrier) in tx.carriers_at(account, &addresses).await? {
            of_address.entry(address).or_default().push(carrier);
        }
        for Keys { trunk, numbers, address } in searched {
            let by_number = numbers.iter().filter_map(|number| of_number.get(number));
            let by_address = address.iter().filter_map(|address| of_address.get(address)).flatten();
            let carriers = by_number.chain(by_address).filter_map(candidate).collect();
            of_trunk.insert(trunk.to_owned(), Candidates { carriers, complete: true });
        }
        Ok(Self { of_trunk })
    }

    fn trunk(&self, view: UnmanagedView) -> UnmanagedView {
        let Candidates { carriers, complete } = self.of_trunk.get(&view.id).cloned().unwrap_or_default();
        UnmanagedView { candidates: carriers.into_iter().collect(), candidates_complete: complete, ..view }
    }

    /// A rule that names a deleted trunk concerns no carrier.
    fn rule(&self, view: UnmanagedView) -> UnmanagedView {
        let trunks = || view.trunk_ids.iter().filter_map(|id| self.of_trunk.get(id));
        let candidates: BTreeSet<&Candidate> = trunks().flat_map(|trunk| &trunk.carriers).collect();
        let candidates_complete = trunks().all(|trunk| trunk.complete);
        UnmanagedView { candidates: candidates.into_iter().cloned().collect(), candidates_complete, ..view }
    }
}

/// What the carriers of a trunk are searched by.
struct Keys<'a> {
    trunk: &'a str,
    /// [`PhoneNumber::key`]: as each number stands, and as each country that a carrier has would read it.
    numbers: BTreeSet<String>,
    address: Option<String>,
}

impl<'a> Keys<'a> {
    /// None where there are more than may still be searched.
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

/// With the note that says which carriers it may concern.
pub(super) fn noted(view: UnmanagedView) -> UnmanagedView {
    let names: Vec<&str> = view.candidates.iter().map(|candidate| candidate.carrier_name.as_str()).collect();
    let names = names.join(", ");
    let note = match view.kind {
        ObjectKind::DispatchRule if view.trunk_ids.is_empty() => {
            "It names no trunk, and so it answers every call that no other rule answers, on any trunk.".to_owned()
        }
        ObjectKind::DispatchRule if names.is_empty() && !view.candidates_complete => {
            "The carriers of its trunks' numbers were not searched: there are too many.".to_owned()
        }
        ObjectKind::DispatchRule if names.is_empty() => "It answers trunks that have no carrier's numbers.".to_owned(),
        ObjectKind::DispatchRule => format!("It answers a trunk with the numbers of {names}."),
        ObjectKind::InboundTrunk if view.numbers.is_empty() => {
            "It names no numbers, and so it receives the calls to every number that no other trunk has.".to_owned()
        }
        _ if names.is_empty() && !view.candidates_complete => {
            "The carriers of its numbers and its address were not searched: there are too many.".to_owned()
        }
        _ if names.is_empty() => "No carrier has its numbers or its address.".to_owned(),
        ObjectKind::InboundTrunk => format!("It has numbers of {names}. LiveKit allows a number on one trunk only."),
        ObjectKind::OutboundTrunk => format!("It has the address or numbers of {names}."),
    };
    UnmanagedView { note, ..view }
}
