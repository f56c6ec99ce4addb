//! One line per request, and an id that the answer carries too.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use metrics::{counter, histogram};
use tracing::{Instrument, info, info_span};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Logs method, route and status. Never the query, a header or a body: they may hold secrets.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let method = request.method().clone();
    let label = label(&method);
    // The pattern rather than the path: the log groups, and metrics stay few.
    let route = request.extensions().get::<MatchedPath>().map_or("pages", MatchedPath::as_str).to_owned();
    let span = info_span!("request", id = %id.to_str().unwrap_or_default(), %method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    span.in_scope(|| info!(status, millis = elapsed.as_secs_f64() * 1000.0, "answered"));
    counter!("trunkline_http_requests_total", "route" => route.clone(), "method" => label, "status" => status.to_string())
        .increment(1);
    histogram!("trunkline_http_request_seconds", "route" => route).record(elapsed.as_secs_f64());
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The method as metrics count it. A client may make up any; each would be a series for good.
fn label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// A proxy's id, where it is one that a log can hold; else a fresh one.
fn request_id(request: &Request) -> HeaderValue {
    let sane = |value: &&HeaderValue| {
        let bytes = value.as_bytes();
        (1..=64).contains(&bytes.len())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    };
    request.headers().get(REQUEST_ID).filter(sane).cloned().unwrap_or_else(|| {
        HeaderValue::from_str(&format!("{:032x}", rand::random::<u128>())).expect("these are letters and digits")
    })
}
