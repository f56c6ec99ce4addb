use api_types::{input::PasswordInput, view::SessionPage};
use domain::SessionId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "own_account/change_password", input = Json, output = Json)]
pub async fn change_password(#[server(flatten)] input: PasswordInput) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    let (_, request) = super::session::request()?;
    Ok(services.own_account.change_password(&actor, &input, &request.client).await?)
}

#[server(prefix = "/api/fn", endpoint = "own_account/sessions", input = Json, output = Json)]
pub async fn list_own_sessions() -> Result<SessionPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.own_account.sessions(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "own_account/end_session", input = Json, output = Json)]
pub async fn end_own_session(id: SessionId) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.own_account.end_session(&actor, &id).await?)
}

/// Also ends the session of the request.
#[server(prefix = "/api/fn", endpoint = "own_account/end_sessions", input = Json, output = Json)]
pub async fn end_own_sessions() -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    let (_, request) = super::session::request()?;
    services.own_account.end_sessions(&actor).await?;
    request.set_cookie(None);
    Ok(())
}

impl FormFn for ChangePassword {
    type Input = PasswordInput;
}

impl FormFn for EndOwnSession {
    type Input = ();
}

impl FormFn for EndOwnSessions {
    type Input = ();
}
