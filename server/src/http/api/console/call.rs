//! `/api/v1/calls…` and `/api/v1/settings/calls`.

use api_types::{
    Problem,
    input::{CallQuery, CallReplayQuery, CallSettingsInput},
    view::{CallDetail, CallPage, CallReplay, CallSettings},
};
use axum::{Json, extract::State};
use domain::CallId;

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id, Params},
        problem::ApiResult,
    },
};

/// The calls, the newest first
///
/// 422 for an invalid filter.
#[utoipa::path(get, path = "/calls", tag = "Calls", params(CallQuery),
    responses((status = 200, body = CallPage), (status = 422, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<CallQuery>,
) -> ApiResult<Json<CallPage>> {
    Ok(Json(state.services.calls.list(&actor, &query).await?))
}

/// One call with its history
#[utoipa::path(get, path = "/calls/{id}", tag = "Calls", params(("id" = CallId, Path)),
    responses((status = 200, body = CallDetail), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CallId>,
) -> ApiResult<Json<CallDetail>> {
    Ok(Json(state.services.calls.get(&actor, &id).await?))
}

/// Why a call was rejected
///
/// LiveKit's matching of the call, step by step, on the desired state and on the one that LiveKit has. Where LiveKit does not
/// answer, `observed_error` says so.
#[utoipa::path(get, path = "/calls/why", tag = "Calls", params(CallReplayQuery),
    responses((status = 200, body = CallReplay), (status = 422, body = Problem)))]
pub(super) async fn why(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<CallReplayQuery>,
) -> ApiResult<Json<CallReplay>> {
    Ok(Json(state.services.calls.replay(&actor, &query).await?))
}

/// How long calls are kept
#[utoipa::path(get, path = "/settings/calls", tag = "Calls", responses((status = 200, body = CallSettings)))]
pub(super) async fn settings(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<CallSettings>> {
    Ok(Json(state.services.calls.settings(&actor).await?))
}

/// Change how long calls are kept
///
/// What the body leaves out stays. Requires the role admin.
#[utoipa::path(put, path = "/settings/calls", tag = "Calls", request_body = CallSettingsInput,
    responses((status = 200, body = CallSettings), (status = 422, body = Problem)))]
pub(super) async fn update_settings(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<CallSettingsInput>,
) -> ApiResult<Json<CallSettings>> {
    Ok(Json(state.services.calls.update_settings(&actor, &input).await?))
}
