//! The trunk's settings that the carrier adopts.

use api_types::view::AdoptSetting;
use domain::{CarrierSettings, FieldErrors, FieldFault, IpRange, MASK, Secret, SipCredentials, SipPassword};

use super::Trunk;
use crate::Result;

/// The carrier's settings with those of the trunk that `take` names, and the differences between the two.
pub(super) fn adopted(
    now: &CarrierSettings,
    trunk: &Trunk<'_>,
    take: &[&str],
) -> Result<(CarrierSettings, Vec<AdoptSetting>)> {
    let mut settings = now.clone();
    let mut errors = FieldErrors::default();
    let mut shown = Vec::new();
    let mut show = |name: &str, carrier: Vec<String>, trunk: Vec<String>, differs: bool| {
        let taken = differs && take.contains(&name);
        if differs {
            shown.push(AdoptSetting { name: name.to_owned(), carrier, trunk, taken });
        }
        taken
    };
    match trunk {
        Trunk::Inbound(listed) => {
            // One entry has several spellings: `203.0.113.7` and `203.0.113.7/32`.
            let canonical =
                |entry: &String| entry.parse().map_or_else(|_| entry.clone(), |range: IpRange| range.to_string());
            let theirs: Vec<String> = listed.object.allowed_addresses.iter().map(canonical).collect();
            let ours: Vec<String> = now.allowed_addresses.iter().map(ToString::to_string).collect();
            let missing = theirs.iter().any(|address| !ours.contains(address));
            if show("allowed_addresses", ours, theirs.clone(), missing) {
                for address in &theirs {
                    // Added to the carrier's own, which stay allowed.
                    if let Some(range) = errors.record("take", address.parse())
                        && !settings.allowed_addresses.contains(&range)
                    {
                        settings.allowed_addresses.push(range);
                    }
                }
            }
            let flag = |flag: bool| vec![flag.to_string()];
            if let (Some(ours), Some(theirs)) = (now.krisp_enabled, listed.object.krisp_enabled)
                && show("krisp_enabled", flag(ours), flag(theirs), ours != theirs)
            {
                settings.krisp_enabled = Some(theirs);
            }
        }
        Trunk::Outbound(listed) => {
            let theirs = &listed.object;
            let ours = now.sip_address.to_string();
            let differs = !ours.eq_ignore_ascii_case(&theirs.address);
            if show("sip_address", vec![ours], vec![theirs.address.clone()], differs)
                && let Some(address) = errors.record("take", theirs.address.parse())
            {
                settings.sip_address = address;
            }
            let (ours, transport) = (now.transport.as_str().to_owned(), theirs.transport.as_str().to_owned());
            if show("transport", vec![ours], vec![transport], now.transport != theirs.transport) {
                settings.transport = theirs.transport;
            }
            let codes =
                |country: Option<domain::Country>| country.iter().map(|code| code.as_str().to_owned()).collect();
            let (ours, country) = (codes(now.destination_country), codes(theirs.destination_country));
            let differs = now.destination_country != theirs.destination_country;
            if show("destination_country", ours, country, differs) {
                settings.destination_country = theirs.destination_country;
            }
        }
    }
    let (username, password) = trunk.credentials();
    let ours = now.credentials.as_ref();
    let same = ours.map_or(("", ""), |ours| (ours.username.as_str(), ours.password.expose()));
    let texts = |username: &str, password: &str| {
        let password = if password.is_empty() { "" } else { MASK };
        [username, password].iter().filter(|text| !text.is_empty()).map(|text| (*text).to_owned()).collect()
    };
    let (mine, theirs) = (texts(same.0, same.1), texts(username, password.expose()));
    if show("credentials", mine, theirs, !username.is_empty() && same != (username, password.expose())) {
        let username = errors.record("take", username.parse());
        let password = errors.record("take", known(password));
        if let (Some(username), Some(password)) = (username, password) {
            settings.credentials = Some(SipCredentials { username, password });
        }
    }
    if errors.is_empty() { Ok((settings, shown)) } else { Err(errors.into()) }
}

/// LiveKit lists passwords. A version that masks them leaves nothing to adopt.
fn known(password: &Secret) -> Result<SipPassword, FieldFault> {
    let text = password.expose();
    if text.is_empty() || text.chars().all(|letter| letter == '*') {
        let message = "LiveKit does not list this trunk's password: enter the credentials on the carrier's page.";
        return Err(FieldFault::new("password_unknown", message));
    }
    SipPassword::new(password.clone())
}
