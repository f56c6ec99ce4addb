//! Numbers that another number's spelling may be confused with.

use std::collections::BTreeSet;

use domain::{AccountId, Carrier, Country, PhoneNumber, livekit::guessed_keys};
use store::Tx;

use crate::{Result, unit_of_work::UnitOfWork};

/// The keys of the account's E.164 numbers that equal a guessed spelling of these keys. Reads only the rows with these keys.
pub(crate) async fn e164_keys(
    tx: &mut Tx,
    account: &AccountId,
    guesses: BTreeSet<String>,
) -> store::Result<BTreeSet<String>> {
    let guesses: Vec<String> = guesses.into_iter().collect();
    let dids = tx.dids_by_keys(account, &guesses).await?;
    Ok(dids.into_iter().filter(|did| did.number.e164().is_some()).map(|did| did.number.key().to_owned()).collect())
}

/// Every key that the text may mean: as it stands, and as a carrier of each of these countries would write it.
pub(crate) fn possible_keys(text: &str, countries: &[Country]) -> BTreeSet<String> {
    [None]
        .into_iter()
        .chain(countries.iter().copied().map(Some))
        .filter_map(|country| PhoneNumber::parse(text, country).ok())
        .map(|number| number.key().to_owned())
        .collect()
}

/// Requests a sync of the other carriers on whose trunks a guessed spelling equals the number: it has been added, so that
/// the guess has to go, or removed, so that the guess may return.
pub(crate) async fn sync_guessing_carriers(uow: &mut UnitOfWork, owner: &Carrier, number: &PhoneNumber) -> Result<()> {
    if number.e164().is_none() {
        return Ok(());
    }
    let countries = uow.tx.carrier_countries(&uow.account).await?;
    let mut keys = possible_keys(number.key(), &countries);
    keys.remove(number.key());
    let keys: Vec<String> = keys.into_iter().collect();
    let dids = uow.tx.dids_by_keys(&uow.account, &keys).await?;
    let carriers: BTreeSet<_> = dids.into_iter().map(|did| did.carrier_id).filter(|id| *id != owner.id).collect();
    for id in carriers {
        let Some(carrier) = uow.tx.carrier(&uow.account, &id).await? else { continue };
        let dids = uow.tx.dids_of(std::slice::from_ref(&id)).await?;
        if guessed_keys(&carrier, &dids).contains(number.key()) {
            uow.request_sync(&id, carrier.settings.name.as_str()).await?;
        }
    }
    Ok(())
}
