//! Changes come from our own pages: no other site's page can make a browser send one.

use api_types::Problem;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    AppState,
    shared::{identity, problem::ApiError},
};

/// Browsers name the origin with every change. A client that sends none is no browser; one that sends a bearer token is
/// not sending it by itself.
pub(super) async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || identity::bearer(request.headers()).is_some() || is_ours(request.headers(), state.public_url.as_deref())
    {
        return next.run(request).await;
    }
    let detail = "The request comes from another site's page. If Trunkline is behind a proxy, set TRUNKLINE_PUBLIC_URL to \
                  the address that browsers use.";
    ApiError::from(Problem::new(403, "foreign_origin", "Foreign origin", detail)).into_response()
}

fn is_ours(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("null").to_ascii_lowercase());
    match text(header::ORIGIN) {
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host.to_owned());
            public_url == Some(origin.as_str()) || (host.is_some() && host == text(header::HOST))
        }
        // Old and private browsing modes leave Origin out, but say this.
        None => text(header::HeaderName::from_static("sec-fetch-site"))
            .is_none_or(|site| site == "same-origin" || site == "none"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &str)], public_url: Option<&str>) -> bool {
        is_ours(
            &pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect(),
            public_url,
        )
    }

    #[test]
    fn only_our_own_origin_passes() {
        let host = ("host", "trunkline.example.com");
        assert!(ours(&[host, ("origin", "https://trunkline.example.com")], None));
        assert!(ours(&[host], None));
        assert!(ours(&[host, ("sec-fetch-site", "same-origin")], None));
        assert!(!ours(&[host, ("origin", "https://evil.example.com")], None));
        assert!(!ours(&[host, ("origin", "https://trunkline.example.com.evil.com")], None));
        assert!(!ours(&[host, ("origin", "null")], None));
        assert!(!ours(&[host, ("sec-fetch-site", "cross-site")], None));
        let proxied = [("host", "10.0.0.1:3000"), ("origin", "https://trunkline.example.com")];
        assert!(!ours(&proxied, None));
        assert!(ours(&proxied, Some("https://trunkline.example.com")));
    }
}
