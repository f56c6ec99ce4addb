use api_types::{
    input::{AdoptInput, ApplyInput},
    view::{AdoptView, DriftView, OrphansView},
};
use domain::CarrierId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "drift/report", input = Json, output = Json)]
pub async fn drift_report(id: CarrierId) -> Result<DriftView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.drift.report(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "drift/apply", input = Json, output = Json)]
pub async fn apply_drift(id: CarrierId, #[server(flatten)] input: ApplyInput) -> Result<DriftView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.drift.apply(&actor, &id, &input).await?)
}

/// Adopts a trunk, or with `dry_run` says what that would do.
#[server(prefix = "/api/fn", endpoint = "drift/adopt", input = Json, output = Json)]
pub async fn adopt_trunk(id: CarrierId, #[server(flatten)] input: AdoptInput) -> Result<AdoptView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.drift.adopt(&actor, &id, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "drift/remove_orphans", input = Json, output = Json)]
pub async fn remove_orphans(#[server(flatten)] input: ApplyInput) -> Result<OrphansView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.drift.remove_orphans(&actor, &input).await?)
}

impl FormFn for ApplyDrift {
    type Input = ApplyInput;
}

impl FormFn for AdoptTrunk {
    type Input = AdoptInput;
}

impl FormFn for RemoveOrphans {
    type Input = ApplyInput;
}
