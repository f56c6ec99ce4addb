//! Calls of the SIP edge on the console: what is open now, traces, registrations.

use api_types::{
    Problem,
    view::{CacResetView, CacView, RegistrationPage, TraceView},
};
use axum::{Json, extract::State};
use domain::CallId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::{
    AppState,
    shared::{
        extract::{Caller, Id, Params},
        problem::ApiResult,
    },
};

/// Which registrations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
#[derive(Default)]
pub(super) struct RegistrationQuery {
    /// Part of the address of record.
    q: String,
    /// `next_cursor` of the page before.
    cursor: String,
}

/// Open calls of the SIP edge, and their counters
#[utoipa::path(get, path = "/edge/live", tag = "Edge",
    responses((status = 200, body = CacView), (status = 503, body = Problem)))]
pub(super) async fn live(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<CacView>> {
    Ok(Json(state.services.edge.cac().live(&actor).await?))
}

/// Count no open call any more
///
/// For counters that are stuck. The calls go on.
#[utoipa::path(post, path = "/edge/live/reset", tag = "Edge", operation_id = "reset_live_calls",
    responses((status = 200, body = CacResetView), (status = 503, body = Problem)))]
pub(super) async fn reset(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<CacResetView>> {
    Ok(Json(state.services.edge.cac().reset(Some(&actor)).await?))
}

/// The registrations of the SIP edge, by address of record
#[utoipa::path(get, path = "/edge/registrations", tag = "Edge", params(RegistrationQuery),
    responses((status = 200, body = RegistrationPage)))]
pub(super) async fn registrations(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<RegistrationQuery>,
) -> ApiResult<Json<RegistrationPage>> {
    Ok(Json(state.services.edge.cac().registrations(&actor, &query.q, &query.cursor).await?))
}

/// The steps of a call at the SIP edge, in order
///
/// None for a call that did not pass the edge.
#[utoipa::path(get, path = "/calls/{id}/trace", tag = "Calls", params(("id" = CallId, Path)),
    responses((status = 200, body = TraceView), (status = 404, body = Problem)))]
pub(super) async fn trace(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CallId>,
) -> ApiResult<Json<TraceView>> {
    Ok(Json(state.services.edge.cac().trace_of(&actor, &id).await?))
}
