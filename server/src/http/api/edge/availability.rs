//! A server that does not serve the edge refuses its paths.

use api_types::Problem;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, header::RETRY_AFTER},
    middleware::Next,
    response::{IntoResponse, Response},
};
use services::edge::EdgeAvailability;

use crate::http::{AppState, shared::problem::ApiError};

/// Middleware of the edge's paths, after the gate.
pub(super) async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (code, detail) = match state.services.edge.availability() {
        EdgeAvailability::Available => return next.run(request).await,
        EdgeAvailability::Starting => {
            ("edge_starting", "The server has not acquired the lease of the SIP edge yet. Try again in a second.")
        }
        EdgeAvailability::NeedsRedis => (
            "edge_needs_redis",
            "Another server of this database serves the SIP edge, and its open calls are in its memory. Set REDIS_URL on \
             all servers, or send the edge's requests to the other one.",
        ),
    };
    let problem = Problem::new(503, code, "The SIP edge is not available here", detail.to_owned());
    let mut response = ApiError::from(problem).into_response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
