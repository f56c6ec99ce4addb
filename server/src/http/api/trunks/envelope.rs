//! Problems as the envelopes of the trunk API.

use api_types::{Problem, view::TrunkFailure};
use axum::{
    Json,
    body::to_bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::http::shared::limits;

const PROBLEM: &str = "application/problem+json";

/// Turns a problem into an envelope, and leaves any other response as it is.
pub(super) async fn of_problems(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind != Some(PROBLEM.as_bytes()) {
        let mut response = Response::from_parts(parts, body);
        uncached(response.headers_mut());
        return response;
    }
    let bytes = to_bytes(body, limits::PROBLEM).await.unwrap_or_default();
    let problem = serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Problem::new(500, "internal", "Internal error", "The server's log has the reason."));
    let (status, message) = translated(parts.status, &problem);
    let mut response = (status, Json(TrunkFailure { success: false, message, data: () })).into_response();
    let headers = response.headers_mut();
    for name in [header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = parts.headers.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    uncached(headers);
    response
}

fn uncached(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Status and message as the trunk API publishes them: a broken rule is 400, a key that is not accepted 401, and a failure of
/// LiveKit 500.
fn translated(status: StatusCode, problem: &Problem) -> (StatusCode, String) {
    let detail = || problem.detail.clone();
    match problem.code.as_str() {
        code if status == StatusCode::UNAUTHORIZED || code.starts_with("api_key_") => {
            (StatusCode::UNAUTHORIZED, "Invalid API key".to_owned())
        }
        "number_taken" => (StatusCode::BAD_REQUEST, detail()),
        "not_found" => {
            let message = "Trunk not found. Use the full trunk ID, which starts with ST_. The trunk must belong to the user \
                           of your API key, and must not have been deleted.";
            (StatusCode::NOT_FOUND, message.to_owned())
        }
        _ if status == StatusCode::UNPROCESSABLE_ENTITY => (StatusCode::BAD_REQUEST, faults(problem)),
        _ if status == StatusCode::BAD_GATEWAY => (StatusCode::INTERNAL_SERVER_ERROR, detail()),
        _ => (status, detail()),
    }
}

/// Each field with its fault: `trunk_name: Enter a name.`
fn faults(problem: &Problem) -> String {
    let faults: Vec<String> =
        problem.errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
    if faults.is_empty() { problem.detail.clone() } else { faults.join(" ") }
}
