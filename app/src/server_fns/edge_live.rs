use api_types::view::{CacResetView, CacView, RegistrationPage, TraceView};
use domain::CallId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "edge/live", input = Json, output = Json)]
pub async fn get_live() -> Result<CacView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.cac().live(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "edge/reset", input = Json, output = Json)]
pub async fn reset_live() -> Result<CacResetView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.cac().reset(Some(&actor)).await?)
}

#[server(prefix = "/api/fn", endpoint = "edge/registrations", input = Json, output = Json)]
pub async fn list_registrations(q: String, cursor: String) -> Result<RegistrationPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.cac().registrations(&actor, &q, &cursor).await?)
}

/// None where the call did not pass the SIP edge.
#[server(prefix = "/api/fn", endpoint = "edge/trace", input = Json, output = Json)]
pub async fn get_call_trace(id: CallId) -> Result<Option<TraceView>, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    match services.edge.cac().trace_of(&actor, &id).await {
        Ok(trace) => Ok(Some(trace)),
        Err(services::Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl FormFn for ResetLive {
    type Input = ();
}
