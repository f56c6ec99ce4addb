//! `/api/v1/auth/password…` and `/api/v1/auth/sessions…`: a user's own password and sessions.

use api_types::{
    Problem,
    input::{PasswordInput, PasswordLinkInput},
    view::{Login, SessionPage},
};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use domain::SessionId;

use super::auth::logged_in;
use crate::http::{
    AppState,
    shared::{
        client::LoginClient,
        extract::{Body, Caller, Id},
        identity,
        problem::ApiResult,
    },
};

/// Change one's own password
///
/// Ends the user's other sessions. A wrong current password counts as a failed login. An API key has no password.
#[utoipa::path(put, path = "/auth/password", tag = "Session", request_body = PasswordInput,
    responses((status = 204), (status = 422, body = Problem),
              (status = 429, body = Problem, description = "Too many wrong passwords; `Retry-After` says how long to wait")))]
pub(super) async fn change_password(
    State(state): State<AppState>,
    Caller(actor): Caller,
    LoginClient(client): LoginClient,
    Body(input): Body<PasswordInput>,
) -> ApiResult<StatusCode> {
    state.services.own_account.change_password(&actor, &input, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a password by a one-time link
///
/// With the token of an invitation or of a password link. It works once, ends the user's sessions, and logs in as
/// `POST /api/v1/auth/login` does. 403 `link_invalid` for a link that was used, replaced, or has expired.
#[utoipa::path(post, path = "/auth/password-link", tag = "Session", security(()), request_body = PasswordLinkInput,
    responses((status = 200, body = Login), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn accept_link(
    State(state): State<AppState>,
    LoginClient(client): LoginClient,
    Body(input): Body<PasswordLinkInput>,
) -> ApiResult<Response> {
    let login = state.services.password_links.accept(&input, &client).await?;
    Ok(logged_in(&state, StatusCode::OK, login))
}

/// One's own sessions
#[utoipa::path(get, path = "/auth/sessions", tag = "Session", responses((status = 200, body = SessionPage)))]
pub(super) async fn sessions(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<SessionPage>> {
    Ok(Json(state.services.own_account.sessions(&actor).await?))
}

/// Sign out everywhere
///
/// Ends all sessions of the user, also that of the request.
#[utoipa::path(delete, path = "/auth/sessions", tag = "Session", responses((status = 204)))]
pub(super) async fn end_sessions(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Response> {
    state.services.own_account.end_sessions(&actor).await?;
    let cookie = identity::session_cookie(&state, None);
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookie.map(|cookie| (header::SET_COOKIE, cookie)))).into_response())
}

/// End one of one's own sessions
#[utoipa::path(delete, path = "/auth/sessions/{id}", tag = "Session", params(("id" = SessionId, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn end_session(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<SessionId>,
) -> ApiResult<StatusCode> {
    state.services.own_account.end_session(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
