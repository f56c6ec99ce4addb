//! The carrier is `id` and the DID `did_id`, as in the paths of `/api/v1`.

use api_types::{
    input::{AccountDidBulkInput, AccountDidQuery, DidBulkInput, DidInput, DidQuery},
    view::{AccountDidPage, DidBulkResult, DidPage, DidView},
};
use domain::{CarrierId, DidId};
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "dids/list", input = Json, output = Json)]
pub async fn list_dids(id: CarrierId, #[server(flatten)] query: DidQuery) -> Result<DidPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.dids.page(&actor, &id, &query).await?)
}

#[server(prefix = "/api/fn", endpoint = "dids/get", input = Json, output = Json)]
pub async fn get_did(id: CarrierId, did_id: DidId) -> Result<DidView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.dids.get(&actor, &id, &did_id).await?)
}

#[server(prefix = "/api/fn", endpoint = "dids/add", input = Json, output = Json)]
pub async fn add_did(id: CarrierId, #[server(flatten)] input: DidInput) -> Result<DidView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.dids.add(&actor, &id, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "dids/update", input = Json, output = Json)]
pub async fn update_did(
    id: CarrierId,
    did_id: DidId,
    #[server(flatten)] input: DidInput,
) -> Result<DidView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.dids.update(&actor, &id, &did_id, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "dids/remove", input = Json, output = Json)]
pub async fn remove_did(id: CarrierId, did_id: DidId) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.dids.remove(&actor, &id, &did_id).await?)
}

/// Changes many DIDs of the carrier.
#[server(prefix = "/api/fn", endpoint = "dids/bulk", input = Json, output = Json)]
pub async fn bulk_dids(
    id: CarrierId,
    #[server(flatten)] input: DidBulkInput,
) -> Result<DidBulkResult, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.dids.bulk(&actor, &id, &input).await?)
}

/// The numbers of all carriers.
#[server(prefix = "/api/fn", endpoint = "dids/list-all", input = Json, output = Json)]
pub async fn list_all_dids(#[server(flatten)] query: AccountDidQuery) -> Result<AccountDidPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.dids.list(&actor, &query).await?)
}

/// Changes many DIDs of any carriers.
#[server(prefix = "/api/fn", endpoint = "dids/bulk-all", input = Json, output = Json)]
pub async fn bulk_all_dids(#[server(flatten)] input: AccountDidBulkInput) -> Result<DidBulkResult, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.dids.bulk_of_account(&actor, &input).await?)
}

impl FormFn for AddDid {
    type Input = DidInput;
}

impl FormFn for UpdateDid {
    type Input = DidInput;
}

impl FormFn for RemoveDid {
    type Input = ();
}

impl FormFn for BulkAllDids {
    type Input = AccountDidBulkInput;
}

impl FormFn for BulkDids {
    type Input = DidBulkInput;
}
