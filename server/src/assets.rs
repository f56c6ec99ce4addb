//! The front end's files, embedded: the binary is all that has to be deployed.
//!
//! A development build reads them from `target/site` instead, so that `cargo leptos watch` shows new ones. The files and
//! their compressed variants come from `cargo leptos build --precompress`.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::headers::{ETag, HeaderMapExt, IfNoneMatch};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Site;

/// For hashed names, whose content never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const ONE_HOUR: &str = "public, max-age=3600";
/// In a development build the same name has new content after each edit.
const REVALIDATE: &str = "no-cache";

/// Content codings (RFC 9110 §8.4.1) with the endings of their files, the smallest first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The hashed names of the front end. cargo-leptos empties the folder before each build, so there is one of each.
pub fn names() -> app::Assets {
    let find = |ending: &str| {
        Site::iter()
            .find(|path| path.starts_with("pkg/trunkline.") && path.ends_with(ending))
            .map_or_else(|| format!("/pkg/trunkline{ending}"), |path| format!("/{path}"))
    };
    app::Assets { js: find(".js"), wasm: find(".wasm"), css: find(".css") }
}

/// Whether the binary was built without its front end.
pub fn missing() -> bool {
    Site::iter().next().is_none()
}

/// The file at a URL path, in the smallest encoding that the client accepts; None if there is no such file.
pub fn serve(path: &str, request: &HeaderMap) -> Option<Response> {
    serve_from::<Site>(path.trim_start_matches('/'), request)
}

fn serve_from<Files: RustEmbed>(path: &str, request: &HeaderMap) -> Option<Response> {
    let plain = Files::get(path)?;
    let compressed = ENCODINGS
        .into_iter()
        .filter(|(encoding, _)| accepts(request, encoding))
        .find_map(|(encoding, ending)| Files::get(&format!("{path}{ending}")).map(|file| (file, Some(encoding))));
    let (file, encoding) = compressed.unwrap_or((plain, None));
    // A strong tag names these very bytes, so each encoding has its own (RFC 9110 §8.8.3).
    let etag: ETag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..16])).parse().ok()?;
    let cache_control = match path.starts_with("pkg/") {
        _ if cfg!(debug_assertions) => REVALIDATE,
        true => IMMUTABLE,
        false => ONE_HOUR,
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.typed_insert(etag.clone());
    // A 304 has the headers that the 200 would have for caches (RFC 9110 §15.4.5).
    if is_current(request, &etag) {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    let charset = if media_type.type_() == "text" { "; charset=utf-8" } else { "" };
    headers.insert(header::CONTENT_TYPE, format!("{media_type}{charset}").parse().ok()?);
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some((headers, Body::from(file.data)).into_response())
}

/// Whether the client has the representation with this tag already.
pub fn is_current(request: &HeaderMap, etag: &ETag) -> bool {
    request.typed_get::<IfNoneMatch>().is_some_and(|known| !known.precondition_passes(etag))
}

/// Whether the client accepts a content coding (RFC 9110 §12.5.3): by name or by `*`, with a weight above 0.
fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let weight = |name: &str| {
        let lines = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).find_map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            parts.next().filter(|coding| coding.eq_ignore_ascii_case(name))?;
            let q = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            Some(q.map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0)))
        })
    };
    weight(encoding).or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(RustEmbed)]
    #[folder = "$CARGO_MANIFEST_DIR/tests/site"]
    struct Fixture;

    fn get(path: &str, request: &[(header::HeaderName, &str)]) -> Response {
        let headers = request.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        serve_from::<Fixture>(path, &headers).unwrap()
    }

    fn text(response: &Response, name: header::HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    #[test]
    fn each_encoding_has_its_own_etag() {
        let mut tags = Vec::new();
        for (accepted, sent) in [("", None), ("gzip, deflate", Some("gzip")), ("gzip, br", Some("br"))] {
            let response = get("pkg/app.js", &[(header::ACCEPT_ENCODING, accepted)]);
            assert_eq!(text(&response, header::CONTENT_ENCODING), sent, "{accepted}");
            assert_eq!(text(&response, header::CONTENT_TYPE), Some("text/javascript; charset=utf-8"));
            assert_eq!(text(&response, header::VARY), Some("Accept-Encoding"));
            let etag = text(&response, header::ETAG).unwrap().to_owned();
            assert!(!tags.contains(&etag), "{etag} names two encodings");
            tags.push(etag);
        }
    }

    #[test]
    fn not_modified_has_the_headers_for_caches() {
        let encoding = (header::ACCEPT_ENCODING, "br");
        let sent = get("pkg/app.js", std::slice::from_ref(&encoding));
        let etag = text(&sent, header::ETAG).unwrap();
        let list = format!("\"another\", {etag}");
        for known in [etag, &list, "*"] {
            let response = get("pkg/app.js", &[encoding.clone(), (header::IF_NONE_MATCH, known)]);
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
            for name in [header::ETAG, header::VARY, header::CACHE_CONTROL] {
                assert_eq!(text(&response, name.clone()), text(&sent, name.clone()), "{name}");
            }
        }
        // The tag of another encoding is not this representation's.
        let response = get("pkg/app.js", &[(header::IF_NONE_MATCH, etag)]);
        assert_eq!(response.status(), StatusCode::OK);
    }

    #[test]
    fn file_without_variants_is_sent_plain() {
        let response = get("robots.txt", &[(header::ACCEPT_ENCODING, "br, gzip")]);
        assert_eq!(text(&response, header::CONTENT_ENCODING), None);
        assert!(serve_from::<Fixture>("missing.txt", &HeaderMap::new()).is_none());
    }

    #[test]
    fn weight_0_refuses_an_encoding() {
        let accepted = |value: &str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]);
            ["br", "gzip"].map(|encoding| accepts(&headers, encoding))
        };
        assert_eq!(accepted("gzip;q=0.5, br;q=1"), [true, true]);
        assert_eq!(accepted("br;q=0, gzip"), [false, true]);
        assert_eq!(accepted("br;q=0.000, *"), [false, true]);
        assert_eq!(accepted("GZIP"), [false, true]);
        assert_eq!(accepted("*;q=0"), [false, false]);
        assert_eq!(accepted("identity"), [false, false]);
    }
}
