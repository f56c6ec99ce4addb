//! Protection against cross-site requests: browsers may send changes from this server's own pages only.

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

/// Browsers send the origin with every change. A client without one is not a browser, and browsers do not add a bearer
/// token or an API key by themselves.
pub(super) async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe
        || identity::is_sent_on_purpose(request.headers())
        || is_same_origin(request.headers(), state.public_url.as_deref())
    {
        return next.run(request).await;
    }
    let detail = "The request comes from another site's page. If Trunkline is behind a proxy, set TRUNKLINE_PUBLIC_URL to \
                  the address that browsers use.";
    ApiError::from(Problem::new(403, "foreign_origin", "Foreign origin", detail)).into_response()
}

fn is_same_origin(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("null").to_ascii_lowercase());
    match text(header::ORIGIN) {
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host.to_owned());
            public_url == Some(origin.as_str()) || (host.is_some() && host == text(header::HOST))
        }
        // Some browsers leave Origin out, but send this.
        None => text(header::HeaderName::from_static("sec-fetch-site"))
            .is_none_or(|site| site == "same-origin" || site == "none"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(pairs: &[(&'static str, &str)], public_url: Option<&str>) -> bool {
        is_same_origin(
            &pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect(),
            public_url,
        )
    }

    #[test]
    fn only_the_same_origin_is_accepted() {
        let host = ("host", "trunkline.example.com");
        assert!(accepted(&[host, ("origin", "https://trunkline.example.com")], None));
        assert!(accepted(&[host], None));
        assert!(accepted(&[host, ("sec-fetch-site", "same-origin")], None));
        assert!(!accepted(&[host, ("origin", "https://evil.example.com")], None));
        assert!(!accepted(&[host, ("origin", "https://trunkline.example.com.evil.com")], None));
        assert!(!accepted(&[host, ("origin", "null")], None));
        assert!(!accepted(&[host, ("sec-fetch-site", "cross-site")], None));
        let proxied = [("host", "10.0.0.1:3000"), ("origin", "https://trunkline.example.com")];
        assert!(!accepted(&proxied, None));
        assert!(accepted(&proxied, Some("https://trunkline.example.com")));
    }
}
