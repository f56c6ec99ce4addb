//! Who sent the request: an API key, or a session by its token as bearer or cookie.
//!
//! The first of `X-API-Key`, `Authorization: Bearer` and the cookie that is sent counts, whatever the others are: a client
//! sends a header on purpose, and browsers add cookies by themselves. One that is not accepted is not replaced by the next.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::{
    extract::{
        CookieJar,
        cookie::{Cookie, SameSite},
    },
    headers::{Authorization, HeaderMapExt, authorization::Bearer},
};
use domain::{ApiKey, Secret};
use services::{Credential, Error, Sessions};

use super::{client::Client, problem::ApiResult};
use crate::http::AppState;

const COOKIE: &str = "access_token";
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What authenticated the request, for streams, which outlast it.
#[derive(Clone)]
pub(in crate::http) struct Authenticated {
    pub credential: Credential,
    /// The client's address, where it is known.
    pub address: Option<IpAddr>,
}

/// For the routes of `/api/v1` that need an actor, and for no others: it queries the database.
pub(in crate::http) async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match add_actor(&state, &mut request, credential).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// For programs: `X-API-Key` alone counts.
pub(in crate::http) async fn identify_api_key(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let key = |headers: &HeaderMap| if headers.contains_key(API_KEY) { credential(headers) } else { Ok(None) };
    match add_actor(&state, &mut request, key).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// For pages and their server functions, which belong to a user: an API key is none.
pub(in crate::http) async fn identify_user(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    match add_user(&state, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Adds the user of a session to the request.
pub(in crate::http) async fn add_user(state: &AppState, request: &mut Request) -> ApiResult<()> {
    add_actor(state, request, |headers| Ok(session_token(headers))).await
}

/// Adds the actor to the request. An invalid token counts as none; an API key that is not accepted is an error, and so is a
/// database failure.
async fn add_actor(
    state: &AppState,
    request: &mut Request,
    credential: impl FnOnce(&HeaderMap) -> services::Result<Option<Credential>>,
) -> ApiResult<()> {
    let Some(credential) = credential(request.headers())? else { return Ok(()) };
    let address = Client::new(request.extensions(), request.headers(), state).address();
    if let Some(actor) = state.services.authentication.authenticate(&credential, address).await? {
        request.extensions_mut().insert(actor);
        request.extensions_mut().insert(Authenticated { credential, address });
    }
    Ok(())
}

/// Fails where `X-API-Key` cannot be a key, as where it is sent twice.
fn credential(headers: &HeaderMap) -> services::Result<Option<Credential>> {
    let mut keys = headers.get_all(API_KEY).iter();
    match (keys.next(), keys.next()) {
        (Some(key), None) => {
            let text = key.to_str().map_err(|_| Error::UnknownApiKey)?;
            Ok(Some(Credential::ApiKey(Secret::new(text.trim()))))
        }
        (Some(_), Some(_)) => Err(Error::UnknownApiKey),
        (None, _) => Ok(bearer(headers).map_or_else(|| session_token(headers), |token| Some(of_bearer(token)))),
    }
}

/// A JWT begins with `eyJ`, so that it is never mistaken for a key.
fn of_bearer(token: Secret) -> Credential {
    if token.expose().starts_with(ApiKey::MARK) { Credential::ApiKey(token) } else { Credential::SessionToken(token) }
}

fn session_token(headers: &HeaderMap) -> Option<Credential> {
    bearer(headers).or_else(|| cookie(headers)).map(Credential::SessionToken)
}

/// Whether the client sends a header that browsers do not add by themselves.
pub(in crate::http) fn is_sent_on_purpose(headers: &HeaderMap) -> bool {
    headers.contains_key(API_KEY) || bearer(headers).is_some()
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let authorization = headers.typed_get::<Authorization<Bearer>>()?;
    Some(Secret::new(authorization.token().trim()))
}

fn cookie(headers: &HeaderMap) -> Option<Secret> {
    let jar = CookieJar::from_headers(headers);
    jar.get(COOKIE).map(|cookie| Secret::new(cookie.value_trimmed())).filter(|token| !token.is_empty())
}

/// `Set-Cookie` after a login, or without a token after a logout. None where the token fits no header, which a JWT does.
pub(in crate::http) fn session_cookie(state: &AppState, token: Option<&str>) -> Option<HeaderValue> {
    let max_age_seconds = if token.is_some() { Sessions::LIFETIME_SECONDS } else { 0 };
    let cookie = Cookie::build((COOKIE, token.unwrap_or_default()))
        .path("/")
        .max_age(time::Duration::seconds(max_age_seconds))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(state.is_tls())
        .build();
    HeaderValue::try_from(cookie.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "tl_ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123";

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    /// The credential as `key …` or `token …`.
    fn sent(pairs: &[(&str, &str)]) -> Option<String> {
        match credential(&headers(pairs)) {
            Ok(credential) => credential.map(|credential| match credential {
                Credential::ApiKey(text) => format!("key {}", text.expose()),
                Credential::SessionToken(text) => format!("token {}", text.expose()),
            }),
            Err(error) => Some(error.to_string()),
        }
    }

    #[test]
    fn cookie_is_found_among_others() {
        for line in [
            "access_token=a.b.c",
            "theme=dark; access_token=a.b.c",
            "my_access_token=x; access_token=a.b.c;",
            "access_token=\"a.b.c\"",
            "broken; ; =x; access_token=a.b.c",
        ] {
            assert_eq!(sent(&[("cookie", line)]).as_deref(), Some("token a.b.c"), "{line}");
        }
        // HTTP/2 may split the header (RFC 9113 §8.2.3).
        assert_eq!(sent(&[("cookie", "theme=dark"), ("cookie", "access_token=a.b.c")]).as_deref(), Some("token a.b.c"));
    }

    #[test]
    fn empty_or_missing_cookie_is_no_token() {
        for line in ["access_token=", "access_token", "ACCESS_TOKEN=a.b.c", "theme=access_token", "\u{e9}"] {
            assert_eq!(sent(&[("cookie", line)]), None, "{line}");
        }
        assert_eq!(sent(&[]), None);
    }

    #[test]
    fn bearer_precedes_the_cookie() {
        let both = [("cookie", "access_token=cookie"), ("authorization", "bearer  b.c.d")];
        assert_eq!(sent(&both).as_deref(), Some("token b.c.d"));
        let basic = [("cookie", "access_token=cookie"), ("authorization", "Basic YTpi")];
        assert_eq!(sent(&basic).as_deref(), Some("token cookie"));
    }

    #[test]
    fn api_key_is_read_from_either_header() {
        let expected = format!("key {KEY}");
        for name in ["x-api-key", "X-API-Key", "X-Api-Key"] {
            assert_eq!(sent(&[(name, KEY)]).as_deref(), Some(expected.as_str()), "{name}");
        }
        let bearer = format!("Bearer {KEY}");
        assert_eq!(
            sent(&[("authorization", &bearer), ("cookie", "access_token=c")]).as_deref(),
            Some(expected.as_str())
        );
    }

    #[test]
    fn x_api_key_precedes_all_others() {
        let others = [("cookie", "access_token=c"), ("authorization", "Bearer b.c.d")];
        let with = |key: &'static str| [others.to_vec(), vec![("x-api-key", key)]].concat();
        assert_eq!(sent(&with(KEY)), Some(format!("key {KEY}")));
        for wrong in ["wrong", ""] {
            assert_eq!(sent(&with(wrong)), Some(format!("key {wrong}")));
        }
        assert_eq!(sent(&with("\u{e9}")).as_deref(), Some("unknown API key"));
        assert_eq!(sent(&[("x-api-key", KEY), ("x-api-key", KEY)]).as_deref(), Some("unknown API key"));
    }

    #[test]
    fn pages_accept_no_api_key() {
        let headers = headers(&[("x-api-key", KEY), ("cookie", "access_token=c")]);
        let Some(Credential::SessionToken(token)) = session_token(&headers) else { panic!() };
        assert_eq!(token.expose(), "c");
    }
}
