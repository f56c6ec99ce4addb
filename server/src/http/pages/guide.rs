//! The carrier guide's topics: a short address to pass on, and the text that an open page asks for.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    sync::LazyLock,
};

use app::guide::{TOPICS, html};
use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use flate2::{Compression, write::GzEncoder};

use crate::{assets, http::shared::problem::no_route};

/// A topic as it is sent. Its tag changes with its words, so a browser asks again and again but is sent it once.
struct Text {
    plain: &'static str,
    gzip: Vec<u8>,
    etag: String,
}

static TEXTS: LazyLock<HashMap<&str, Text>> =
    LazyLock::new(|| TOPICS.iter().filter_map(|(id, _)| Some((*id, Text::new(html(id)?)))).collect());

impl Text {
    fn new(plain: &'static str) -> Self {
        let mut hasher = DefaultHasher::new();
        plain.hash(&mut hasher);
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        // Into memory; it would be empty at worst, and then is not used.
        let gzip = encoder.write_all(plain.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default();
        Self { plain, gzip, etag: format!("\"{:016x}\"", hasher.finish()) }
    }
}

/// `/guide/{topic}`: over the list of carriers, for whoever was sent the link.
pub(super) async fn open(Path(topic): Path<String>) -> Response {
    if !TEXTS.contains_key(topic.as_str()) {
        return no_route().await.into_response();
    }
    Redirect::to(&format!("/dashboard/carriers?guide={topic}")).into_response()
}

/// `/guide/{topic}/text`: the topic's HTML. It holds nothing that is not in this program's sources, so anybody may ask.
pub(super) async fn text(Path(topic): Path<String>, request: HeaderMap) -> Response {
    let Some(text) = TEXTS.get(topic.as_str()) else { return no_route().await.into_response() };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&text.etag) {
        headers.insert(header::ETAG, etag);
    }
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == text.etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if !text.gzip.is_empty() && assets::accepts(&request, "gzip") {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return (headers, text.gzip.as_slice()).into_response();
    }
    (headers, text.plain).into_response()
}
