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

/// How the Exotel connection stands
///
/// From the database alone; Exotel is not asked.
#[utoipa::path(get, path = "/integrations/exotel/summary", tag = "Exotel", responses((status = 200, body = ExotelSummary)))]
pub(super) async fn summary(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelSummary>> {
    Ok(Json(state.services.exotel.summary(&actor).await?))
}

/// The Exotel connection, its secrets masked
#[utoipa::path(get, path = "/integrations/exotel", tag = "Exotel", responses((status = 200, body = ExotelView)))]
pub(super) async fn read(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelView>> {
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

/// Forget the credentials
///
/// Numbers that were imported stay.
#[utoipa::path(delete, path = "/integrations/exotel", tag = "Exotel", responses((status = 204), (status = 409, body = Problem)))]
pub(super) async fn disconnect(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<StatusCode> {
    state.services.exotel.disconnect(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try the credentials
#[utoipa::path(post, path = "/integrations/exotel/test", tag = "Exotel",
    responses((status = 200, body = ExotelSummary, description = "Exotel let Trunkline in"),
              (status = 409, body = Problem, description = "Nothing is connected"),
              (status = 502, body = Problem, description = "Exotel did not answer as hoped; `code` and `detail` say why")))]
pub(super) async fn test(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelSummary>> {
    Ok(Json(state.services.exotel.test(&actor).await?))
}

/// The account's numbers, as Exotel lists them
///
/// Or did within the last minute: it grants 50 calls in one, and a long list takes 40.
#[utoipa::path(get, path = "/integrations/exotel/numbers", tag = "Exotel",
    responses((status = 200, body = ExotelNumbers),
              (status = 409, body = Problem, description = "Nothing is connected"),
              (status = 502, body = Problem, description = "Exotel did not answer as hoped; `code` and `detail` say why")))]
pub(super) async fn numbers(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<ExotelNumbers>> {
    Ok(Json(state.services.exotel.numbers(&actor).await?))
}

/// Import numbers into a carrier
///
/// With `dry_run` it only says what would happen. 200 also where no number was added: the answer says why of each.
#[utoipa::path(post, path = "/integrations/exotel/import", tag = "Exotel", request_body = ExotelImportInput,
    responses((status = 200, body = ExotelImported), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "Nothing is connected"), (status = 422, body = Problem),
              (status = 502, body = Problem, description = "Exotel did not answer as hoped; `code` and `detail` say why")))]
pub(super) async fn import(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<ExotelImportInput>,
) -> ApiResult<Json<ExotelImported>> {
    Ok(Json(state.services.exotel.import(&actor, &input).await?))
}
