//! `GET /sip/search-numbers`.

use api_types::{Problem, input::NumberSearchQuery, view::NumberSearchView};
use axum::{Json, extract::State};

use crate::http::{
    AppState,
    shared::{
        extract::{Caller, Params},
        problem::ApiResult,
    },
};

/// Search for numbers that a provider sells
///
/// Nothing is reserved: another customer may buy a number before you do.
#[utoipa::path(get, path = "/sip/search-numbers", tag = "Numbers API", params(NumberSearchQuery),
    security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = NumberSearchView),
              (status = 409, body = Problem, description = "The provider is not connected"),
              (status = 422, body = Problem, description = "A field breaks a rule, or the provider refused it"),
              (status = 502, body = Problem, description = "The provider failed or refused the credentials; `code` and `detail` say why"),
              (status = 503, body = Problem, description = "The provider had too many requests")))]
pub(super) async fn search(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<NumberSearchQuery>,
) -> ApiResult<Json<NumberSearchView>> {
    Ok(Json(state.services.number_searches.search(&actor, &query).await?))
}
