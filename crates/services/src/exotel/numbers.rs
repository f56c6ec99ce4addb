//! The numbers of the Exotel account, each with the carrier that has it in Trunkline.

use std::collections::{BTreeMap, HashMap};

use api_types::view::{ExotelNumber, ExotelNumbers};
use domain::{AccountId, Action, CarrierId, Country, Did, FieldFault, Label, PhoneNumber};
use exotel::ExoPhone;
use store::Tx;

use super::{ExotelIntegration, connected};
use crate::{Actor, Result};

impl ExotelIntegration {
    /// The account's numbers; a list of the last minute is reused.
    ///
    /// # Errors
    /// [`Error::NotConnected`](crate::Error::NotConnected) without credentials, [`Error::Exotel`](crate::Error::Exotel) where
    /// Exotel refuses them or does not answer.
    pub async fn numbers(&self, actor: &Actor) -> Result<ExotelNumbers> {
        actor.require(Action::ReadIntegrations)?;
        let exotel = connected(&mut self.context.store.read().await?, actor).await?;
        let listing = self.listing(actor, &exotel, &[]).await?;
        let parsed: Vec<(ExoPhone, Result<PhoneNumber, FieldFault>)> =
            listing.numbers.iter().map(|phone| (phone.clone(), parse_number(phone, None))).collect();
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
        formatted: number.as_ref().map_or_else(|_| phone.number.clone(), PhoneNumber::formatted),
        label: label(&phone).map(|label| label.to_string()),
        country: phone.country,
        voice: phone.voice,
        carrier_id: owner.map(|did| did.carrier_id.clone()),
        carrier_name: owner.and_then(|did| owners.carrier_name(&did.carrier_id)),
        fault: number.err().map(|fault| fault.message),
        number: phone.number,
    }
}

/// Parses a number for a carrier in `country`. A national form that is not valid there is read in the country that Exotel
/// gives.
pub(super) fn parse_number(phone: &ExoPhone, country: Option<Country>) -> Result<PhoneNumber, FieldFault> {
    let parsed = PhoneNumber::parse(&phone.number, country);
    if parsed.as_ref().is_ok_and(|number| number.e164().is_some()) {
        return parsed;
    }
    let exotel_country = phone.country.as_deref().and_then(|country| country.parse::<Country>().ok());
    let national = exotel_country.and_then(|country| PhoneNumber::parse(&phone.number, Some(country)).ok());
    match national.as_ref().and_then(|number| number.e164()) {
        Some(e164) => PhoneNumber::parse(e164, country),
        None => parsed.map_err(explain),
    }
}

/// The operator cannot change how Exotel writes a number.
fn explain(fault: FieldFault) -> FieldFault {
    if fault.code != "needs_plus" {
        return fault;
    }
    FieldFault::new(fault.code, format!("{} Exotel lists it without: add it on the carrier's page.", fault.message))
}

/// Exotel's friendly name. Until an operator sets one, it is the number, and so no label.
pub(super) fn label(phone: &ExoPhone) -> Option<Label> {
    let name = phone.friendly_name.as_deref()?;
    name.chars().any(char::is_alphabetic).then(|| name.parse().ok()).flatten()
}

/// The DIDs that have one of a list of numbers, with their carriers' names.
pub(super) struct Owners {
    dids: HashMap<String, Did>,
    names: BTreeMap<CarrierId, String>,
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
