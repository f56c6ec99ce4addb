use api_types::{
    input::CarrierInput,
    view::{CarrierPage, CarrierQuery, CarrierView},
};
use domain::CarrierId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "carriers/list", input = Json, output = Json)]
pub async fn list_carriers(#[server(flatten)] query: CarrierQuery) -> Result<CarrierPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.carriers.list(&actor, &query).await?)
}

/// Without its DIDs, which pages read by `list_dids`.
#[server(prefix = "/api/fn", endpoint = "carriers/get", input = Json, output = Json)]
pub async fn get_carrier(id: CarrierId) -> Result<CarrierView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.carriers.get_without_dids(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "carriers/create", input = Json, output = Json)]
pub async fn create_carrier(#[server(flatten)] input: CarrierInput) -> Result<CarrierView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.carriers.create(&actor, &input).await?)
}

/// Answers the carrier without its DIDs.
#[server(prefix = "/api/fn", endpoint = "carriers/update", input = Json, output = Json)]
pub async fn update_carrier(
    id: CarrierId,
    #[server(flatten)] input: CarrierInput,
) -> Result<CarrierView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    let carrier = services.carriers.update(&actor, &id, &input).await?;
    Ok(CarrierView { dids: Vec::new(), ..carrier })
}

#[server(prefix = "/api/fn", endpoint = "carriers/delete", input = Json, output = Json)]
pub async fn delete_carrier(id: CarrierId) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.carriers.delete(&actor, &id).await?)
}

/// Waits for the sync. Its outcome is in the carrier, also where LiveKit failed. Without its DIDs.
#[server(prefix = "/api/fn", endpoint = "carriers/sync", input = Json, output = Json)]
pub async fn sync_carrier(id: CarrierId) -> Result<CarrierView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    let carrier = match services.carriers.sync(&actor, &id).await {
        Err(services::Error::SyncFailed(carrier)) => *carrier,
        outcome => outcome?,
    };
    Ok(CarrierView { dids: Vec::new(), ..carrier })
}

impl FormFn for CreateCarrier {
    type Input = CarrierInput;
}

impl FormFn for UpdateCarrier {
    type Input = CarrierInput;
}

impl FormFn for DeleteCarrier {
    type Input = ();
}

impl FormFn for SyncCarrier {
    type Input = ();
}
