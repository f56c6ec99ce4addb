use api_types::{
    input::FleetServerInput,
    view::{FleetOverview, FleetServerView},
};
use domain::FleetServerId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "fleet/overview", input = Json, output = Json)]
pub async fn get_fleet() -> Result<FleetOverview, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.fleet_servers.overview(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "fleet/create", input = Json, output = Json)]
pub async fn create_fleet_server(
    #[server(flatten)] input: FleetServerInput,
) -> Result<FleetServerView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.fleet_servers.create(&actor, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "fleet/update", input = Json, output = Json)]
pub async fn update_fleet_server(
    id: FleetServerId,
    #[server(flatten)] input: FleetServerInput,
) -> Result<FleetServerView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.fleet_servers.update(&actor, &id, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "fleet/delete", input = Json, output = Json)]
pub async fn delete_fleet_server(id: FleetServerId) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.fleet_servers.delete(&actor, &id).await?)
}

impl FormFn for CreateFleetServer {
    type Input = FleetServerInput;
}

impl FormFn for UpdateFleetServer {
    type Input = FleetServerInput;
}

impl FormFn for DeleteFleetServer {
    type Input = ();
}
