//! Who sent the request: a session, by its cookie or by the same token as bearer.

use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap, HeaderValue},
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
use services::Sessions;

use super::problem::ApiResult;
use crate::http::AppState;

const COOKIE: &str = "access_token";

/// For the routes that need an actor, and for no others: it queries the database.
pub(in crate::http) async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let (headers, extensions) = (request.headers().clone(), request.extensions_mut());
    match add_actor(&state, &headers, extensions).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Adds the actor to the request. An invalid token counts as none; a database failure is an error.
pub(in crate::http) async fn add_actor(
    state: &AppState,
    headers: &HeaderMap,
    extensions: &mut Extensions,
) -> ApiResult<()> {
    if let Some(token) = token(headers)
        && let Some(actor) = state.services.sessions.authenticate(&token).await?
    {
        extensions.insert(actor);
    }
    Ok(())
}

/// The bearer before the cookie: browsers add cookies by themselves, a bearer is sent on purpose.
pub(in crate::http) fn token(headers: &HeaderMap) -> Option<String> {
    bearer(headers).or_else(|| cookie(headers))
}

pub(in crate::http) fn bearer(headers: &HeaderMap) -> Option<String> {
    let authorization = headers.typed_get::<Authorization<Bearer>>()?;
    Some(authorization.token().trim().to_owned())
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(COOKIE).map(|cookie| cookie.value_trimmed().to_owned()).filter(|token| !token.is_empty())
}

/// `Set-Cookie` after a login.
pub(in crate::http) fn logged_in(state: &AppState, token: &str) -> CookieJar {
    set_cookie(state, token.to_owned(), Sessions::LIFETIME_SECONDS)
}

/// `Set-Cookie` after a logout.
pub(in crate::http) fn logged_out(state: &AppState) -> CookieJar {
    set_cookie(state, String::new(), 0)
}

/// `Set-Cookie` after a login, or without a token after a logout.
pub(in crate::http) fn cookie_header(state: &AppState, token: Option<&str>) -> Option<HeaderValue> {
    let cookie = match token {
        Some(token) => cookie_of(state, token.to_owned(), Sessions::LIFETIME_SECONDS),
        None => cookie_of(state, String::new(), 0),
    };
    HeaderValue::try_from(cookie.to_string()).ok()
}

fn set_cookie(state: &AppState, token: String, max_age_seconds: i64) -> CookieJar {
    CookieJar::new().add(cookie_of(state, token, max_age_seconds))
}

fn cookie_of(state: &AppState, token: String, max_age_seconds: i64) -> Cookie<'static> {
    Cookie::build((COOKIE, token))
        .path("/")
        .max_age(time::Duration::seconds(max_age_seconds))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(state.is_tls())
        .build()
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
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
            assert_eq!(token(&headers(&[(header::COOKIE, line)])).as_deref(), Some("a.b.c"), "{line}");
        }
        // HTTP/2 may split the header (RFC 9113 §8.2.3).
        let lines = headers(&[(header::COOKIE, "theme=dark"), (header::COOKIE, "access_token=a.b.c")]);
        assert_eq!(token(&lines).as_deref(), Some("a.b.c"));
    }

    #[test]
    fn empty_or_missing_cookie_is_no_token() {
        for line in ["access_token=", "access_token", "ACCESS_TOKEN=a.b.c", "theme=access_token", "\u{e9}"] {
            assert_eq!(token(&headers(&[(header::COOKIE, line)])), None, "{line}");
        }
        assert_eq!(token(&HeaderMap::new()), None);
    }

    #[test]
    fn bearer_precedes_the_cookie() {
        let both = headers(&[(header::COOKIE, "access_token=cookie"), (header::AUTHORIZATION, "bearer  b.c.d")]);
        assert_eq!(token(&both).as_deref(), Some("b.c.d"));
        let basic = headers(&[(header::COOKIE, "access_token=cookie"), (header::AUTHORIZATION, "Basic YTpi")]);
        assert_eq!(token(&basic).as_deref(), Some("cookie"));
    }
}
