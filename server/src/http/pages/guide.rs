//! The topics of the carrier guide: a short address that can be passed on, and the text for a page that is open.

use std::hash::{DefaultHasher, Hash, Hasher};

use app::{
    guide::{TOPICS, html},
    urls,
};
use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::headers::{ETag, HeaderMapExt};

use crate::{assets, http::shared::problem::no_route};

/// `/guide/{topic}`: the list of carriers with the guide open.
pub(super) async fn open(Path(topic): Path<String>) -> Response {
    if !TOPICS.iter().any(|(id, _)| *id == topic) {
        return no_route().await.into_response();
    }
    Redirect::to(&urls::guide(&topic)).into_response()
}

/// `/guide/{topic}/text`: the topic's HTML. It is public: everything in it comes from the sources.
pub(super) async fn text(Path(topic): Path<String>, request: HeaderMap) -> Response {
    let Some(text) = html(&topic) else { return no_route().await.into_response() };
    let mut headers = HeaderMap::new();
    // The text changes with the program, so browsers revalidate, and mostly get a 304.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let Some(etag) = weak_etag(text) else { return (headers, Html(text)).into_response() };
    headers.typed_insert(etag.clone());
    if assets::is_current(&request, &etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, Html(text)).into_response()
}

/// Weak, because the bytes depend on the encoding that the compression layer chooses (RFC 9110 §8.8.3).
fn weak_etag(text: &str) -> Option<ETag> {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish()).parse().ok()
}
