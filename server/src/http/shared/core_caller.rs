//! CXB Core, which authenticates with a shared secret instead of a session.

use api_types::Problem;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, request::Parts},
};
use domain::Secret;

use super::{constant_time, problem::ApiError};
use crate::http::AppState;

/// The header's name as the interface publishes it; compared without case.
pub(crate) const CORE_SECRET: HeaderName = HeaderName::from_static("x-cxb-core-secret");

/// A request of CXB Core. 403 unless the header has the configured secret, once. Queries nothing.
pub(crate) struct CoreCaller;

impl FromRequestParts<AppState> for CoreCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        if is_core(&parts.headers, state.core_secret.as_ref()) { Ok(Self) } else { Err(refused()) }
    }
}

/// The same for every reason, so that a client learns nothing about the secret.
fn refused() -> ApiError {
    let detail = "Send the header X-CXB-Core-Secret once, with the secret that this server was started with \
                  (TRUNKLINE_CORE_SECRET).";
    Problem::new(403, "wrong_core_secret", "Wrong core secret", detail).into()
}

fn is_core(headers: &HeaderMap, secret: Option<&Secret>) -> bool {
    let mut sent = headers.get_all(CORE_SECRET).iter();
    let (Some(secret), Some(value), None) = (secret, sent.next(), sent.next()) else { return false };
    constant_time::eq(value.as_bytes(), secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(sent: &[&str], secret: Option<&str>) -> bool {
        let headers = sent.iter().map(|value| (CORE_SECRET, value.parse().unwrap())).collect();
        is_core(&headers, secret.map(Secret::new).as_ref())
    }

    #[test]
    fn configured_secret_is_accepted() {
        assert!(accepted(&["s3cret"], Some("s3cret")));
    }

    #[test]
    fn anything_else_is_refused() {
        for sent in
            [&[] as &[&str], &[""], &["s3cre"], &["s3crets"], &["S3CRET"], &["s3cret", "s3cret"], &["x", "s3cret"]]
        {
            assert!(!accepted(sent, Some("s3cret")), "{sent:?}");
        }
    }

    #[test]
    fn nothing_is_accepted_without_a_configured_secret() {
        for sent in [&[] as &[&str], &[""], &["s3cret"]] {
            assert!(!accepted(sent, None), "{sent:?}");
        }
    }
}
