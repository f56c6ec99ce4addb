//! `/api/v1/integrations/exotel…`.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    input::{ExotelImportInput, ExotelInput},
    view::{ExotelImported, ExotelNumbers, ExotelSummary, ExotelView},
};

use crate::http::{
    AppState,
    extract::{Body, Caller},
    problem::ApiResult,
};

pub(super) async fn summary(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelSummary>> {
    Ok(Json(state.services.exotel.summary(&actor).await?))
}

pub(super) async fn read(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelView>> {
    Ok(Json(state.services.exotel.get(&actor).await?))
}

/// Connects where nothing is connected yet.
pub(super) async fn save(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<ExotelInput>,
) -> ApiResult<Json<ExotelView>> {
    Ok(Json(state.services.exotel.save(&actor, &input).await?))
}

pub(super) async fn disconnect(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<StatusCode> {
    state.services.exotel.disconnect(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 200 where Exotel let Trunkline in, 502 with the reason where not.
pub(super) async fn test(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelSummary>> {
    Ok(Json(state.services.exotel.test(&actor).await?))
}

pub(super) async fn numbers(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelNumbers>> {
    Ok(Json(state.services.exotel.numbers(&actor).await?))
}

/// 200 also where no number was added: the answer says why of each.
pub(super) async fn import(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<ExotelImportInput>,
) -> ApiResult<Json<ExotelImported>> {
    Ok(Json(state.services.exotel.import(&actor, &input).await?))
}
