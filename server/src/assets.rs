//! What browsers load, inside the binary: one file to deploy.
//!
//! In a development build the files are read from `target/site` instead, so that `cargo leptos watch` shows new ones.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Site;

/// Hashed names are never written anew.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const AN_HOUR: &str = "public, max-age=3600";
/// In a development build the same name has new content after each edit.
const ASK_AGAIN: &str = "no-cache";

/// The hashed names of the front end. cargo-leptos empties the folder before each build, so there is one of each.
pub fn names() -> app::Assets {
    let find = |ending: &str| {
        Site::iter()
            .find(|path| path.starts_with("pkg/trunkline.") && path.ends_with(ending))
            .map_or_else(|| format!("/pkg/trunkline{ending}"), |path| format!("/{path}"))
    };
    app::Assets { js: find(".js"), wasm: find(".wasm"), css: find(".css") }
}

/// The binary was built without its front end.
pub fn missing() -> bool {
    Site::iter().next().is_none()
}

/// The file of a URL path, in the smallest encoding that the browser takes; None where there is no such file.
pub fn serve(path: &str, request: &HeaderMap) -> Option<Response> {
    let path = path.trim_start_matches('/');
    let plain = Site::get(path)?;
    let etag = format!("\"{}\"", hex(&plain.metadata.sha256_hash()[..16]));
    let cache = match path.starts_with("pkg/") {
        _ if cfg!(debug_assertions) => ASK_AGAIN,
        true => FOR_EVER,
        false => AN_HOUR,
    };
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Some((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let (file, encoding) = encoded(path, request).unwrap_or((plain, None));
    let mut response = Response::new(Body::from(file.data));
    let headers = response.headers_mut();
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let text = if kind.type_() == "text" { "; charset=utf-8" } else { "" };
    headers.insert(header::CONTENT_TYPE, format!("{kind}{text}").parse().ok()?);
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(cache));
    headers.insert(header::VARY, header::HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::ETAG, etag.parse().ok()?);
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// Whether the browser takes that encoding. `br;q=0` refuses; nobody sends it, but it costs nothing to respect.
pub fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        parts.next() == Some(encoding) && !parts.any(|part| part == "q=0")
    })
}

fn encoded(path: &str, request: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(name, _)| accepts(request, name))
        .find_map(|(name, ending)| Site::get(&format!("{path}{ending}")).map(|file| (file, Some(name))))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
