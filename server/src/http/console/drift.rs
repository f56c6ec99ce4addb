//! `/api/v1/carriers/{id}/drift…` and `/api/v1/livekit/orphans…`.

use axum::{Json, extract::State};
use domain::{
    CarrierId,
    input::{AdoptInput, ApplyInput},
    view::{AdoptView, DriftView, OrphansView},
};

use crate::http::{
    AppState,
    extract::{Body, Caller, Id},
    problem::ApiResult,
};

/// 502 where LiveKit cannot be read.
pub(super) async fn read(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
) -> ApiResult<Json<DriftView>> {
    Ok(Json(state.services.drift.report(&actor, &id).await?))
}

/// 409 with the state as it is now, where that is not the one whose fingerprint was sent; 502 where LiveKit did not follow.
pub(super) async fn apply(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
    Body(input): Body<ApplyInput>,
) -> ApiResult<Json<DriftView>> {
    Ok(Json(state.services.drift.apply(&actor, &id, &input).await?))
}

/// Only says what would happen, unless `dry_run` is false.
pub(super) async fn adopt(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
    Body(input): Body<AdoptInput>,
) -> ApiResult<Json<AdoptView>> {
    Ok(Json(state.services.drift.adopt(&actor, &id, &input).await?))
}

pub(super) async fn orphans(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<OrphansView>> {
    Ok(Json(state.services.drift.orphans(&actor).await?))
}

/// What is left afterwards; 409 as above.
pub(super) async fn remove_orphans(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<ApplyInput>,
) -> ApiResult<Json<OrphansView>> {
    Ok(Json(state.services.drift.remove_orphans(&actor, &input).await?))
}
