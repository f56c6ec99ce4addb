//! Responses that no cache may keep.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};

/// Responses depend on the actor and change at any time.
pub(in crate::http) async fn uncached(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
