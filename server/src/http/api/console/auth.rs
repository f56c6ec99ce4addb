//! `/api/v1/auth/…` and `/api/v1/setup`.

use api_types::{
    Problem,
    view::{Login, LoginInput, Me, SetupInput},
};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};

use crate::http::{
    AppState,
    shared::{
        client::LoginClient,
        extract::{Body, Caller},
        identity,
        problem::ApiResult,
    },
};

/// Log in
///
/// Returns the token and the user, and sets the cookie `access_token`. The token works as `Authorization: Bearer` too.
#[utoipa::path(post, path = "/auth/login", tag = "Session", security(()), request_body = LoginInput,
    responses((status = 200, body = Login), (status = 401, body = Problem),
              (status = 403, body = Problem, description = "The user is disabled"), (status = 422, body = Problem),
              (status = 429, body = Problem, description = "Too many failed or simultaneous logins; `Retry-After` says how long to wait")))]
pub(super) async fn login(
    State(state): State<AppState>,
    LoginClient(client): LoginClient,
    Body(input): Body<LoginInput>,
) -> ApiResult<Response> {
    let login = state.services.sessions.log_in(&input, client).await?;
    Ok(logged_in(&state, StatusCode::OK, login))
}

/// Create the first administrator
///
/// With the token from the address that the server prints at its first start. 403 once a user exists.
#[utoipa::path(post, path = "/setup", tag = "Session", security(()), request_body = SetupInput,
    responses((status = 201, body = Login), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn setup(
    State(state): State<AppState>,
    LoginClient(client): LoginClient,
    Body(input): Body<SetupInput>,
) -> ApiResult<Response> {
    let login = state.services.setup.create_administrator(&input, &state.services.sessions, &client).await?;
    Ok(logged_in(&state, StatusCode::CREATED, login))
}

/// Log out
///
/// Ends the session of the token. An API key has none.
#[utoipa::path(post, path = "/auth/logout", tag = "Session", responses((status = 204)))]
pub(super) async fn logout(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Response> {
    state.services.sessions.log_out(&actor).await?;
    let cookie = identity::session_cookie(&state, None);
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookie.map(|cookie| (header::SET_COOKIE, cookie)))).into_response())
}

/// The current user, or the API key of the request
#[utoipa::path(get, path = "/auth/me", tag = "Session", responses((status = 200, body = Me)))]
pub(super) async fn me(Caller(actor): Caller) -> Json<Me> {
    Json(Me { account_id: actor.account_id.clone(), actor: actor.view() })
}

pub(super) fn logged_in(state: &AppState, status: StatusCode, login: Login) -> Response {
    let cookie = identity::session_cookie(state, Some(&login.access_token));
    (status, AppendHeaders(cookie.map(|cookie| (header::SET_COOKIE, cookie))), Json(login)).into_response()
}
