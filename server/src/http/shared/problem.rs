//! Problems as responses: `application/problem+json` (RFC 9457).

use api_types::Problem;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::limits;

/// The error of a JSON handler.
pub(crate) struct ApiError {
    problem: Problem,
    retry_after_seconds: Option<i64>,
    outcome_unknown: bool,
    is_final: bool,
}

/// Extension of a response to a change that may have been saved although it failed.
#[derive(Clone, Copy)]
pub(super) struct OutcomeUnknown;

/// Extension of an error after an effect that cannot be undone: the request must not be executed again.
#[derive(Clone, Copy)]
pub(super) struct Final;

pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self { problem, retry_after_seconds: None, outcome_unknown: false, is_final: false }
    }
}

impl From<services::Error> for ApiError {
    fn from(error: services::Error) -> Self {
        let retry_after_seconds = error.retry_after_seconds();
        let outcome_unknown = matches!(error, services::Error::Store(store::Error::CommitUnknown(_)));
        let is_final = matches!(&error, services::Error::Dialout(error) if error.is_final());
        Self { problem: Problem::from(error), retry_after_seconds, outcome_unknown, is_final }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // A 503 is always worth another try (RFC 9110 §15.6.4).
        let unavailable = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(limits::RETRY_AFTER_SECONDS);
        if let Some(seconds) = self.retry_after_seconds.or(unavailable) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.outcome_unknown {
            response.extensions_mut().insert(OutcomeUnknown);
        }
        if self.is_final {
            response.extensions_mut().insert(Final);
        }
        response
    }
}

/// Fallback for paths without a route.
pub(crate) async fn no_route() -> ApiError {
    Problem::new(404, "no_route", "Not found", "There is nothing at this address. See the list of routes.").into()
}

/// Fallback for methods that a route does not have.
pub(crate) async fn no_method() -> ApiError {
    Problem::new(405, "method_not_allowed", "Method not allowed", "This address does not take this method.").into()
}
