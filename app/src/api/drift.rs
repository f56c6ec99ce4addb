use api_types::{
    Problem,
    input::AdoptInput,
    view::{AdoptView, DriftView},
};
use domain::CarrierId;

use super::server::caller;

pub async fn get(carrier: CarrierId) -> Result<DriftView, Problem> {
    let (services, actor) = caller()?;
    Ok(services.drift.report(&actor, &carrier).await?)
}

/// The dry run of an adoption.
pub async fn preview(carrier: CarrierId, input: AdoptInput) -> Result<AdoptView, Problem> {
    let (services, actor) = caller()?;
    Ok(services.drift.adopt(&actor, &carrier, &input).await?)
}
