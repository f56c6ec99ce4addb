//! The installation's account.

use domain::AccountId;
use store::Store;

use crate::{Clock, Result};

/// Finds it, or makes it at the first start.
pub(crate) async fn ensure(store: &Store, clock: &Clock) -> Result<AccountId> {
    let mut tx = store.write().await?;
    if let Some(account) = tx.first_account().await? {
        return Ok(account);
    }
    let account = AccountId::new(clock.ulid());
    tx.insert_account(&account, "Main", clock.now()).await?;
    tx.commit().await?;
    Ok(account)
}
