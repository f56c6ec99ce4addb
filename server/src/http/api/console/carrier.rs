//! `/api/v1/carriers…`.

use api_types::{
    Problem,
    input::CarrierInput,
    view::{CarrierPage, CarrierQuery, CarrierView},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use domain::{CarrierId, SyncStatus};

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id, Params},
        idempotency::IdempotencyKey,
        problem::ApiResult,
    },
};

/// List the carriers
#[utoipa::path(get, path = "/carriers", tag = "Carriers", params(CarrierQuery),
    responses((status = 200, body = CarrierPage), (status = 422, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<CarrierQuery>,
) -> ApiResult<Json<CarrierPage>> {
    Ok(Json(state.services.carriers.list(&actor, &query).await?))
}

/// One carrier with its numbers
#[utoipa::path(get, path = "/carriers/{id}", tag = "Carriers", params(("id" = CarrierId, Path)),
    responses((status = 200, body = CarrierView), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
) -> ApiResult<Json<CarrierView>> {
    Ok(Json(state.services.carriers.get(&actor, &id).await?))
}

/// Add a carrier
///
/// `name` and `sip_address` are required. Its LiveKit trunks are created in the background.
#[utoipa::path(post, path = "/carriers", tag = "Carriers", params(IdempotencyKey), request_body = CarrierInput,
    responses((status = 201, body = CarrierView, headers(("location" = String, description = "The carrier's address"))),
              (status = 422, body = Problem)))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<CarrierInput>,
) -> ApiResult<(StatusCode, [(HeaderName, String); 1], Json<CarrierView>)> {
    let carrier = state.services.carriers.create(&actor, &input).await?;
    let location = format!("/api/v1/carriers/{}", carrier.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(carrier)))
}

/// Change a carrier
///
/// What the body leaves out stays; null or blank clears it, except for `auth_password`, which only a new one replaces.
/// With a `version` that is not the current one: 409 with the current carrier.
#[utoipa::path(put, path = "/carriers/{id}", tag = "Carriers", params(("id" = CarrierId, Path)), request_body = CarrierInput,
    responses((status = 200, body = CarrierView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
    Body(input): Body<CarrierInput>,
) -> ApiResult<Json<CarrierView>> {
    Ok(Json(state.services.carriers.update(&actor, &id, &input).await?))
}

/// Delete a carrier
///
/// With its numbers and its LiveKit objects; the latter once LiveKit is reachable. 409 while the SIP edge names it, as in an
/// outbound route.
#[utoipa::path(delete, path = "/carriers/{id}", tag = "Carriers", params(("id" = CarrierId, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
) -> ApiResult<StatusCode> {
    state.services.carriers.delete(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sync a carrier to LiveKit now
///
/// Waits for the outcome.
#[utoipa::path(post, path = "/carriers/{id}/sync", tag = "Carriers", params(("id" = CarrierId, Path)),
    responses((status = 200, body = CarrierView, description = "Synced"),
              (status = 202, body = CarrierView, description = "The sync is still running"),
              (status = 404, body = Problem),
              (status = 502, body = Problem, description = "The sync failed; `current` is the carrier")))]
pub(super) async fn sync(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
) -> ApiResult<(StatusCode, Json<CarrierView>)> {
    let carrier = state.services.carriers.sync(&actor, &id).await?;
    let synced = carrier.lk_sync_status == SyncStatus::Synced;
    Ok((if synced { StatusCode::OK } else { StatusCode::ACCEPTED }, Json(carrier)))
}
