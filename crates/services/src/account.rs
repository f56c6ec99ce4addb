//! The installation's account, and the key that its secrets were sealed with.

use std::sync::Arc;

use domain::{AccountId, AuditAction};
use live_state::LiveState;
use store::Store;

use crate::{
    Clock, Error, Events, MasterKey, Result, Timing,
    context::Context,
    edge::journal::Journal,
    snapshot::AccountSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// Name of the setting that holds the master key's fingerprint.
const KEY_SETTING: &str = "master_key_fingerprint";
const NAME: &str = "Main";

/// The context of the installation's account, which the first start creates. Refuses a master key that is not the one of the
/// first start.
pub(crate) async fn ensure(
    store: Store,
    clock: Clock,
    events: Events,
    live: Arc<dyn LiveState>,
    journal: Journal,
    timing: Timing,
    key: &MasterKey,
) -> Result<Arc<Context>> {
    let known = store.read().await?.first_account().await?;
    let id = known.unwrap_or_else(|| AccountId::new(clock.ulid()));
    let context = Arc::new(Context::new(store, clock, id.clone(), events, live, journal, timing));
    let account = context.transact(None, key.clone(), |uow, key| Box::pin(ensure_in(uow, key))).await?;
    if account == id {
        return Ok(context);
    }
    // Another server has made the first start meanwhile, with an account of its own.
    let Context { store, clock, events, live, journal, .. } = &*context;
    let (live, journal) = (live.clone(), journal.clone());
    Ok(Arc::new(Context::new(store.clone(), clock.clone(), account, events.clone(), live, journal, timing)))
}

async fn ensure_in(uow: &mut UnitOfWork, key: &MasterKey) -> Result<AccountId> {
    let fingerprint = key.fingerprint();
    match uow.tx.setting(KEY_SETTING).await? {
        Some(known) if known == fingerprint => {}
        Some(known) if known != key.previous_fingerprint() => return Err(Error::WrongMasterKey),
        _ => uow.tx.set_setting(KEY_SETTING, &fingerprint).await?,
    }
    if let Some(account) = uow.tx.first_account().await? {
        return Ok(account);
    }
    let (account, now) = (uow.account.clone(), uow.now());
    uow.tx.insert_account(&account, NAME, now).await?;
    let (action, after) = (AuditAction::Created, Some(AccountSnapshot { name: NAME }));
    uow.audit(Entry { action, subject_id: account.as_str(), subject_name: NAME, before: None, after }).await?;
    Ok(account)
}
