//! Renders pages on the server.

use app::{Assets, Submitted, urls};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use leptos::{
    config::LeptosOptions,
    nonce::use_nonce,
    prelude::{expect_context, provide_context},
};
use leptos_axum::ResponseOptions;

use super::contexts;
use crate::{assets, http::AppState};

/// Pages whose address has a one-time token.
const ONE_TIME_PAGES: [&str; 3] = [urls::SETUP, urls::INVITATION, urls::NEW_PASSWORD];

/// The page at the request's address; with a refused form, that form and its problem's status.
pub(super) async fn page(state: &AppState, parts: &Parts, submitted: Option<Submitted>) -> Response {
    let problem = submitted.as_ref().and_then(|submitted| submitted.problem.as_ref());
    let status = problem.and_then(|problem| StatusCode::from_u16(problem.status).ok());
    let provide = contexts(state, parts);
    let contexts = move || {
        let options: ResponseOptions = expect_context();
        provide(options.clone());
        if let Some(submitted) = submitted.clone() {
            provide_context(submitted);
        }
        if let Some(policy) = use_nonce().and_then(|nonce| HeaderValue::from_str(&policy(&nonce.to_string())).ok()) {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    };
    let (options, names) = (leptos_options(), asset_names());
    let shell = move || app::shell(options.clone(), names.clone());
    let render = leptos_axum::render_app_async_with_context(contexts, shell);
    let mut request = Request::from_parts(parts.clone(), Body::empty());
    // Also after a POST: its outcome is in the context.
    *request.method_mut() = Method::GET;
    let mut response = render(request).await;
    // The page knows better if it has failed itself, as for a malformed id.
    if let Some(status) = status
        && response.status().is_success()
    {
        *response.status_mut() = status;
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if ONE_TIME_PAGES.contains(&parts.uri.path()) {
        // Not even requests of this site get the address: a proxy may log it. `Origin`, which changes need, is still sent.
        response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    }
    response.into_response()
}

/// Scripts and styles from this server only. In a development build, cargo-leptos reloads pages through its own port.
fn policy(nonce: &str) -> String {
    let watcher = if cfg!(debug_assertions) { " ws://127.0.0.1:3001 ws://localhost:3001" } else { "" };
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'{watcher}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

fn leptos_options() -> LeptosOptions {
    LeptosOptions::builder().output_name("trunkline").build()
}

/// In a development build the names change with each edit.
fn asset_names() -> Assets {
    static NAMES: std::sync::OnceLock<Assets> = std::sync::OnceLock::new();
    if cfg!(debug_assertions) { assets::names() } else { NAMES.get_or_init(assets::names).clone() }
}
