//! `POST /presence/event`.

use api_types::{Problem, input::PresenceEvent, view::PresenceView};
use axum::{Json, extract::State};

use super::body::EdgeBody;
use crate::http::{AppState, shared::problem::ApiResult};

/// Report a registration, a dialog or an agent
///
/// Events may come twice and out of order. After 503 the edge is to repeat the event.
#[utoipa::path(post, path = "/presence/event", tag = "Edge", security((), ("edge_token" = [])), request_body = PresenceEvent,
    responses((status = 200, body = PresenceView), (status = 400, body = Problem), (status = 404, body = Problem),
              (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(super) async fn event(
    State(state): State<AppState>,
    EdgeBody(event): EdgeBody<PresenceEvent>,
) -> ApiResult<Json<PresenceView>> {
    let edge = &state.services.edge;
    edge.account(&event.account_id)?;
    Ok(Json(edge.presence().receive(&event).await?))
}
