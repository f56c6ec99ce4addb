//! `/api/v1/overview`.

use api_types::view::Overview;
use axum::{Json, extract::State};

use crate::http::{
    AppState,
    shared::{extract::Caller, problem::ApiResult},
};

/// What needs attention
#[utoipa::path(get, path = "/overview", tag = "Overview", responses((status = 200, body = Overview)))]
pub(super) async fn get(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<Overview>> {
    Ok(Json(state.services.overviews.get(&actor).await?))
}
