//! Numbers that another number's spelling may be confused with.

use std::collections::BTreeSet;

use api_types::view::{ChangeKind, ChangedNoun};
use domain::{AccountId, Carrier, Country, PhoneNumber, livekit::guessed_keys};
use store::Tx;

use crate::{Result, unit_of_work::UnitOfWork};

/// Numbers whose spellings are computed between two statements.
const CHUNK: usize = 200;

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

/// Requests a sync of the other carriers on whose trunks a guessed spelling equals one of these numbers: it has been added, so
/// that the guess has to go, or removed, so that the guess may return.
pub(crate) async fn sync_guessing_carriers(
    uow: &mut UnitOfWork,
    owner: &Carrier,
    numbers: &[&PhoneNumber],
) -> Result<()> {
    let keys: BTreeSet<&str> =
        numbers.iter().filter(|number| number.e164().is_some()).map(|number| number.key()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let countries = uow.tx.carrier_countries(&uow.account).await?;
    let mut carriers = BTreeSet::new();
    for chunk in keys.iter().copied().collect::<Vec<_>>().chunks(CHUNK) {
        let possible: BTreeSet<String> = chunk.iter().flat_map(|key| possible_keys(key, &countries)).collect();
        let others: Vec<String> = possible.into_iter().filter(|key| !keys.contains(key.as_str())).collect();
        let dids = uow.tx.dids_by_keys(&uow.account, &others).await?;
        carriers.extend(dids.into_iter().map(|did| did.carrier_id).filter(|id| *id != owner.id));
    }
    for id in carriers {
        let Some(carrier) = uow.tx.carrier(&uow.account, &id).await? else { continue };
        let dids = uow.tx.dids_of(std::slice::from_ref(&id)).await?;
        if guessed_keys(&carrier, &dids).iter().any(|key| keys.contains(key.as_str())) {
            uow.request_sync(&id, carrier.settings.name.as_str()).await?;
            uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, &id);
        }
    }
    Ok(())
}
