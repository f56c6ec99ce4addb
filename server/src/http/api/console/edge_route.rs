//! `/api/v1/edge/route-preview`: which rule decides a call of the SIP edge.

use api_types::{Problem, input::EdgeRoutePreviewQuery, view::EdgeRoutePreview};
use axum::{Json, extract::State};

use crate::http::{
    AppState,
    shared::{
        extract::{Caller, Params},
        problem::ApiResult,
    },
};

/// Preview a route
///
/// Which rule decides a call from `from` to `to` at this moment, and why, with every rule that was considered in order. Nothing
/// is counted.
#[utoipa::path(get, path = "/edge/route-preview", tag = "Edge", params(EdgeRoutePreviewQuery),
    responses((status = 200, body = EdgeRoutePreview), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn preview(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<EdgeRoutePreviewQuery>,
) -> ApiResult<Json<EdgeRoutePreview>> {
    Ok(Json(state.services.edge.routing.preview(&actor, query).await?))
}
