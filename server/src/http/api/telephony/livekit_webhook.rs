//! `/api/v1/livekit/webhook`: what LiveKit reports of calls.

use api_types::Problem;
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use livekit::WebhookEvent;
use serde::Serialize;
use serde_json::Value;
use services::HandoverError;
use utoipa::ToSchema;

use crate::http::{
    AppState,
    shared::{
        extract::unreadable,
        limits,
        problem::{ApiError, ApiResult},
    },
};

/// The answer to a webhook.
#[derive(Serialize, ToSchema)]
pub(super) struct Received {
    /// Always true.
    ok: bool,
}

/// Receive an event of LiveKit
///
/// LiveKit signs the body with the project's API key: `Authorization` has its token, with or without `Bearer`. An event that is
/// repeated changes nothing. LiveKit repeats an event after 429 and 5xx only.
///
/// The caller of a bot that the fleet answers is handed over to a fleet server, once: then the answer is the fleet server's.
#[utoipa::path(post, path = "/livekit/webhook", tag = "Calls", security(()),
    request_body(content = Object, content_type = "application/webhook+json"),
    responses((status = 200, body = Received), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 413, body = Problem), (status = 502, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn receive(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> ApiResult<Response> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if authorization.trim().is_empty() {
        return Err(unauthenticated("Missing auth").into());
    }
    let body = body.map_err(|rejection| unreadable(&rejection, limits::WEBHOOK))?;
    state.webhooks.verify(authorization, &body).map_err(|_| unauthenticated("Invalid signature"))?;
    let event = WebhookEvent::parse(&body).map_err(|reason| {
        Problem::new(400, "malformed", "Malformed body", format!("The body is no event of LiveKit: {reason}."))
    })?;
    match state.services.calls.receive_webhook(event, state.core_secret.as_ref()).await? {
        Ok(None) => Ok(Json(Received { ok: true }).into_response()),
        Ok(Some(answer)) => Ok(Json(answer).into_response()),
        Err(error) => Ok(not_handed_over(error)),
    }
}

/// The fleet's refusals are passed on with their status and body.
fn not_handed_over(error: HandoverError) -> Response {
    let unavailable = |code, detail: &str| Problem::new(503, code, "Not handed over", detail);
    let problem = match error {
        HandoverError::NoFleet => unavailable("no_fleet", "No fleet"),
        HandoverError::NoHealthyFleet => unavailable("no_healthy_fleet", "No healthy fleet"),
        HandoverError::NoCoreSecret => unavailable(
            "no_core_secret",
            "Start this server with the secret that it shares with the fleet (TRUNKLINE_CORE_SECRET).",
        ),
        HandoverError::UnderWay => unavailable("handover_under_way", "The call is being handed over to the fleet."),
        HandoverError::Refused(answer) if StatusCode::from_u16(answer.status).is_ok_and(is_refusal) => {
            return relayed(answer.status, answer.body, &answer.error, answer.retry_after_seconds);
        }
        HandoverError::Refused(_) | HandoverError::Unreachable(_) | HandoverError::Lost(_) => {
            Problem::new(502, "fleet_failed", "Not handed over", error.to_string())
        }
    };
    ApiError::from(problem).into_response()
}

fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

fn relayed(status: u16, body: Option<Value>, error: &str, retry_after_seconds: Option<u64>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let body = body.unwrap_or_else(|| serde_json::json!({ "error": error }));
    let mut response = (status, Json(body)).into_response();
    if let Some(seconds) = retry_after_seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(401, "unauthenticated", "Not signed by LiveKit", detail)
}
