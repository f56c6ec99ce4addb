//! The middleware of every request.

use std::{any::Any, time::Duration};

use api_types::Problem;
use axum::{
    BoxError, Router,
    error_handling::HandleErrorLayer,
    extract::Request,
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
    middleware::from_fn,
    response::{IntoResponse, Response},
};
use tower::{ServiceBuilder, timeout::TimeoutLayer};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate},
    },
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
};
use tracing::error;

use super::{request_log, shared::problem::ApiError};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers for every response. The Content-Security-Policy of the pages has a nonce and is set with them.
const SECURITY_HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");

/// One stack: each call of [`Router::layer`] would allocate for every request. From the outermost layer to the innermost: the
/// request log sees what all others answered.
pub(super) fn add<S: Clone + Send + Sync + 'static>(router: Router<S>, response_timeout: Duration) -> Router<S> {
    // gzip alone: the large files are embedded in their compressed form. Level 1 has most of the gain.
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(has_no_strong_etag));
    let stack = ServiceBuilder::new()
        .map_request(drop_unfit_request_id)
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(from_fn(request_log::log))
        .layer(compression)
        .map_response(add_security_headers)
        .layer(CatchPanicLayer::custom(panicked))
        // Until the response's head: the bodies of streams, such as events, last longer.
        .layer(HandleErrorLayer::new(timed_out))
        .layer(TimeoutLayer::new(response_timeout));
    router.layer(stack)
}

fn add_security_headers<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    headers.extend(SECURITY_HEADERS);
    // A page whose address has a one-time token has set another one.
    headers.entry(header::REFERRER_POLICY).or_insert(REFERRER_POLICY);
    response
}

/// A strong tag names the exact bytes, which compression changes (RFC 9110 §8.8.3).
fn has_no_strong_etag(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    headers.get(header::ETAG).is_none_or(|etag| etag.as_bytes().starts_with(b"W/"))
}

async fn timed_out(_: BoxError) -> ApiError {
    let detail = "The server took too long. Check whether the change was made before you send it again.";
    Problem::new(503, "timed_out", "Timed out", detail).into()
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    error!(message, "a request handler panicked");
    let detail = "The server failed. Its log says why, under the request's id in x-request-id.";
    ApiError::from(Problem::new(500, "internal", "Internal error", detail)).into_response()
}

/// A proxy's id is kept if it is short and plain enough for logs.
fn drop_unfit_request_id(mut request: Request) -> Request {
    let is_fit = |id: &HeaderValue| {
        let id = id.as_bytes();
        (1..=64).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    };
    if request.headers().get(REQUEST_ID).is_some_and(|id| !is_fit(id)) {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future};

    use axum::{
        Json,
        body::{Body, to_bytes},
        response::sse::{Event, Sse},
        routing::get,
    };
    use futures::stream;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;

    const TIMEOUT: Duration = Duration::from_millis(50);

    async fn send(router: Router, path: &str, accept_encoding: &'static str) -> Response {
        let request = Request::get(path).header(header::ACCEPT_ENCODING, accept_encoding);
        add(router, TIMEOUT).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn problem(response: Response) -> Value {
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert!(response.headers().contains_key(REQUEST_ID));
        serde_json::from_slice(&to_bytes(response.into_body(), 4096).await.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn panic_becomes_a_problem() {
        let router = Router::new().route("/", get(async || -> &'static str { panic!("secret detail") }));
        let response = send(router, "/", "identity").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let problem = problem(response).await;
        assert_eq!(problem["code"], "internal");
        assert!(!problem.to_string().contains("secret detail"));
    }

    #[tokio::test]
    async fn slow_handler_becomes_a_problem() {
        let router = Router::new().route("/", get(future::pending::<()>));
        let response = send(router, "/", "identity").await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
        assert_eq!(problem(response).await["code"], "timed_out");
    }

    #[tokio::test]
    async fn events_are_neither_compressed_nor_timed_out() {
        let events = async || {
            let late = stream::once(async {
                tokio::time::sleep(TIMEOUT * 2).await;
                Ok::<_, Infallible>(Event::default().data("late".repeat(20)))
            });
            Sse::new(late)
        };
        let response = send(Router::new().route("/", get(events)), "/", "gzip").await;
        assert_eq!(response.headers().get(header::CONTENT_ENCODING), None);
        let body = to_bytes(response.into_body(), 4096).await.unwrap();
        assert!(body.starts_with(b"data: late"));
    }

    #[tokio::test]
    async fn json_is_compressed_unless_its_etag_is_strong() {
        let json = || Json("text ".repeat(100));
        let router = Router::new()
            .route("/", get(async move || json()))
            .route("/weak", get(async move || ([(header::ETAG, "W/\"1\"")], json())))
            .route("/strong", get(async move || ([(header::ETAG, "\"1\"")], json())));
        for (path, encoding) in [("/", Some("gzip")), ("/weak", Some("gzip")), ("/strong", None)] {
            let response = send(router.clone(), path, "gzip, br").await;
            let sent = response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!(sent, encoding, "{path}");
            if encoding.is_some() {
                assert_eq!(response.headers()[header::VARY], "accept-encoding", "{path}");
            }
        }
    }
}
