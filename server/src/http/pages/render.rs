//! Renders pages on the server.

use api_types::view::ExotelImported;
use app::{Assets, RenderedAt, Submitted};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::provide_context};
use leptos_axum::ResponseOptions;
use services::Actor;

use crate::{assets, http::AppState};

/// The page at the request's address; with a rejected form, that form and its problem's status.
pub(super) async fn page(state: &AppState, request: Request, submitted: Option<Submitted>) -> Response {
    let services = state.services.clone();
    let actor = request.extensions().get::<Actor>().cloned();
    // The outcome of an import, which its page shows.
    let imported = request.extensions().get::<ExotelImported>().cloned();
    let status = submitted
        .as_ref()
        .and_then(|submitted| submitted.problem.as_ref())
        .and_then(|problem| StatusCode::from_u16(problem.status).ok());
    // Only a rejected form is rendered at another address than it was posted to.
    let rendered_at = submitted.is_some().then(|| RenderedAt(request.uri().to_string()));
    let contexts = move || {
        provide_context(services.clone());
        if let Some(rendered_at) = rendered_at.clone() {
            provide_context(rendered_at);
        }
        if let Some(actor) = actor.clone() {
            provide_context(actor);
        }
        if let Some(submitted) = submitted.clone() {
            provide_context(submitted);
        }
        if let Some(imported) = imported.clone() {
            provide_context(imported);
        }
        if let (Some(options), Some(nonce)) = (leptos::prelude::use_context::<ResponseOptions>(), use_nonce())
            && let Ok(policy) = HeaderValue::from_str(&policy(&nonce.to_string()))
        {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    };
    let (options, names) = (leptos_options(), asset_names());
    let shell = move || app::shell(options.clone(), names.clone());
    let render = leptos_axum::render_app_async_with_context(contexts, shell);
    let mut response = render(request).await;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The page at another address than the request's: the one that contains the posted form.
pub(super) async fn page_at(state: &AppState, parts: &Parts, address: &str, submitted: Submitted) -> Response {
    let Ok(uri) = address.parse::<Uri>() else { return StatusCode::NOT_FOUND.into_response() };
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    *request.headers_mut() = parts.headers.clone();
    *request.extensions_mut() = parts.extensions.clone();
    page(state, request, Some(submitted)).await
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
