//! Trunks and rules without Trunkline's mark, and which carriers they have to do with.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AccountId, Carrier, CarrierId, Country, Did, PhoneNumber,
    livekit::{Actual, DispatchRule, InboundTrunk, Listed, Mark, ObjectKind, OutboundTrunk, bare, digits},
    view::{ByHandView, Holder},
};
use store::Tx;

use crate::Result;

/// Of those that concern nobody, so many are shown: somebody may share the project with thousands.
const MOST: usize = 200;
/// Numbers that are looked up in one go; what goes beyond is shown only where it has this carrier's own numbers.
const LOOKED_UP: usize = 2_000;

/// Those with this carrier's numbers or address, and those with nobody's.
pub(super) async fn of_carrier(
    tx: &mut Tx,
    carrier: &Carrier,
    dids: &[Did],
    actual: &Actual,
) -> Result<Vec<ByHandView>> {
    let country = carrier.settings.destination_country;
    let spellings: BTreeSet<String> =
        dids.iter().flat_map(|did| did.number.spellings(country)).map(|spelling| bare(&spelling).to_owned()).collect();
    let address = carrier.settings.sip_address.to_string();
    let here = |view: &ByHandView| {
        view.numbers.iter().any(|number| spellings.contains(&digits(number)))
            || view.address.as_ref().is_some_and(|theirs| theirs.eq_ignore_ascii_case(&address))
    };
    let mut search = Search::new(tx, &carrier.account_id, actual).await?;
    let (mut concerned, mut nobodys) = (Vec::new(), Vec::new());
    for mut view in trunks(actual) {
        let holder = Holder { carrier_id: carrier.id.clone(), carrier_name: carrier.settings.name.to_string() };
        let own = here(&view);
        if !own && search.is_exhausted() {
            continue;
        }
        view.holders = search.holders(&view).await?;
        if own && !view.holders.contains(&holder) {
            view.holders.push(holder.clone());
        }
        search.know(&view);
        if view.holders.contains(&holder) {
            concerned.push(noted(view));
        } else if view.holders.is_empty() && nobodys.len() < MOST {
            nobodys.push(noted(view));
        }
    }
    for mut view in rules(actual) {
        view.holders = search.holders_of_rule(&view);
        let mine = view.holders.iter().any(|holder| holder.carrier_id == carrier.id);
        if mine || view.trunk_ids.is_empty() {
            concerned.push(noted(view));
        } else if view.holders.is_empty() && nobodys.len() < MOST {
            nobodys.push(noted(view));
        }
    }
    concerned.append(&mut nobodys);
    Ok(concerned)
}

/// All of them.
pub(super) async fn of_all(tx: &mut Tx, account: &AccountId, actual: &Actual) -> Result<Vec<ByHandView>> {
    let mut search = Search::new(tx, account, actual).await?;
    let mut views = Vec::new();
    for mut view in trunks(actual).take(MOST) {
        view.holders = search.holders(&view).await?;
        search.know(&view);
        views.push(noted(view));
    }
    for mut view in rules(actual).take(MOST) {
        view.holders = search.holders_of_rule(&view);
        views.push(noted(view));
    }
    Ok(views)
}

/// Finds the carriers behind numbers, addresses and trunks.
struct Search<'a> {
    tx: &'a mut Tx,
    account: AccountId,
    countries: Vec<Country>,
    names: BTreeMap<CarrierId, String>,
    /// By the trunk's id, Trunkline's own ones included.
    of_trunk: BTreeMap<String, Vec<Holder>>,
    looked_up: usize,
}

impl<'a> Search<'a> {
    async fn new(tx: &'a mut Tx, account: &AccountId, actual: &Actual) -> Result<Self> {
        let countries = tx.carrier_countries(account).await?;
        let names = tx.all_carrier_names(account).await?;
        let own = actual.inbound.iter().filter_map(|listed| {
            let id = Mark::read(&listed.object.metadata)?.carrier_id;
            let carrier_name = names.get(&id)?.clone();
            Some((listed.id.clone(), vec![Holder { carrier_id: id, carrier_name }]))
        });
        let of_trunk = own.collect();
        Ok(Self { tx, account: account.clone(), countries, names, of_trunk, looked_up: 0 })
    }

    async fn holders(&mut self, view: &ByHandView) -> Result<Vec<Holder>> {
        let mut ids = BTreeSet::new();
        self.looked_up += view.numbers.len();
        for number in view.numbers.iter().take(LOOKED_UP) {
            ids.extend(self.of_number(number).await?);
        }
        if let Some(address) = &view.address {
            ids.extend(self.tx.carriers_at(&self.account, &address.to_ascii_lowercase()).await?);
        }
        let holder = |id: CarrierId| {
            let carrier_name = self.names.get(&id)?.clone();
            Some(Holder { carrier_id: id, carrier_name })
        };
        Ok(ids.into_iter().filter_map(holder).collect())
    }

    fn is_exhausted(&self) -> bool {
        self.looked_up >= LOOKED_UP
    }

    /// As it stands, and as each country that a carrier has would read it.
    async fn of_number(&mut self, number: &str) -> Result<BTreeSet<CarrierId>> {
        let mut ids = BTreeSet::new();
        let readings = [None].into_iter().chain(self.countries.iter().copied().map(Some));
        let mut read: Vec<PhoneNumber> = Vec::new();
        for country in readings {
            if let Ok(number) = PhoneNumber::parse(number, country)
                && !read.iter().any(|known| known.key() == number.key())
            {
                read.push(number);
            }
        }
        for number in read {
            ids.extend(self.tx.did_by_number(&self.account, &number).await?.map(|did| did.carrier_id));
        }
        Ok(ids)
    }

    fn know(&mut self, view: &ByHandView) {
        if view.kind == ObjectKind::InboundTrunk {
            self.of_trunk.insert(view.id.clone(), view.holders.clone());
        }
    }

    fn holders_of_rule(&self, view: &ByHandView) -> Vec<Holder> {
        let all = view.trunk_ids.iter().filter_map(|id| self.of_trunk.get(id)).flatten();
        all.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn trunks(actual: &Actual) -> impl Iterator<Item = ByHandView> {
    let inbound = actual.inbound.iter().filter(|listed| Mark::read(&listed.object.metadata).is_none()).map(inbound);
    let outbound = actual.outbound.iter().filter(|listed| Mark::read(&listed.object.metadata).is_none()).map(outbound);
    inbound.chain(outbound)
}

fn rules(actual: &Actual) -> impl Iterator<Item = ByHandView> {
    actual.rules.iter().filter(|listed| Mark::read(&listed.object.metadata).is_none()).map(rule)
}

pub(super) fn inbound(listed: &Listed<InboundTrunk>) -> ByHandView {
    let trunk = &listed.object;
    ByHandView {
        numbers: trunk.numbers.clone(),
        allowed_addresses: trunk.allowed_addresses.clone(),
        auth_username: Some(trunk.auth_username.clone()).filter(|name| !name.is_empty()),
        ..plain(ObjectKind::InboundTrunk, &listed.id, &trunk.name, listed.foreign_settings)
    }
}

pub(super) fn outbound(listed: &Listed<OutboundTrunk>) -> ByHandView {
    let trunk = &listed.object;
    ByHandView {
        numbers: trunk.numbers.clone(),
        address: Some(trunk.address.clone()),
        auth_username: Some(trunk.auth_username.clone()).filter(|name| !name.is_empty()),
        ..plain(ObjectKind::OutboundTrunk, &listed.id, &trunk.name, listed.foreign_settings)
    }
}

fn rule(listed: &Listed<DispatchRule>) -> ByHandView {
    let rule = &listed.object;
    ByHandView {
        numbers: rule.numbers.clone(),
        trunk_ids: rule.trunk_ids.clone(),
        agent_name: Some(rule.agent_name.clone()).filter(|name| !name.is_empty()),
        ..plain(ObjectKind::DispatchRule, &listed.id, &rule.name, listed.foreign_settings)
    }
}

fn plain(kind: ObjectKind, id: &str, name: &str, other_settings: bool) -> ByHandView {
    ByHandView {
        kind,
        id: id.to_owned(),
        name: name.to_owned(),
        numbers: Vec::new(),
        address: None,
        allowed_addresses: Vec::new(),
        auth_username: None,
        trunk_ids: Vec::new(),
        agent_name: None,
        other_settings,
        holders: Vec::new(),
        note: String::new(),
    }
}

/// Says what it has to do with the carriers.
pub(super) fn noted(view: ByHandView) -> ByHandView {
    let names: Vec<&str> = view.holders.iter().map(|holder| holder.carrier_name.as_str()).collect();
    let names = names.join(", ");
    let note = match view.kind {
        ObjectKind::DispatchRule if view.trunk_ids.is_empty() => {
            "It names no trunk, and so answers every call that no other rule takes, whichever trunk it comes in by."
                .to_owned()
        }
        ObjectKind::DispatchRule if names.is_empty() => "It answers trunks that are none of Trunkline's.".to_owned(),
        ObjectKind::DispatchRule => format!("It answers a trunk with the numbers of {names}."),
        ObjectKind::InboundTrunk if view.numbers.is_empty() => {
            "It names no numbers, and so takes calls to every number that no other trunk has.".to_owned()
        }
        _ if names.is_empty() => "No carrier has its numbers or its address.".to_owned(),
        ObjectKind::InboundTrunk => format!("It has numbers of {names}. LiveKit lets no two trunks have the same one."),
        ObjectKind::OutboundTrunk => format!("It has the address or numbers of {names}."),
    };
    ByHandView { note, ..view }
}
