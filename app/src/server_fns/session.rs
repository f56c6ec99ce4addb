//! Logging in and out. The session's cookie is set with the response.

use api_types::view::{LoginInput, SetupInput, UserView};
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "session/log_in", input = Json, output = Json)]
pub async fn log_in(#[server(flatten)] input: LoginInput) -> Result<UserView, ServerFnProblem> {
    let (services, request) = server::request()?;
    let login = services.sessions.log_in(&input, request.client.clone()).await?;
    request.set_cookie(Some(&login.access_token));
    Ok(login.user)
}

/// Creates the first administrator, with the token from the address that the server prints at its first start.
#[server(prefix = "/api/fn", endpoint = "session/set_up", input = Json, output = Json)]
pub async fn set_up(#[server(flatten)] input: SetupInput) -> Result<UserView, ServerFnProblem> {
    let (services, request) = server::request()?;
    let login = services.setup.create_administrator(&input, &services.sessions, &request.client).await?;
    request.set_cookie(Some(&login.access_token));
    Ok(login.user)
}

#[server(prefix = "/api/fn", endpoint = "session/log_out", input = Json, output = Json)]
pub async fn log_out() -> Result<(), ServerFnProblem> {
    let (services, request) = server::request()?;
    if let Some(actor) = use_context::<services::Actor>() {
        services.sessions.log_out(&actor).await?;
    }
    request.set_cookie(None);
    Ok(())
}

impl FormFn for LogIn {
    type Input = LoginInput;
}

impl FormFn for SetUp {
    type Input = SetupInput;
}

impl FormFn for LogOut {
    type Input = ();
}

#[cfg(feature = "ssr")]
pub use server::SessionRequest;
#[cfg(feature = "ssr")]
pub(super) use server::{base_url, request};

#[cfg(feature = "ssr")]
mod server {
    use std::sync::Arc;

    use http::{HeaderValue, header};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use services::{Error, Services, SessionClient};

    use crate::server_fns::ServerFnProblem;

    /// `Set-Cookie` with a token, or without one to remove the cookie.
    pub type SessionCookie = Arc<dyn Fn(Option<&str>) -> Option<HeaderValue> + Send + Sync>;

    /// What a login knows of its request and response.
    #[derive(Clone)]
    pub struct SessionRequest {
        /// Where the request comes from.
        pub client: SessionClient,
        /// By which the client reached this server; None where the request does not say it.
        pub base_url: Option<String>,
        /// Where the cookie is set.
        pub response: ResponseOptions,
        pub cookie: SessionCookie,
    }

    impl SessionRequest {
        pub fn set_cookie(&self, token: Option<&str>) {
            if let Some(cookie) = (self.cookie)(token) {
                self.response.append_header(header::SET_COOKIE, cookie);
            }
        }
    }

    /// By which links to this server begin.
    pub fn base_url() -> Result<String, ServerFnProblem> {
        let (_, request) = request()?;
        request.base_url.ok_or_else(|| {
            let detail = "The request does not name this server: send a valid Host header, or start the server with \
                          TRUNKLINE_PUBLIC_URL.";
            ServerFnProblem(api_types::Problem::new(400, "malformed", "Malformed Header", detail))
        })
    }

    pub fn request() -> Result<(Services, SessionRequest), ServerFnProblem> {
        use_context().zip(use_context()).ok_or_else(|| Error::Unauthenticated.into())
    }
}
