//! The installation's account, and the key that its secrets were sealed with.

use domain::AccountId;
use store::Store;

use crate::{Clock, Error, MasterKey, Result};

/// Name of the setting that holds the master key's fingerprint.
const KEY_SETTING: &str = "master_key_fingerprint";

/// The account; the first start creates it. Refuses a master key that is not the one of the first start.
pub(crate) async fn ensure(store: &Store, clock: &Clock, key: &MasterKey) -> Result<AccountId> {
    let mut tx = store.write().await?;
    let fingerprint = key.fingerprint();
    match tx.setting(KEY_SETTING).await? {
        Some(known) if known == fingerprint => {}
        Some(known) if known != key.previous_fingerprint() => return Err(Error::WrongMasterKey),
        _ => tx.set_setting(KEY_SETTING, &fingerprint).await?,
    }
    let account = match tx.first_account().await? {
        Some(account) => account,
        None => {
            let account = AccountId::new(clock.ulid());
            tx.insert_account(&account, "Main", clock.now()).await?;
            account
        }
    };
    tx.commit().await?;
    Ok(account)
}
