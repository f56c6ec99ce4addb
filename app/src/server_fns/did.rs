//! The carrier is `id` and the DID `did_id`, as in the paths of `/api/v1`.

use api_types::{input::DidInput, view::DidView};
use domain::{CarrierId, DidId};
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

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

impl FormFn for AddDid {
    type Input = DidInput;
}

impl FormFn for UpdateDid {
    type Input = DidInput;
}

impl FormFn for RemoveDid {
    type Input = ();
}
