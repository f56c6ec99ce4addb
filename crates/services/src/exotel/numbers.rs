//! Exotel's numbers, and where each stands in Trunkline.

use std::collections::HashMap;

use api_types::view::{ExotelNumber, ExotelNumbers};
use domain::{AccountId, CarrierId, Country, Did, FieldFault, Label, PhoneNumber, Role};
use exotel::ExoPhone;
use store::Tx;

use super::{ExotelIntegration, connected};
use crate::{Actor, Result};

impl ExotelIntegration {
    /// As Exotel lists them, or did within the last minute.
    pub async fn numbers(&self, actor: &Actor) -> Result<ExotelNumbers> {
        actor.require(Role::Viewer)?;
        let exotel = connected(&mut self.context.store.read().await?, actor).await?;
        let listing = self.listing(actor, &exotel, &[]).await?;
        let parsed: Vec<(ExoPhone, Result<PhoneNumber, FieldFault>)> =
            listing.numbers.iter().map(|phone| (phone.clone(), number_of(phone, None))).collect();
        let mut tx = self.context.store.read().await?;
        let owners =
            Owners::of(&mut tx, &actor.account_id, parsed.iter().filter_map(|(_, number)| number.as_ref().ok()))
                .await?;
        let items = parsed.into_iter().map(|(phone, number)| row(phone, number, &owners)).collect();
        Ok(ExotelNumbers { items, complete: listing.complete })
    }
}

fn row(phone: ExoPhone, number: Result<PhoneNumber, FieldFault>, owners: &Owners) -> ExotelNumber {
    let owner = number.as_ref().ok().and_then(|number| owners.get(number));
    ExotelNumber {
        e164: number.as_ref().ok().and_then(|number| number.e164()).map(str::to_owned),
        label: label_of(&phone).map(|label| label.to_string()),
        country: phone.country,
        voice: phone.voice,
        carrier_id: owner.map(|did| did.carrier_id.clone()),
        carrier_name: owner.and_then(|did| owners.carrier_name(&did.carrier_id)),
        fault: number.err().map(|fault| fault.message),
        number: phone.number,
    }
}

/// The number as the carrier would have it. Where Exotel writes a national form that the carrier's country does not
/// explain, Exotel's own country does.
pub(super) fn number_of(phone: &ExoPhone, country: Option<Country>) -> Result<PhoneNumber, FieldFault> {
    let number = PhoneNumber::parse(&phone.number, country)?;
    if number.e164().is_some() {
        return Ok(number);
    }
    let at_exotel = phone.country.as_deref().and_then(|country| country.parse::<Country>().ok());
    let explained = at_exotel.and_then(|country| PhoneNumber::parse(&phone.number, Some(country)).ok());
    match explained.as_ref().and_then(|number| number.e164()) {
        Some(e164) => PhoneNumber::parse(e164, country),
        None => Ok(number),
    }
}

/// Exotel's friendly name, unless it only repeats the number, as it does until somebody gives it one.
pub(super) fn label_of(phone: &ExoPhone) -> Option<Label> {
    let name = phone.friendly_name.as_deref()?;
    name.chars().any(char::is_alphabetic).then(|| name.parse().ok()).flatten()
}

/// Which rows have the numbers already.
pub(super) struct Owners {
    dids: HashMap<String, Did>,
    names: std::collections::BTreeMap<CarrierId, String>,
}

impl Owners {
    pub async fn of(tx: &mut Tx, account: &AccountId, numbers: impl Iterator<Item = &PhoneNumber>) -> Result<Self> {
        let keys: Vec<String> = numbers.map(|number| number.key().to_owned()).collect();
        let dids = tx.dids_by_keys(account, &keys).await?;
        let mut carriers: Vec<CarrierId> = dids.iter().map(|did| did.carrier_id.clone()).collect();
        carriers.sort_unstable();
        carriers.dedup();
        let names = tx.carrier_names(&carriers).await?;
        Ok(Self { dids: dids.into_iter().map(|did| (did.number.key().to_owned(), did)).collect(), names })
    }

    pub fn get(&self, number: &PhoneNumber) -> Option<&Did> {
        self.dids.get(number.key())
    }

    pub fn carrier_name(&self, id: &CarrierId) -> Option<String> {
        self.names.get(id).cloned()
    }
}
