//! Who asks: the session's cookie, or the same token as a bearer.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use services::Sessions;

use super::problem::ApiError;
use crate::http::AppState;

const COOKIE: &str = "access_token";

/// Leaves the actor with the request. A token that is not good is as none; a database that fails is an error.
pub(in crate::http) async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if let Some(token) = token(request.headers()) {
        match state.services.sessions.authenticate(&token).await {
            Ok(Some(actor)) => drop(request.extensions_mut().insert(actor)),
            Ok(None) => {}
            Err(error) => return ApiError::from(error).into_response(),
        }
    }
    next.run(request).await
}

/// A bearer goes before the cookie: who sends one means it.
pub(in crate::http) fn token(headers: &HeaderMap) -> Option<String> {
    bearer(headers).or_else(|| cookie(headers))
}

pub(in crate::http) fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

/// For `Set-Cookie` after a login.
pub(in crate::http) fn logged_in(state: &AppState, token: &str) -> HeaderValue {
    set_cookie(state, token, Sessions::LIFETIME_SECONDS)
}

/// For `Set-Cookie` after a logout.
pub(in crate::http) fn logged_out(state: &AppState) -> HeaderValue {
    set_cookie(state, "", 0)
}

fn set_cookie(state: &AppState, token: &str, max_age: i64) -> HeaderValue {
    let secure = if state.is_tls() { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).expect("a token has no character that a header refuses")
}
