//! Outbound calls: which carriers a dialled number goes to, in which order, and as what.

use super::{
    decision::{CarrierCall, CarrierLeg, Considered, Step},
    dialled::Dialled,
    directory::{CarrierEntry, Directory, OutboundRoute, UserEntry},
};
use crate::{
    CarrierId,
    edge::{DialPrefix, Status},
};

/// How many carriers a call tries at most.
pub const CARRIERS_TRIED: usize = 10;

/// Who calls out.
pub(super) struct Caller<'a> {
    /// The edge user: the one who calls, or who has forwarded the call.
    pub user: Option<&'a UserEntry<'a>>,
}

impl Caller<'_> {
    fn trunk(&self) -> Option<&CarrierId> {
        self.user?.options?.trunk_id.as_ref()
    }

    fn cid_number(&self, directory: &impl Directory, of_route: Option<&OutboundRoute>) -> Option<String> {
        let of_route = of_route.and_then(|route| route.settings.cid_number.as_ref()).map(|cid| cid.as_str().to_owned());
        let of_user = || self.user?.options?.cid_number.clone();
        let of_account = || directory.settings().default_cid_number.as_ref().map(|cid| cid.as_str().to_owned());
        of_route.or_else(of_user).or_else(of_account)
    }

    fn cid_name(&self, directory: &impl Directory) -> Option<String> {
        let of_user = self.user.and_then(|user| user.options?.cid_name.clone());
        of_user.or_else(|| directory.settings().default_cid_name.as_ref().map(|name| name.as_str().to_owned()))
    }
}

/// A call of an emergency number goes as it was dialled to the user's carrier, then to those of all outbound routes. Neither a
/// route nor a limit applies.
pub(super) fn emergency(
    directory: &impl Directory,
    dialled: &Dialled,
    caller: &Caller<'_>,
    considered: &mut Vec<Considered>,
) -> Step {
    let carriers = caller.trunk().into_iter().chain(directory.emergency_carriers());
    let mut legs: Vec<CarrierLeg> = Vec::new();
    for id in carriers {
        let Some(carrier) = directory.carrier(id).filter(|_| legs.iter().all(|leg| leg.carrier != *id)) else {
            continue;
        };
        legs.push(leg(id, &carrier, None, dialled.text().to_owned(), caller.cid_number(directory, None)));
    }
    legs.truncate(CARRIERS_TRIED);
    let is_reachable = !legs.is_empty();
    considered.push(Considered {
        rule: "emergency",
        id: Some(dialled.text().to_owned()),
        applies: is_reachable,
        why: "an emergency number: it is sent as dialled, before every other rule and without limits".to_owned(),
    });
    if !is_reachable {
        return Step::reject(503, "an emergency number was dialled, and no outbound route names a carrier; add one");
    }
    Step::Carriers(CarrierCall { legs, cid_name: caller.cid_name(directory), is_emergency: true })
}

/// A call goes to the user's carrier, if there is one, then to the carriers of the routes that match: those with the longest
/// prefix first, among them those with the lowest priority.
pub(super) fn call(
    directory: &impl Directory,
    dialled: &Dialled,
    caller: &Caller<'_>,
    considered: &mut Vec<Considered>,
) -> Step {
    let mut legs: Vec<CarrierLeg> = Vec::new();
    if let Some(id) = caller.trunk() {
        let carrier = directory.carrier(id);
        let why = match &carrier {
            Some(carrier) => format!("the user's own carrier, {}", carrier.name),
            None => "the user's own carrier does not exist any more".to_owned(),
        };
        considered.push(Considered { rule: "trunk", id: Some(id.to_string()), applies: carrier.is_some(), why });
        legs.extend(carrier.map(|carrier| {
            leg(id, &carrier, None, dialled.canonical().to_owned(), caller.cid_number(directory, None))
        }));
    }
    for prefix in prefixes(dialled) {
        for route in directory.outbound_routes(prefix) {
            let (why, number) = match consider(directory, route, prefix, dialled) {
                Ok(number) => {
                    let settings = &route.settings;
                    let why = format!("{} matches, priority {}: sends {number}", settings.prefix, settings.priority);
                    (why, Some(number))
                }
                Err(why) => (why, None),
            };
            let applies = number.is_some();
            considered.push(Considered { rule: "outbound_route", id: Some(route.id.to_string()), applies, why });
            let Some(number) = number else { continue };
            for id in &route.settings.carrier_ids {
                let is_new = legs.iter().all(|leg| leg.carrier != *id);
                if let Some(carrier) = directory.carrier(id).filter(|_| is_new) {
                    legs.push(leg(
                        id,
                        &carrier,
                        Some(route),
                        number.clone(),
                        caller.cid_number(directory, Some(route)),
                    ));
                }
            }
        }
    }
    legs.truncate(CARRIERS_TRIED);
    if legs.is_empty() {
        let why = match considered.iter().any(|rule| rule.rule == "outbound_route") {
            true => format!("no outbound route that matches {} can be used", dialled.canonical()),
            false => format!("no outbound route matches {}", dialled.canonical()),
        };
        return Step::reject(404, why);
    }
    Step::Carriers(CarrierCall { legs, cid_name: caller.cid_name(directory), is_emergency: false })
}

/// The prefixes that match the number, the longest first. Of two with as many digits the one of the E.164 form comes first.
fn prefixes(dialled: &Dialled) -> impl Iterator<Item = &str> {
    let of = |text: &'_ str, digits: usize, plus: usize| (text.len() >= digits + plus).then_some(digits + plus);
    (0..=DialPrefix::MAX).rev().flat_map(move |digits| {
        let international = dialled.e164().filter(|_| digits > 0);
        let international = international.and_then(|e164| of(e164, digits, 1).map(|end| &e164[..end]));
        let text = dialled.text();
        // A plus belongs to the E.164 form alone.
        let national = (digits == 0 || !text.starts_with('+')).then_some(text);
        let national = national.and_then(|text| of(text, digits, 0).map(|end| &text[..end]));
        [international, national].into_iter().flatten()
    })
}

/// The number that the route's carriers get.
///
/// # Errors
/// Why the route is not used.
fn consider(
    directory: &impl Directory,
    route: &OutboundRoute,
    prefix: &str,
    dialled: &Dialled,
) -> Result<String, String> {
    let settings = &route.settings;
    if settings.status != Status::Active {
        return Err("the route is disabled".to_owned());
    }
    if settings.carrier_ids.iter().all(|id| directory.carrier(id).is_none()) {
        return Err("none of its carriers exists any more".to_owned());
    }
    let matched = if prefix.starts_with('+') || prefix.is_empty() { dialled.canonical() } else { dialled.text() };
    let strip = settings.strip.get() as usize;
    if strip == 0 && settings.prepend.is_none() {
        return Ok(dialled.canonical().to_owned());
    }
    let digits = matched.strip_prefix('+').unwrap_or(matched);
    let plus = if strip == 0 && matched.starts_with('+') { "+" } else { "" };
    let rest = digits.get(strip..).filter(|rest| !rest.is_empty());
    let rest = rest.ok_or_else(|| format!("{} has no digits left when {strip} are removed", dialled.text()))?;
    let number = match settings.prepend.as_ref() {
        Some(prepend) => format!("{prepend}{rest}"),
        None => format!("{plus}{rest}"),
    };
    let country = directory.settings().country;
    let number = Dialled::read(&number, country).map_err(|fault| format!("{number} is no number: {fault}"))?;
    if number.is_emergency(country) {
        return Err(format!(
            "it would send the emergency number {}; emergency numbers are dialled as they are",
            number.text()
        ));
    }
    Ok(number.canonical().to_owned())
}

/// A call to one carrier.
pub(super) fn leg(
    id: &CarrierId,
    carrier: &CarrierEntry<'_>,
    route: Option<&OutboundRoute>,
    number: String,
    cid_number: Option<String>,
) -> CarrierLeg {
    CarrierLeg {
        carrier: id.clone(),
        route: route.map(|route| route.id.clone()),
        address: carrier.address.clone(),
        transport: carrier.transport,
        number,
        cid_number,
    }
}

/// A call to one carrier that a target names.
pub(super) fn trunk(directory: &impl Directory, id: &CarrierId, number: &str, caller: &Caller<'_>) -> Step {
    let Some(carrier) = directory.carrier(id) else {
        return Step::reject(503, format!("the carrier {id} does not exist any more"));
    };
    let country = directory.settings().country;
    if Dialled::read(number, country).is_ok_and(|number| number.is_emergency(country)) {
        return Step::reject(403, format!("{number} is an emergency number, and a target does not call one"));
    }
    let legs = vec![leg(id, &carrier, None, number.to_owned(), caller.cid_number(directory, None))];
    Step::Carriers(CarrierCall { legs, cid_name: caller.cid_name(directory), is_emergency: false })
}
