use api_types::{
    input::{InvitationInput, UserInput},
    view::{UserAccess, UserDetail, UserLink, UserPage},
};
use domain::UserId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "users/list", input = Json, output = Json)]
pub async fn list_users() -> Result<UserPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.users.list(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "users/access", input = Json, output = Json)]
pub async fn get_user_access(id: UserId) -> Result<UserAccess, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.users.access(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "users/invite", input = Json, output = Json)]
pub async fn invite_user(#[server(flatten)] input: InvitationInput) -> Result<UserLink, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    let base_url = super::session::base_url()?;
    Ok(user_link(&base_url, services.users.invite(&actor, &input).await?))
}

#[server(prefix = "/api/fn", endpoint = "users/update", input = Json, output = Json)]
pub async fn update_user(id: UserId, #[server(flatten)] input: UserInput) -> Result<UserDetail, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.users.update(&actor, &id, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "users/delete", input = Json, output = Json)]
pub async fn delete_user(id: UserId) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.users.delete(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "users/create_link", input = Json, output = Json)]
pub async fn create_user_link(id: UserId) -> Result<UserLink, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    let base_url = super::session::base_url()?;
    Ok(user_link(&base_url, services.users.create_link(&actor, &id).await?))
}

#[server(prefix = "/api/fn", endpoint = "users/end_sessions", input = Json, output = Json)]
pub async fn end_user_sessions(id: UserId) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.users.end_sessions(&actor, &id).await?)
}

/// The link as it is passed on.
#[cfg(feature = "ssr")]
pub fn user_link(base_url: &str, link: services::NewPasswordLink) -> UserLink {
    use domain::{Secret, UserState};

    use crate::urls;

    let services::NewPasswordLink { token, expires_at, user } = link;
    let page = if user.state == UserState::Invited { urls::INVITATION } else { urls::NEW_PASSWORD };
    let url = Secret::new(format!("{base_url}{}", urls::with_token(page, token.expose())));
    UserLink { url, expires_at, user }
}

impl FormFn for InviteUser {
    type Input = InvitationInput;
}

impl FormFn for UpdateUser {
    type Input = UserInput;
}

impl FormFn for DeleteUser {
    type Input = ();
}

impl FormFn for CreateUserLink {
    type Input = ();
}

impl FormFn for EndUserSessions {
    type Input = ();
}
