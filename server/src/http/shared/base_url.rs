//! The base URL by which a client reached the server.

use std::net::SocketAddr;

use api_types::Problem;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use domain::SipAddress;

use super::problem::ApiError;
use crate::http::AppState;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// `https://trunkline.example.com`, without a final slash: TRUNKLINE_PUBLIC_URL where it is set, else what the request names.
/// `X-Forwarded-Proto` and `X-Forwarded-Host` count only from a trusted proxy.
pub(crate) struct BaseUrl(pub String);

impl FromRequestParts<AppState> for BaseUrl {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        Self::of(parts, state).ok_or_else(|| {
            let detail = "The request does not name this server: send a valid Host header, or start the server with \
                          TRUNKLINE_PUBLIC_URL.";
            Problem::new(400, "malformed", "Malformed header", detail).into()
        })
    }
}

impl BaseUrl {
    /// None where the request names no valid host, and the configuration none either.
    pub fn of(parts: &Parts, state: &AppState) -> Option<Self> {
        if let Some(url) = &state.public_url {
            return Some(Self(url.clone()));
        }
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let is_forwarded = peer.is_some_and(|ConnectInfo(peer)| state.trusted_proxies.contains(peer.ip()));
        let authority = parts.uri.authority().map(|authority| authority.as_str().to_owned());
        of_request(&parts.headers, authority, is_forwarded).map(Self)
    }
}

/// None where the request names no valid host.
fn of_request(headers: &HeaderMap, authority: Option<String>, is_forwarded: bool) -> Option<String> {
    let forwarded = |name: &HeaderName| first(headers, name).filter(|_| is_forwarded);
    let scheme = match forwarded(&FORWARDED_PROTO).as_deref() {
        Some("https") => "https",
        _ => "http",
    };
    let host = forwarded(&FORWARDED_HOST).or(authority).or_else(|| first(headers, &header::HOST))?;
    // The parser of `host[:port]`: anything else would become part of a URL that others open.
    let host: SipAddress = host.parse().ok()?;
    Some(format!("{scheme}://{host}"))
}

/// The first entry: the proxy nearest to the client wrote it.
fn first(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.split(',').next().unwrap_or_default().trim().to_ascii_lowercase()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base_url(pairs: &[(&HeaderName, &str)], is_forwarded: bool) -> Option<String> {
        let headers = pairs.iter().map(|(name, value)| ((*name).clone(), value.parse().unwrap())).collect();
        of_request(&headers, None, is_forwarded)
    }

    const HOST: &HeaderName = &header::HOST;

    #[test]
    fn host_header_names_the_server() {
        assert_eq!(base_url(&[(HOST, "Trunkline:3000")], false).as_deref(), Some("http://trunkline:3000"));
        assert_eq!(base_url(&[(HOST, "[::1]:3000")], false).as_deref(), Some("http://[::1]:3000"));
    }

    #[test]
    fn forwarded_headers_count_from_a_trusted_proxy_only() {
        let headers = [
            (HOST, "10.0.0.1:3000"),
            (&FORWARDED_PROTO, "https, http"),
            (&FORWARDED_HOST, "trunkline.example.com, proxy"),
        ];
        assert_eq!(base_url(&headers, true).as_deref(), Some("https://trunkline.example.com"));
        assert_eq!(base_url(&headers, false).as_deref(), Some("http://10.0.0.1:3000"));
    }

    #[test]
    fn invalid_host_is_none() {
        assert_eq!(base_url(&[], false), None);
        for host in ["user@evil.example", "a/b", "a?b", "a b", "", "a:99999"] {
            assert_eq!(base_url(&[(HOST, host)], false), None, "{host}");
        }
    }
}
