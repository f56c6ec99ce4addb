//! `/api/v1/settings/fleet` and `/api/v1/fleet/status`.

use api_types::{
    Problem,
    input::FleetInput,
    view::{FleetSettings, FleetStatus},
};
use axum::{Json, extract::State};

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller},
        problem::ApiResult,
    },
};

/// The servers of the fleet
///
/// For administrators.
#[utoipa::path(get, path = "/settings/fleet", tag = "Fleet",
    responses((status = 200, body = FleetSettings), (status = 403, body = Problem)))]
pub(super) async fn settings(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<FleetSettings>> {
    Ok(Json(state.services.fleet_servers.settings(&actor).await?))
}

/// Replace the servers of the fleet
///
/// An entry is a base URL or an object. A server with the same URL stays the same row, and what the entry leaves out stays as
/// it is. With a `version` that is not the current one: 409 with the current list. For administrators.
#[utoipa::path(put, path = "/settings/fleet", tag = "Fleet", request_body = FleetInput,
    responses((status = 200, body = FleetSettings), (status = 403, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn save(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<FleetInput>,
) -> ApiResult<Json<FleetSettings>> {
    Ok(Json(state.services.fleet_servers.save(&actor, &input).await?))
}

/// Capacity and load of the fleet
///
/// As each enabled server was polled last by this server process, which happens every few seconds. For administrators.
#[utoipa::path(get, path = "/fleet/status", tag = "Fleet",
    responses((status = 200, body = FleetStatus), (status = 403, body = Problem)))]
pub(super) async fn status(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<FleetStatus>> {
    Ok(Json(state.services.fleet_servers.status(&actor).await?))
}
