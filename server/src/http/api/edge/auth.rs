//! `POST /auth`.

use api_types::{
    Problem,
    input::EdgeAuthInput,
    view::{EdgeAuthRefusal, EdgeAuthView, EdgeChallengeView},
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use services::edge::AuthOutcome;

use super::body::EdgeBody;
use crate::http::{AppState, shared::problem::ApiResult};

/// Authenticate a SIP request
///
/// Checks the digest credentials of REGISTER, INVITE or any other request. 401: challenge the client, with the parameters of
/// the answer. An unknown username gets the same answer as a wrong password. Failures of one user at one source ban the user
/// there; failures of many users ban the source.
#[utoipa::path(post, path = "/auth", tag = "Edge", security((), ("edge_token" = [])), request_body(content(
        (EdgeAuthInput = "application/json"), (EdgeAuthInput = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = EdgeAuthView),
              (status = 400, body = Problem),
              (status = 401, body = EdgeChallengeView, description = "The credentials are missing, wrong or stale"),
              (status = 403, content(
                  (EdgeAuthRefusal = "application/json"), (Problem = "application/problem+json")),
                  description = "The device or its user is disabled, or the source is banned; or the gate refuses the edge"),
              (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(super) async fn authenticate(
    State(state): State<AppState>,
    EdgeBody(input): EdgeBody<EdgeAuthInput>,
) -> ApiResult<Response> {
    Ok(match state.services.edge.auth.authenticate(&input).await? {
        AuthOutcome::Authenticated(view) => Json(view).into_response(),
        AuthOutcome::Challenged(view) => (StatusCode::UNAUTHORIZED, Json(view)).into_response(),
        AuthOutcome::Refused(view) => (StatusCode::FORBIDDEN, Json(view)).into_response(),
    })
}
