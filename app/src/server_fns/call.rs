use api_types::{
    input::{CallQuery, CallReplayQuery, CallSettingsInput},
    view::{CallDetail, CallFilters, CallPage, CallReplay, CallSettings},
};
use domain::CallId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "calls/list", input = Json, output = Json)]
pub async fn list_calls(#[server(flatten)] query: CallQuery) -> Result<CallPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.calls.list(&actor, &query).await?)
}

#[server(prefix = "/api/fn", endpoint = "calls/filters", input = Json, output = Json)]
pub async fn get_call_filters() -> Result<CallFilters, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.calls.filters(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "calls/get", input = Json, output = Json)]
pub async fn get_call(id: CallId) -> Result<CallDetail, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.calls.get(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "calls/why", input = Json, output = Json)]
pub async fn replay_call(#[server(flatten)] query: CallReplayQuery) -> Result<CallReplay, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.calls.replay(&actor, &query).await?)
}

#[server(prefix = "/api/fn", endpoint = "calls/settings", input = Json, output = Json)]
pub async fn get_call_settings() -> Result<CallSettings, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.calls.settings(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "calls/update-settings", input = Json, output = Json)]
pub async fn update_call_settings(
    #[server(flatten)] input: CallSettingsInput,
) -> Result<CallSettings, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.calls.update_settings(&actor, &input).await?)
}

impl FormFn for UpdateCallSettings {
    type Input = CallSettingsInput;
}
