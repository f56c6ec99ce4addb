//! One log line and two metrics per request.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use metrics::{counter, histogram};
use tower_http::request_id::RequestId;
use tracing::{Instrument, info, info_span};

/// Logs method, route and status. Never the query, a header or a body: they may contain secrets.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    let method = request.method().clone();
    let label = label(&method);
    // The pattern rather than the path, so that logs can be grouped and metrics stay few.
    let route = request.extensions().get::<MatchedPath>().map_or("pages", MatchedPath::as_str).to_owned();
    let span = info_span!("request", id, %method, route);
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    span.in_scope(|| info!(status, millis = elapsed.as_secs_f64() * 1000.0, "request"));
    counter!("trunkline_http_requests_total", "route" => route.clone(), "method" => label, "status" => status.to_string())
        .increment(1);
    histogram!("trunkline_http_request_seconds", "route" => route).record(elapsed.as_secs_f64());
    response
}

/// The method as metrics count it. A client may invent methods; each would be a time series for good.
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
