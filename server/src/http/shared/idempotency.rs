//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a POST that is sent again with the same key gets the
//! first response, and is not executed again.

use api_types::Problem;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, OriginalUri, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use services::{Actor, Effect, Idempotency};
use store::{IdempotentRequest, Reservation, SavedResponse};
use tracing::{Instrument, warn};
use utoipa::IntoParams;

use super::{
    extract::unreadable,
    limits,
    problem::{ApiError, ApiResult, Final, OutcomeUnknown},
};
use crate::http::AppState;

/// The header in the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the document describes the header, and the middleware reads it")]
pub(in crate::http) struct IdempotencyKey {
    /// 1 to 255 ASCII characters, such as a UUID. The same request with the same key is executed once; within a day,
    /// repetitions get the first response. 409 for another body, and while the first request is being executed.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255)]
    key: Option<String>,
}

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Marks a response that was saved.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// For routes that create rows. Needs the actor, so it is a layer inside of the identity's.
pub(in crate::http) async fn execute_once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    execute_with(state, Effect::Rows, request, next).await
}

/// For routes with an effect outside of the database. Even after a crash the request is not executed again.
pub(in crate::http) async fn execute_at_most_once(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    execute_with(state, Effect::Outside, request, next).await
}

async fn execute_with(state: AppState, effect: Effect, request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<Actor>().cloned();
    // The handler rejects a request without an actor.
    let (Some(key), Some(actor), &Method::POST) = (request.headers().get(KEY), actor, request.method()) else {
        return next.run(request).await;
    };
    let key = match parse(key) {
        Ok(key) => key,
        Err(error) => return error.into_response(),
    };
    // In a task of its own: the response is saved although the client has disconnected.
    let execution = tokio::spawn(execute(state, effect, actor, key, request, next).in_current_span());
    match execution.await {
        Ok(outcome) => outcome.unwrap_or_else(IntoResponse::into_response),
        // The task is never aborted, so it has panicked. The key stays reserved until it expires.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

async fn execute(
    state: AppState,
    effect: Effect,
    actor: Actor,
    key: String,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    let path = request.extensions().get::<OriginalUri>().map_or(request.uri(), |OriginalUri(uri)| uri).path();
    let operation = format!("{} {path}", request.method());
    let (parts, body) = request.into_parts();
    let body = Bytes::from_request(Request::from_parts(parts.clone(), body), &state)
        .await
        .map_err(|rejection| unreadable(&rejection, limits::BODY))?;
    let idempotent = Idempotency::request(&actor, operation, key, &body);
    match state.services.idempotency.reserve(&idempotent, effect).await? {
        Reservation::New => {}
        Reservation::Done(saved) => return Ok(replay(saved)),
        Reservation::OtherBody => {
            let detail = "This Idempotency-Key was sent with another body. Use a new key for a new request.";
            return Err(Problem::new(409, "idempotency_key_reused", "Key used before", detail).into());
        }
        Reservation::InProgress => {
            let detail = "A request with this Idempotency-Key is being executed. Send it again in a moment.";
            return Err(Problem::new(409, "request_in_progress", "In progress", detail).into());
        }
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    finish(&state, &idempotent, response).await
}

/// Successes are saved, and errors after an effect. After other errors nothing was created, and the client may correct the
/// request.
async fn finish(state: &AppState, request: &IdempotentRequest, response: Response) -> ApiResult<Response> {
    // A repetition could create a second row, so the key stays reserved until it expires.
    if response.extensions().get::<OutcomeUnknown>().is_some() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Err(Problem::new(500, "internal", "Internal error", "The response could not be built.").into());
    };
    let is_final = parts.status.is_success() || parts.extensions.get::<Final>().is_some();
    let saved = is_final.then(|| SavedResponse {
        status: parts.status.as_u16(),
        location: parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned),
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    if let Err(error) = state.services.idempotency.finish(request, saved.as_ref()).await {
        warn!(%error, "a response could not be saved for its idempotency key");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replay(saved: SavedResponse) -> Response {
    let status = StatusCode::from_u16(saved.status).unwrap_or(StatusCode::OK);
    let mut response = (status, saved.body).into_response();
    let headers = response.headers_mut();
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if let Some(location) = saved.location.and_then(|location| HeaderValue::try_from(location).ok()) {
        headers.insert(header::LOCATION, location);
    }
    response
}

fn parse(key: &HeaderValue) -> ApiResult<String> {
    match key.to_str() {
        Ok(key) if (1..=255).contains(&key.len()) => Ok(key.to_owned()),
        _ => {
            let detail = "An Idempotency-Key has 1 to 255 ASCII characters.";
            Err(ApiError::from(Problem::new(400, "malformed", "Malformed header", detail)))
        }
    }
}
