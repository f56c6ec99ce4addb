//! What pages and server functions find in their context.

use std::sync::Arc;

use app::SessionRequest;
use axum::http::request::Parts;
use leptos::prelude::provide_context;
use leptos_axum::ResponseOptions;
use services::Actor;

use crate::http::{
    AppState,
    shared::{base_url::BaseUrl, client::LoginClient, identity},
};

/// Provides the services, the actor if there is one, and the request's side of a login.
pub(in crate::http) fn contexts(
    state: &AppState,
    parts: &Parts,
) -> impl Fn(ResponseOptions) + Clone + Send + Sync + use<> {
    let state = state.clone();
    let actor = parts.extensions.get::<Actor>().cloned();
    let LoginClient(client) = LoginClient::of(parts, &state);
    let base_url = BaseUrl::of(parts, &state).map(|BaseUrl(url)| url);
    let cookies = state.clone();
    let cookie = Arc::new(move |token: Option<&str>| identity::session_cookie(&cookies, token));
    move |response| {
        provide_context(state.services.clone());
        provide_context(SessionRequest {
            client: client.clone(),
            base_url: base_url.clone(),
            response,
            cookie: cookie.clone(),
        });
        if let Some(actor) = actor.clone() {
            provide_context(actor);
        }
    }
}
