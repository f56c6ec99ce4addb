//! Numbers of Exotel's into a carrier.

use std::collections::{HashMap, HashSet};

use api_types::{
    input::{ExotelImport, ExotelImportInput},
    view::{ExotelImported, ImportOutcome, ImportedNumber},
};
use domain::{AccountId, Carrier, DidSettings, Exotel, FieldFault, PhoneNumber, Role};
use exotel::{ExoPhone, Listing};
use store::Tx;

use super::{
    ExotelIntegration, connected,
    numbers::{Owners, label_of, number_of},
};
use crate::{Actor, Error, Result, carrier, did, unit_of_work::UnitOfWork};

impl ExotelIntegration {
    /// Adds those of the numbers that Exotel lists and nobody has yet, in one transaction; a dry run only says which.
    pub async fn import(&self, actor: &Actor, input: &ExotelImportInput) -> Result<ExotelImported> {
        actor.require(Role::Developer)?;
        let import = input.parse()?;
        let mut tx = self.context.store.read().await?;
        let exotel = connected(&mut tx, actor).await?;
        // What is wrong here is told before Exotel is asked.
        target(&mut tx, &actor.account_id, &import).await?;
        drop(tx);
        let listing = self.listing(actor, &exotel, &import.numbers).await?;
        if import.dry_run {
            let mut tx = self.context.store.read().await?;
            let carrier = target(&mut tx, &actor.account_id, &import).await?;
            let chosen = choose(&import, &listing, &carrier);
            let owners = Owners::of(&mut tx, &actor.account_id, chosen.iter().filter_map(Choice::number)).await?;
            let items: Vec<_> = chosen.iter().map(|choice| choice.row(&carrier, &owners)).collect();
            let added = items.iter().filter(|row| row.outcome == ImportOutcome::Added).count();
            return Ok(ExotelImported { dry_run: true, added: i64::try_from(added).unwrap_or(i64::MAX), items });
        }
        let input = (import, listing);
        self.context.transact(Some(actor), input, |uow, (import, listing)| Box::pin(add(uow, import, listing))).await
    }
}

async fn add(uow: &mut UnitOfWork, import: &ExotelImport, listing: &Listing) -> Result<ExotelImported> {
    let carrier = target(&mut uow.tx, &uow.account, import).await?;
    let chosen = choose(import, listing, &carrier);
    let owners = Owners::of(&mut uow.tx, &uow.account, chosen.iter().filter_map(Choice::number)).await?;
    let mut imported = ExotelImported::default();
    for choice in chosen {
        let mut row = choice.row(&carrier, &owners);
        if let (ImportOutcome::Added, Choice::Number(phone, number)) = (row.outcome, choice) {
            imported.added += 1;
            let settings = DidSettings {
                label: label_of(phone),
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
        did::carrier_changed(uow, &carrier).await?;
    }
    Ok(imported)
}

/// The carrier, and that the bot is there.
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

/// One of the numbers that were asked for.
enum Choice<'a> {
    Number(&'a ExoPhone, PhoneNumber),
    Invalid(&'a ExoPhone, FieldFault),
    Unknown(&'a str),
}

/// Each number once, in the order in which it was asked for.
fn choose<'a>(import: &'a ExotelImport, listing: &'a Listing, carrier: &Carrier) -> Vec<Choice<'a>> {
    let listed: HashMap<&str, &ExoPhone> = listing.numbers.iter().map(|phone| (phone.number.as_str(), phone)).collect();
    let mut seen = HashSet::new();
    let choice = |text: &'a String| match listed.get(text.as_str()) {
        None => Choice::Unknown(text),
        Some(phone) => match number_of(phone, carrier.settings.destination_country) {
            Ok(number) => Choice::Number(phone, number),
            Err(fault) => Choice::Invalid(phone, fault),
        },
    };
    let key =
        |choice: &Choice| choice.number().map_or_else(|| choice.text().to_owned(), |number| number.key().to_owned());
    import.numbers.iter().map(choice).filter(|choice| seen.insert(key(choice))).collect()
}

impl Choice<'_> {
    fn number(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Number(_, number) => Some(number),
            _ => None,
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Number(phone, _) | Self::Invalid(phone, _) => &phone.number,
            Self::Unknown(text) => text,
        }
    }

    /// What happens to it.
    fn row(&self, carrier: &Carrier, owners: &Owners) -> ImportedNumber {
        let number = self.number();
        let owner = number.and_then(|number| owners.get(number));
        let outcome = match (self, owner) {
            (Self::Number(..), None) => ImportOutcome::Added,
            (Self::Number(..), Some(did)) if did.carrier_id == carrier.id => ImportOutcome::Exists,
            (Self::Number(..), Some(_)) => ImportOutcome::Taken,
            (Self::Invalid(..), _) => ImportOutcome::Invalid,
            (Self::Unknown(_), _) => ImportOutcome::Unknown,
        };
        let (label, fault) = match self {
            Self::Number(phone, _) => (label_of(phone), None),
            Self::Invalid(phone, fault) => (label_of(phone), Some(fault.message.clone())),
            Self::Unknown(_) => (None, None),
        };
        ImportedNumber {
            number: self.text().to_owned(),
            e164: number.and_then(|number| number.e164()).map(str::to_owned),
            label: label.map(|label| label.to_string()),
            outcome,
            did_id: owner.filter(|_| outcome == ImportOutcome::Exists).map(|did| did.id.clone()),
            carrier_id: owner.map(|did| did.carrier_id.clone()),
            carrier_name: owner.and_then(|did| owners.carrier_name(&did.carrier_id)),
            fault,
        }
    }
}
