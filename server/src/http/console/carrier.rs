//! `/api/v1/carriers…`.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use domain::{
    CarrierId, SyncStatus,
    input::CarrierInput,
    view::{CarrierPage, CarrierQuery, CarrierView},
};

use crate::http::{
    AppState,
    extract::{Body, Caller, Id, Params},
    problem::ApiResult,
};

pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<CarrierQuery>,
) -> ApiResult<Json<CarrierPage>> {
    Ok(Json(state.services.carriers.list(&actor, &query).await?))
}

pub(super) async fn read(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
) -> ApiResult<Json<CarrierView>> {
    Ok(Json(state.services.carriers.get(&actor, &id).await?))
}

pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<CarrierInput>,
) -> ApiResult<(StatusCode, [(HeaderName, String); 1], Json<CarrierView>)> {
    let carrier = state.services.carriers.create(&actor, &input).await?;
    let location = format!("/api/v1/carriers/{}", carrier.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(carrier)))
}

pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
    Body(input): Body<CarrierInput>,
) -> ApiResult<Json<CarrierView>> {
    Ok(Json(state.services.carriers.update(&actor, &id, &input).await?))
}

pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
) -> ApiResult<StatusCode> {
    state.services.carriers.delete(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 200 once LiveKit has followed, 202 while it takes its time, 502 where it did not.
pub(super) async fn sync(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
) -> ApiResult<(StatusCode, Json<CarrierView>)> {
    let carrier = state.services.carriers.sync(&actor, &id).await?;
    let synced = carrier.lk_sync_status == SyncStatus::Synced;
    Ok((if synced { StatusCode::OK } else { StatusCode::ACCEPTED }, Json(carrier)))
}
