//! The settings of the account's edge: one row, which exists from its first change on.

use api_types::view::EdgeView;
use domain::{
    AccountId, Action, EdgeSettingsId,
    edge::{EdgeInput, EdgeNoun, EdgeObject, EdgeSettings, EdgeSettingsInput},
};
use store::Tx;

use super::object::{EdgeObjects, change, insert, read_view};
use crate::{Actor, Error, Result, unit_of_work::UnitOfWork};

impl EdgeObjects {
    /// The settings; version 0 until they are changed for the first time.
    pub async fn settings(&self, actor: &Actor) -> Result<EdgeView<EdgeSettings>> {
        actor.require(Action::ReadEdge)?;
        let mut tx = self.context.store.read().await?;
        let (settings, _) = load(&mut tx, &actor.account_id).await?;
        read_view(&mut tx, &settings).await
    }

    /// Absent fields keep their value.
    ///
    /// # Errors
    /// [`Error::Stale`] where the input names another version than the current one.
    pub async fn update_settings(&self, actor: &Actor, input: &EdgeSettingsInput) -> Result<EdgeView<EdgeSettings>> {
        actor.require(EdgeSettings::MANAGE)?;
        self.context.transact(Some(actor), input.clone(), |uow, input| Box::pin(update(uow, input))).await
    }
}

/// The settings, and whether they have a row.
async fn load(tx: &mut Tx, account: &AccountId) -> Result<(EdgeObject<EdgeSettings>, bool)> {
    // One row for each account, whichever server writes it first.
    let id = EdgeSettingsId::new(account.ulid());
    let stored = tx.edge_object(account, &id).await?;
    let is_stored = stored.is_some();
    let settings = stored.unwrap_or_else(|| EdgeObject {
        id,
        account_id: account.clone(),
        settings: EdgeSettings::default(),
        created_at: domain::Timestamp::default(),
        updated_at: domain::Timestamp::default(),
        version: 0,
    });
    Ok((settings, is_stored))
}

async fn update(uow: &mut UnitOfWork, input: &EdgeSettingsInput) -> Result<EdgeView<EdgeSettings>> {
    let (current, is_stored) = load(&mut uow.tx, &uow.account).await?;
    let is_current = input.version()?.is_none_or(|expected| expected == current.version);
    if is_stored || !is_current {
        return change(uow, &current, input).await;
    }
    let settings = input.parse(Some(&current.settings)).map_err(Error::from)?;
    let now = uow.now();
    let first = EdgeObject { settings, created_at: now, updated_at: now, version: 1, ..current };
    insert(uow, &first, None).await
}
