//! What this version writes to LiveKit for the same rows, unlike an earlier one.

use std::sync::Arc;

use tracing::info;

use crate::{Result, context::Context, unit_of_work::UnitOfWork};

/// Name of the setting that holds the format in which LiveKit's objects were written last.
const SETTING: &str = "livekit_format";
/// Inbound trunks have `headers_to_attributes`.
const FORMAT: &str = "headers_to_attributes";

/// Requests a sync of every carrier, once for each database, where its objects were written by a version that wrote them
/// differently.
pub(crate) async fn sync_all(context: &Arc<Context>) -> Result<()> {
    if context.store.read().await?.setting(SETTING).await?.as_deref() == Some(FORMAT) {
        return Ok(());
    }
    context.transact(None, (), |uow, ()| Box::pin(request_all(uow))).await
}

async fn request_all(uow: &mut UnitOfWork) -> Result<()> {
    let names = uow.tx.all_carrier_names(&uow.account).await?;
    if !names.is_empty() {
        info!(carriers = names.len(), "this version writes LiveKit's objects differently: all carriers are synced");
    }
    for (id, name) in names {
        uow.request_sync(&id, &name).await?;
    }
    Ok(uow.tx.set_setting(SETTING, FORMAT).await?)
}
