use api_types::{
    input::ApiKeyInput,
    view::{ApiKeyCreated, ApiKeyPage, ApiKeyView},
};
use domain::ApiKeyId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "api_keys/list", input = Json, output = Json)]
pub async fn list_api_keys() -> Result<ApiKeyPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.api_keys.list(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "api_keys/get", input = Json, output = Json)]
pub async fn get_api_key(id: ApiKeyId) -> Result<ApiKeyView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.api_keys.get(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "api_keys/create", input = Json, output = Json)]
pub async fn create_api_key(#[server(flatten)] input: ApiKeyInput) -> Result<ApiKeyCreated, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.api_keys.create(&actor, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "api_keys/update", input = Json, output = Json)]
pub async fn update_api_key(
    id: ApiKeyId,
    #[server(flatten)] input: ApiKeyInput,
) -> Result<ApiKeyView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.api_keys.update(&actor, &id, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "api_keys/delete", input = Json, output = Json)]
pub async fn delete_api_key(id: ApiKeyId) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.api_keys.delete(&actor, &id).await?)
}

impl FormFn for CreateApiKey {
    type Input = ApiKeyInput;
}

impl FormFn for UpdateApiKey {
    type Input = ApiKeyInput;
}

impl FormFn for DeleteApiKey {
    type Input = ();
}
