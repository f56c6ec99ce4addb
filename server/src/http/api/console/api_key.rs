//! `/api/v1/api-keys…`.

use api_types::{
    Problem,
    input::ApiKeyInput,
    view::{ApiKeyCreated, ApiKeyPage, ApiKeyView},
};
use axum::{Json, extract::State, http::StatusCode};
use domain::ApiKeyId;

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id},
        problem::ApiResult,
    },
};

/// List the API keys
#[utoipa::path(get, path = "/api-keys", tag = "API keys", responses((status = 200, body = ApiKeyPage)))]
pub(super) async fn list(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ApiKeyPage>> {
    Ok(Json(state.services.api_keys.list(&actor).await?))
}

/// One API key
#[utoipa::path(get, path = "/api-keys/{id}", tag = "API keys", params(("id" = ApiKeyId, Path)),
    responses((status = 200, body = ApiKeyView), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<ApiKeyId>,
) -> ApiResult<Json<ApiKeyView>> {
    Ok(Json(state.services.api_keys.get(&actor, &id).await?))
}

/// Create an API key
///
/// The response alone contains the key: only its hash is stored. So an `Idempotency-Key` has no effect here. If the response
/// was lost, delete the key and create another one. An expiry in the past makes a key that has expired.
#[utoipa::path(post, path = "/api-keys", tag = "API keys", request_body = ApiKeyInput,
    responses((status = 201, body = ApiKeyCreated), (status = 422, body = Problem)))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<ApiKeyInput>,
) -> ApiResult<(StatusCode, Json<ApiKeyCreated>)> {
    Ok((StatusCode::CREATED, Json(state.services.api_keys.create(&actor, &input).await?)))
}

/// Change an API key
///
/// What the body leaves out stays. It has effect at once, on all servers: requests with a key that is inactive, has expired,
/// or does not allow their address are refused, and its event streams end. With a `version` that is not the current one: 409
/// with the current key.
#[utoipa::path(patch, path = "/api-keys/{id}", tag = "API keys", params(("id" = ApiKeyId, Path)),
    request_body = ApiKeyInput,
    responses((status = 200, body = ApiKeyView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<ApiKeyId>,
    Body(input): Body<ApiKeyInput>,
) -> ApiResult<Json<ApiKeyView>> {
    Ok(Json(state.services.api_keys.update(&actor, &id, &input).await?))
}

/// Delete an API key
///
/// Requests with it are refused at once, on all servers, and its event streams end.
#[utoipa::path(delete, path = "/api-keys/{id}", tag = "API keys", params(("id" = ApiKeyId, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<ApiKeyId>,
) -> ApiResult<StatusCode> {
    state.services.api_keys.delete(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
