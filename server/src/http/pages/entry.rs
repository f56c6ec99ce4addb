//! `/setup`, `/login`, `/logout`.

use api_types::view::{LoginInput, SetupInput};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};

use super::form::Form;
use crate::http::{
    AppState,
    shared::{
        client::Client,
        identity,
        problem::{ApiResult, logged},
    },
};

pub(super) async fn setup(State(state): State<AppState>, form: Form) -> Response {
    let token = form.field("token").unwrap_or_default().to_owned();
    let query = serde_urlencoded::to_string([("token", token)]).unwrap_or_default();
    let address = format!("/setup?{query}");
    let input: SetupInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    match state.services.setup.create_administrator(&input, &state.services.sessions).await {
        Ok(login) => enter(identity::logged_in(&state, &login.access_token), "/dashboard"),
        Err(error) => form.back(&state, &address, logged(error)).await,
    }
}

pub(super) async fn login(State(state): State<AppState>, client: Client, form: Form) -> Response {
    let next = local(form.field("next").unwrap_or_default());
    let query = serde_urlencoded::to_string([("next", &next)]).unwrap_or_default();
    let address = format!("/login?{query}");
    let input: LoginInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    match client.log_in(&state, &input).await {
        Ok(login) => enter(identity::logged_in(&state, &login.access_token), &next),
        Err(error) => form.back(&state, &address, logged(error)).await,
    }
}

pub(super) async fn logout(State(state): State<AppState>, form: Form) -> ApiResult<Response> {
    if let Some(actor) = form.actor() {
        state.services.sessions.log_out(actor).await?;
    }
    Ok(enter(identity::logged_out(&state), "/login?out=1"))
}

fn enter(cookie: HeaderValue, next: &str) -> Response {
    ([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response()
}

/// An address of this server; anything else, which a link could smuggle in, is the dashboard.
fn local(next: &str) -> String {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if ours { next.to_owned() } else { "/dashboard".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_login_nobody_is_sent_elsewhere() {
        assert_eq!(local("/dashboard/bots?guide=1"), "/dashboard/bots?guide=1");
        for foreign in
            ["", "//evil.example.com", "https://evil.example.com", "/\\evil.example.com", "/\t/evil.example.com"]
        {
            assert_eq!(local(foreign), "/dashboard", "{foreign:?}");
        }
    }
}
