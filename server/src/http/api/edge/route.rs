//! `POST /route`: where a call goes.

use api_types::{Problem, input::EdgeRouteInput, view::EdgeRouteView};
use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};

use super::body::EdgeBody;
use crate::http::{AppState, shared::problem::ApiResult};

/// Route a call
///
/// From a device that has authenticated (`deviceId`) to extensions, users, the account's own DIDs and, by the outbound routes,
/// to carriers; emergency numbers come first. From other callers to the DIDs. The answer is the same for a repeated INVITE,
/// which is counted once. A call that can't be routed is rejected in the document: `action` is `reject`, `code` the SIP status.
#[utoipa::path(post, path = "/route", tag = "Edge", security((), ("edge_token" = [])), request_body = EdgeRouteInput,
    responses((status = 200, body = EdgeRouteView), (status = 400, body = Problem), (status = 413, body = Problem),
              (status = 415, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn route(
    State(state): State<AppState>,
    EdgeBody(input): EdgeBody<EdgeRouteInput>,
) -> ApiResult<Response> {
    let request = input.parse().map_err(services::Error::Invalid)?;
    let body = state.services.edge.routing.route(&request).await?;
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}
