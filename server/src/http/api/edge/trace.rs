//! `GET /calls/{callId}/trace`.

use api_types::{Problem, view::TraceView};
use axum::{
    Json,
    extract::{Path, State},
};

use crate::http::{AppState, shared::problem::ApiResult};

/// Read the steps of a call, in order
///
/// Every step whose request was answered is in it.
#[utoipa::path(get, path = "/calls/{callId}/trace", tag = "Edge", security((), ("edge_token" = [])),
    params(("callId" = String, Path, description = "SIP's Call-ID")),
    responses((status = 200, body = TraceView), (status = 400, body = Problem), (status = 404, body = Problem),
              (status = 503, body = Problem)))]
pub(super) async fn get(State(state): State<AppState>, Path(call_id): Path<String>) -> ApiResult<Json<TraceView>> {
    Ok(Json(state.services.edge.cac().trace(&call_id).await?))
}
