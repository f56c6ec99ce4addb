#[cfg(feature = "ssr")]
use api_types::view::{CarrierPage, CarrierQuery};
use api_types::{Problem, input::CarrierInput, view::CarrierView};
use domain::CarrierId;

use super::http;

const PATH: &str = "/api/v1/carriers";

/// Only on the server, which renders the list.
#[cfg(feature = "ssr")]
pub async fn list(query: CarrierQuery) -> Result<CarrierPage, Problem> {
    let (services, actor) = super::server::caller()?;
    Ok(services.carriers.list(&actor, &query).await?)
}

pub async fn get(id: CarrierId) -> Result<CarrierView, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller()?;
        Ok(services.carriers.get(&actor, &id).await?)
    }
    #[cfg(not(feature = "ssr"))]
    http::get(&format!("{PATH}/{id}")).await
}

pub async fn create(input: CarrierInput) -> Result<CarrierView, Problem> {
    http::send("POST", PATH, &input).await
}

pub async fn update(id: CarrierId, input: CarrierInput) -> Result<CarrierView, Problem> {
    http::send("PUT", &format!("{PATH}/{id}"), &input).await
}
