//! `/api/v1/auth/…` and `/api/v1/setup`.

use api_types::{
    Problem,
    view::{Login, LoginInput, SetupInput, UserView},
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::http::{
    AppState,
    shared::{
        client::Client,
        extract::{Body, Caller},
        identity,
        problem::ApiResult,
    },
};

/// Log in
///
/// Returns the token and the user, and sets the cookie `access_token`. The token works as `Authorization: Bearer` too.
#[utoipa::path(post, path = "/auth/login", tag = "Session", security(()), request_body = LoginInput,
    responses((status = 200, body = Login), (status = 401, body = Problem), (status = 422, body = Problem),
              (status = 429, body = Problem, description = "Too many failed or simultaneous logins; `Retry-After` says how long to wait")))]
pub(super) async fn login(
    State(state): State<AppState>,
    client: Client,
    Body(input): Body<LoginInput>,
) -> ApiResult<Response> {
    let login = client.log_in(&state, &input).await?;
    Ok(logged_in(&state, StatusCode::OK, login))
}

/// Create the first administrator
///
/// With the token from the address that the server prints at its first start. 403 once a user exists.
#[utoipa::path(post, path = "/setup", tag = "Session", security(()), request_body = SetupInput,
    responses((status = 201, body = Login), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn setup(State(state): State<AppState>, Body(input): Body<SetupInput>) -> ApiResult<Response> {
    let login = state.services.setup.create_administrator(&input, &state.services.sessions).await?;
    Ok(logged_in(&state, StatusCode::CREATED, login))
}

/// Log out
///
/// Ends the session of the token.
#[utoipa::path(post, path = "/auth/logout", tag = "Session", responses((status = 204)))]
pub(super) async fn logout(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Response> {
    state.services.sessions.log_out(&actor).await?;
    Ok((StatusCode::NO_CONTENT, identity::logged_out(&state)).into_response())
}

/// The current user
#[utoipa::path(get, path = "/auth/me", tag = "Session", responses((status = 200, body = UserView)))]
pub(super) async fn me(Caller(actor): Caller) -> Json<UserView> {
    Json(actor.user)
}

fn logged_in(state: &AppState, status: StatusCode, login: Login) -> Response {
    let cookie = identity::logged_in(state, &login.access_token);
    (status, cookie, Json(login)).into_response()
}
