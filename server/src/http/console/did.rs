//! `/api/v1/carriers/{id}/dids…`.

use axum::{Json, extract::State, http::StatusCode};
use domain::{CarrierId, DidId, input::DidInput, view::DidView};

use crate::http::{
    AppState,
    extract::{Body, Caller, Id, Ids},
    problem::ApiResult,
};

pub(super) async fn add(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(carrier): Id<CarrierId>,
    Body(input): Body<DidInput>,
) -> ApiResult<(StatusCode, Json<DidView>)> {
    Ok((StatusCode::CREATED, Json(state.services.dids.add(&actor, &carrier, &input).await?)))
}

pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Ids(carrier, id): Ids<CarrierId, DidId>,
    Body(input): Body<DidInput>,
) -> ApiResult<Json<DidView>> {
    Ok(Json(state.services.dids.update(&actor, &carrier, &id, &input).await?))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Ids(carrier, id): Ids<CarrierId, DidId>,
) -> ApiResult<StatusCode> {
    state.services.dids.remove(&actor, &carrier, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
