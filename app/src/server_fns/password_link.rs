//! What whoever has a one-time link may do. It needs no session.

use api_types::{
    input::PasswordLinkInput,
    view::{PasswordLinkView, UserView},
};
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "password_link/get", input = Json, output = Json)]
pub async fn get_password_link(token: String) -> Result<PasswordLinkView, ServerFnProblem> {
    let (services, _) = super::session::request()?;
    Ok(services.password_links.get(&domain::Secret::new(token)).await?)
}

#[server(prefix = "/api/fn", endpoint = "password_link/accept", input = Json, output = Json)]
pub async fn accept_password_link(#[server(flatten)] input: PasswordLinkInput) -> Result<UserView, ServerFnProblem> {
    let (services, request) = super::session::request()?;
    let login = services.password_links.accept(&input, &request.client).await?;
    request.set_cookie(Some(&login.access_token));
    Ok(login.user)
}

impl FormFn for AcceptPasswordLink {
    type Input = PasswordLinkInput;
}
