//! `/api/v1/integrations/exotel…`.

use api_types::{
    Problem,
    input::{ExotelImportInput, ExotelInput},
    view::{ExotelImported, ExotelNumbers, ExotelSummary, ExotelView},
};
use axum::{Json, extract::State, http::StatusCode};

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller},
        problem::ApiResult,
    },
};

/// The state of the Exotel connection
///
/// From the database alone, without a request to Exotel.
#[utoipa::path(get, path = "/integrations/exotel/summary", tag = "Exotel", responses((status = 200, body = ExotelSummary)))]
pub(super) async fn summary(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelSummary>> {
    Ok(Json(state.services.exotel.summary(&actor).await?))
}

/// The Exotel connection, its secrets masked
#[utoipa::path(get, path = "/integrations/exotel", tag = "Exotel", responses((status = 200, body = ExotelView)))]
pub(super) async fn get(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelView>> {
    Ok(Json(state.services.exotel.get(&actor).await?))
}

/// Connect to Exotel, or change the credentials
///
/// What the body leaves out stays; so does a secret that is blank or masked.
#[utoipa::path(put, path = "/integrations/exotel", tag = "Exotel", request_body = ExotelInput,
    responses((status = 200, body = ExotelView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn save(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<ExotelInput>,
) -> ApiResult<Json<ExotelView>> {
    Ok(Json(state.services.exotel.save(&actor, &input).await?))
}

/// Delete the credentials
///
/// Imported numbers stay.
#[utoipa::path(delete, path = "/integrations/exotel", tag = "Exotel", responses((status = 204), (status = 409, body = Problem)))]
pub(super) async fn disconnect(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<StatusCode> {
    state.services.exotel.disconnect(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Test the credentials
#[utoipa::path(post, path = "/integrations/exotel/test", tag = "Exotel",
    responses((status = 200, body = ExotelSummary, description = "Exotel accepted the credentials"),
              (status = 409, body = Problem, description = "Nothing is connected"),
              (status = 502, body = Problem, description = "Exotel failed or refused; `code` and `detail` say why")))]
pub(super) async fn test(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelSummary>> {
    Ok(Json(state.services.exotel.test(&actor).await?))
}

/// The account's numbers, as Exotel lists them
///
/// At most one minute old: Exotel allows 50 requests per minute, and a long list needs 40.
#[utoipa::path(get, path = "/integrations/exotel/numbers", tag = "Exotel",
    responses((status = 200, body = ExotelNumbers),
              (status = 409, body = Problem, description = "Nothing is connected"),
              (status = 502, body = Problem, description = "Exotel failed or refused; `code` and `detail` say why")))]
pub(super) async fn numbers(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelNumbers>> {
    Ok(Json(state.services.exotel.numbers(&actor).await?))
}

/// Import numbers into a carrier
///
/// With `dry_run` nothing is changed. 200 also if no number was added: the response has the outcome of each.
#[utoipa::path(post, path = "/integrations/exotel/import", tag = "Exotel", request_body = ExotelImportInput,
    responses((status = 200, body = ExotelImported), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "Nothing is connected"), (status = 422, body = Problem),
              (status = 502, body = Problem, description = "Exotel failed or refused; `code` and `detail` say why")))]
pub(super) async fn import(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<ExotelImportInput>,
) -> ApiResult<Json<ExotelImported>> {
    Ok(Json(state.services.exotel.import(&actor, &input).await?))
}
