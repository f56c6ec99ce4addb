//! `/setup`, `/login`, `/logout`.

use api_types::view::{LoginInput, SetupInput};
use app::urls;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;

use super::form::Form;
use crate::http::{
    AppState,
    shared::{
        client::Client,
        identity,
        problem::{ApiResult, to_problem},
    },
};

pub(super) async fn setup(State(state): State<AppState>, form: Form) -> Response {
    let token = form.field("token").unwrap_or_default().to_owned();
    let address = urls::setup(&token);
    let input: SetupInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    match state.services.setup.create_administrator(&input, &state.services.sessions).await {
        Ok(login) => enter(identity::logged_in(&state, &login.access_token), urls::HOME),
        Err(error) => form.back(&state, &address, to_problem(error)).await,
    }
}

pub(super) async fn login(State(state): State<AppState>, client: Client, form: Form) -> Response {
    let next = urls::local(form.field("next").unwrap_or_default()).to_owned();
    let address = urls::login(&next);
    let input: LoginInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    match client.log_in(&state, &input).await {
        Ok(login) => enter(identity::logged_in(&state, &login.access_token), &next),
        Err(error) => form.back(&state, &address, to_problem(error)).await,
    }
}

pub(super) async fn logout(State(state): State<AppState>, form: Form) -> ApiResult<Response> {
    if let Some(actor) = form.actor() {
        state.services.sessions.log_out(actor).await?;
    }
    Ok(enter(identity::logged_out(&state), urls::LOGGED_OUT))
}

fn enter(cookie: CookieJar, next: &str) -> Response {
    (cookie, Redirect::to(next)).into_response()
}
