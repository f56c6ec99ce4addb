//! Numbers that an earlier version stored, which read some spellings differently.

use std::sync::Arc;

use domain::{Carrier, Did, PhoneNumber};
use tracing::{info, warn};

use crate::{Result, context::Context, unit_of_work::UnitOfWork};

/// Name of the setting that holds what parsed the stored numbers.
const SETTING: &str = "phone_number_parser";
const PARSER: &str = "libphonenumber";

/// Parses every stored number again, once for each database: `+9102267890123` becomes `+912267890123`.
///
/// A number stays as it is where it has no certain reading today, or where another row already has the number that it would
/// become; both are logged. The carriers of changed numbers are synced.
pub(crate) async fn reparse(context: &Arc<Context>) -> Result<()> {
    if context.store.read().await?.setting(SETTING).await?.as_deref() == Some(PARSER) {
        return Ok(());
    }
    context.transact(None, (), |uow, ()| Box::pin(reparse_all(uow))).await
}

async fn reparse_all(uow: &mut UnitOfWork) -> Result<()> {
    let names = uow.tx.all_carrier_names(&uow.account).await?;
    for (id, name) in names {
        let Some(carrier) = uow.tx.carrier(&uow.account, &id).await? else { continue };
        let mut changed = false;
        for did in uow.tx.dids_of(std::slice::from_ref(&id)).await? {
            changed |= reparse_one(uow, &carrier, &did).await?;
        }
        if changed {
            uow.request_sync(&id, &name).await?;
        }
    }
    Ok(uow.tx.set_setting(SETTING, PARSER).await?)
}

/// Whether the row has changed.
async fn reparse_one(uow: &mut UnitOfWork, carrier: &Carrier, did: &Did) -> Result<bool> {
    let stored = &did.number;
    let (name, number) = (carrier.settings.name.as_str(), stored.number());
    let parsed = match PhoneNumber::parse(number, carrier.settings.destination_country) {
        Ok(parsed) if parsed == *stored => return Ok(false),
        Ok(parsed) if parsed.e164().is_some() || stored.e164().is_none() => parsed,
        _ => {
            warn!(carrier = name, number, "no valid number of the carrier's country; it stays as it was stored");
            return Ok(false);
        }
    };
    let owner = uow.tx.did_by_number(&uow.account, &parsed).await?;
    if owner.is_some_and(|owner| owner.id != did.id) {
        let same = parsed.canonical();
        warn!(carrier = name, number, same, "another row has this number; remove one of the two");
        return Ok(false);
    }
    uow.tx.renumber_did(&did.id, &parsed).await?;
    info!(carrier = name, before = stored.canonical(), after = parsed.canonical(), "number parsed again");
    Ok(true)
}
