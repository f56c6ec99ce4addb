//! `/api/v1/auth/…` and `/api/v1/setup`.

use std::net::SocketAddr;

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::view::{Login, LoginInput, SetupInput, UserView};

use crate::http::{
    AppState,
    extract::{Body, Caller},
    identity,
    problem::ApiResult,
};

/// 200 with token and person, and the cookie; 401, 422, 429.
pub(super) async fn login(
    State(state): State<AppState>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    Body(input): Body<LoginInput>,
) -> ApiResult<Response> {
    let login = state.services.sessions.log_in(&input, &client.ip().to_string()).await?;
    Ok(answer(&state, StatusCode::OK, login))
}

/// The first administrator: 201 with token and person, and the cookie; 403 once somebody can log in, 422.
pub(super) async fn setup(State(state): State<AppState>, Body(input): Body<SetupInput>) -> ApiResult<Response> {
    let login = state.services.setup.create_administrator(&input, &state.services.sessions).await?;
    Ok(answer(&state, StatusCode::CREATED, login))
}

/// 204; the token is worth nothing from now on.
pub(super) async fn logout(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Response> {
    state.services.sessions.log_out(&actor).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, identity::logged_out(&state))]).into_response())
}

pub(super) async fn me(Caller(actor): Caller) -> Json<UserView> {
    Json(actor.user)
}

fn answer(state: &AppState, status: StatusCode, login: Login) -> Response {
    let cookie = identity::logged_in(state, &login.access_token);
    (status, [(header::SET_COOKIE, cookie)], Json(login)).into_response()
}
