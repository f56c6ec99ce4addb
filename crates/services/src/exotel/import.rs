//! Imports numbers of the Exotel account as DIDs of a carrier.

use std::collections::{HashMap, HashSet};

use api_types::{
    input::{ExotelImport, ExotelImportInput},
    view::{ExotelImported, ImportOutcome, ImportedNumber},
};
use domain::{AccountId, Action, Carrier, DidSettings, Exotel, FieldFault, PhoneNumber};
use exotel::{ExoPhone, Listing};
use store::Tx;

use super::{
    ExotelIntegration, connected,
    numbers::{Owners, label, parse_number},
};
use crate::{Actor, Error, Result, carrier, did, unit_of_work::UnitOfWork};

impl ExotelIntegration {
    /// Adds, in one transaction, those of the numbers that Exotel lists and no carrier has. A dry run returns the same rows
    /// and changes nothing.
    ///
    /// # Errors
    /// [`Error::NotConnected`] without credentials, [`Error::Exotel`] where Exotel does not list its numbers.
    pub async fn import(&self, actor: &Actor, input: &ExotelImportInput) -> Result<ExotelImported> {
        actor.require(Action::ImportNumbers)?;
        let import = input.parse()?;
        let mut tx = self.context.store.read().await?;
        let exotel = connected(&mut tx, actor).await?;
        // Invalid input is refused before Exotel is called.
        target(&mut tx, &actor.account_id, &import).await?;
        drop(tx);
        let listing = self.listing(actor, &exotel, &import.numbers).await?;
        if import.dry_run {
            let mut tx = self.context.store.read().await?;
            let carrier = target(&mut tx, &actor.account_id, &import).await?;
            let requested = requested(&import, &listing, &carrier);
            let owners = Owners::of(&mut tx, &actor.account_id, requested.iter().filter_map(Requested::number)).await?;
            let items: Vec<_> = requested.iter().map(|item| item.row(&carrier, &owners)).collect();
            let added = items.iter().filter(|row| row.outcome == ImportOutcome::Added).count();
            let added = i64::try_from(added).unwrap_or(i64::MAX);
            return Ok(ExotelImported { carrier_id: carrier.id, dry_run: true, added, items });
        }
        let input = (import, listing);
        self.context.transact(Some(actor), input, |uow, (import, listing)| Box::pin(add(uow, import, listing))).await
    }
}

async fn add(uow: &mut UnitOfWork, import: &ExotelImport, listing: &Listing) -> Result<ExotelImported> {
    let carrier = target(&mut uow.tx, &uow.account, import).await?;
    let requested = requested(import, listing, &carrier);
    let owners = Owners::of(&mut uow.tx, &uow.account, requested.iter().filter_map(Requested::number)).await?;
    let mut imported = ExotelImported { carrier_id: carrier.id.clone(), dry_run: false, added: 0, items: Vec::new() };
    for item in requested {
        let mut row = item.row(&carrier, &owners);
        if let (ImportOutcome::Added, Requested::Valid(phone, number)) = (row.outcome, item) {
            imported.added += 1;
            let settings = DidSettings {
                label: label(phone),
                direction: import.direction,
                bot_id: import.bot_id.clone().filter(|_| import.direction.rings()),
            };
            let did = did::insert(uow, &carrier, number, settings).await?;
            uow.tx.mark_imported(&did.id, Exotel::PROVIDER).await?;
            row.did_id = Some(did.id);
        }
        imported.items.push(row);
    }
    if imported.added > 0 {
        did::many_changed(uow, &carrier).await?;
    }
    Ok(imported)
}

/// The carrier to import into; checks that it and the bot exist.
async fn target(tx: &mut Tx, account: &AccountId, import: &ExotelImport) -> Result<Carrier> {
    let settings = DidSettings { bot_id: import.bot_id.clone(), ..DidSettings::default() };
    did::check_bot(tx, account, &settings).await?;
    carrier::load(tx, account, &import.carrier_id).await.map_err(|error| match error {
        Error::NotFound(_) => {
            let message = "That carrier is gone. Choose another one.";
            Error::field("carrier_id", FieldFault::new("unknown_carrier", message))
        }
        other => other,
    })
}

/// One of the requested numbers.
enum Requested<'a> {
    /// Listed by Exotel and valid.
    Valid(&'a ExoPhone, PhoneNumber),
    /// Listed by Exotel, but not a phone number.
    Invalid(&'a ExoPhone, FieldFault),
    /// Not listed by Exotel.
    Unknown(&'a str),
}

/// Each number once, in the order of the request.
fn requested<'a>(import: &'a ExotelImport, listing: &'a Listing, carrier: &Carrier) -> Vec<Requested<'a>> {
    let listed: HashMap<&str, &ExoPhone> = listing.numbers.iter().map(|phone| (phone.number.as_str(), phone)).collect();
    let mut known = HashSet::new();
    let item = |text: &'a String| match listed.get(text.as_str()) {
        None => Requested::Unknown(text),
        Some(phone) => match parse_number(phone, carrier.settings.destination_country) {
            Ok(number) => Requested::Valid(phone, number),
            Err(fault) => Requested::Invalid(phone, fault),
        },
    };
    let key = |item: &Requested| item.number().map_or_else(|| item.text().to_owned(), |number| number.key().to_owned());
    import.numbers.iter().map(item).filter(|item| known.insert(key(item))).collect()
}

impl Requested<'_> {
    fn number(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Valid(_, number) => Some(number),
            _ => None,
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Valid(phone, _) | Self::Invalid(phone, _) => &phone.number,
            Self::Unknown(text) => text,
        }
    }

    /// The row of the result, as if every valid number without an owner were added.
    fn row(&self, carrier: &Carrier, owners: &Owners) -> ImportedNumber {
        let number = self.number();
        let owner = number.and_then(|number| owners.get(number));
        let outcome = match (self, owner) {
            (Self::Valid(..), None) => ImportOutcome::Added,
            (Self::Valid(..), Some(did)) if did.carrier_id == carrier.id => ImportOutcome::Exists,
            (Self::Valid(..), Some(_)) => ImportOutcome::Taken,
            (Self::Invalid(..), _) => ImportOutcome::Invalid,
            (Self::Unknown(_), _) => ImportOutcome::Unknown,
        };
        let (label, voice, fault) = match self {
            Self::Valid(phone, _) => (label(phone), phone.voice, None),
            Self::Invalid(phone, fault) => (label(phone), phone.voice, Some(fault.message.clone())),
            Self::Unknown(_) => (None, None, None),
        };
        ImportedNumber {
            number: self.text().to_owned(),
            e164: number.and_then(|number| number.e164()).map(str::to_owned),
            formatted: number.map_or_else(|| self.text().to_owned(), PhoneNumber::formatted),
            label: label.map(|label| label.to_string()),
            voice,
            outcome,
            did_id: owner.filter(|_| outcome == ImportOutcome::Exists).map(|did| did.id.clone()),
            carrier_id: owner.map(|did| did.carrier_id.clone()),
            carrier_name: owner.and_then(|did| owners.carrier_name(&did.carrier_id)),
            fault,
        }
    }
}
