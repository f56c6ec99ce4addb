//! `/api/v1/bots…`.

use api_types::{
    Problem,
    input::BotInput,
    view::{BotPage, BotView},
};
use axum::{Json, extract::State, http::StatusCode};
use domain::BotId;

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id},
        idempotency::IdempotencyKey,
        problem::ApiResult,
    },
};

/// List the bots
#[utoipa::path(get, path = "/bots", tag = "Bots", responses((status = 200, body = BotPage)))]
pub(super) async fn list(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<BotPage>> {
    Ok(Json(state.services.bots.list(&actor).await?))
}

/// One bot
#[utoipa::path(get, path = "/bots/{id}", tag = "Bots", params(("id" = BotId, Path)),
    responses((status = 200, body = BotView), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<BotId>,
) -> ApiResult<Json<BotView>> {
    Ok(Json(state.services.bots.get(&actor, &id).await?))
}

/// Add a bot
#[utoipa::path(post, path = "/bots", tag = "Bots", params(IdempotencyKey), request_body = BotInput,
    responses((status = 201, body = BotView), (status = 422, body = Problem)))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<BotInput>,
) -> ApiResult<(StatusCode, Json<BotView>)> {
    Ok((StatusCode::CREATED, Json(state.services.bots.create(&actor, &input).await?)))
}

/// Change a bot
///
/// What the body leaves out stays. With a `version` that is not the current one: 409 with the current bot.
#[utoipa::path(put, path = "/bots/{id}", tag = "Bots", params(("id" = BotId, Path)), request_body = BotInput,
    responses((status = 200, body = BotView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<BotId>,
    Body(input): Body<BotInput>,
) -> ApiResult<Json<BotView>> {
    Ok(Json(state.services.bots.update(&actor, &id, &input).await?))
}

/// Delete a bot
///
/// Its numbers reject calls until another bot answers them. 409 while the SIP edge names it as a target.
#[utoipa::path(delete, path = "/bots/{id}", tag = "Bots", params(("id" = BotId, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<BotId>,
) -> ApiResult<StatusCode> {
    state.services.bots.delete(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
