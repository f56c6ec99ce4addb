//! `/api/v1/bots…`.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    BotId,
    input::BotInput,
    view::{BotPage, BotView},
};

use crate::http::{
    AppState,
    extract::{Body, Caller, Id},
    problem::ApiResult,
};

pub(super) async fn list(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<BotPage>> {
    Ok(Json(state.services.bots.list(&actor).await?))
}

pub(super) async fn read(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<BotId>,
) -> ApiResult<Json<BotView>> {
    Ok(Json(state.services.bots.get(&actor, &id).await?))
}

pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<BotInput>,
) -> ApiResult<(StatusCode, Json<BotView>)> {
    Ok((StatusCode::CREATED, Json(state.services.bots.create(&actor, &input).await?)))
}

pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<BotId>,
    Body(input): Body<BotInput>,
) -> ApiResult<Json<BotView>> {
    Ok(Json(state.services.bots.update(&actor, &id, &input).await?))
}

pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<BotId>,
) -> ApiResult<StatusCode> {
    state.services.bots.delete(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
