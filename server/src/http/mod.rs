//! HTTP: the JSON APIs, the console's pages, and what is asked of every request.

mod api;
mod health;
mod metrics;
mod origin;
mod pages;
mod request_log;
mod shared;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    middleware::{from_fn, from_fn_with_state, map_response},
    response::Response,
};
use services::Services;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use self::metrics::Metrics;
use self::{
    api::console,
    shared::{identity, openapi},
};
use crate::TrustedProxies;

/// The largest body that any route takes: a carrier with its allowlist and a bot's metadata fit well.
const BODY_LIMIT: usize = 64 * 1024;

/// What every handler may ask for; cheap to clone.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

pub(crate) struct Shared {
    pub services: Services,
    /// The origin that browsers use, where it is not the one that they name as Host.
    pub public_url: Option<String>,
    pub trusted_proxies: TrustedProxies,
    /// The server is shutting down: streams end.
    pub stopping: CancellationToken,
    pub metrics: Metrics,
}

impl std::ops::Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl AppState {
    /// Browsers reach the server through TLS: cookies must not travel otherwise.
    fn is_tls(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}

pub fn router(
    services: Services,
    public_url: Option<String>,
    trusted_proxies: TrustedProxies,
    stopping: CancellationToken,
) -> Router {
    let metrics = Metrics::install();
    let state = AppState(Arc::new(Shared { services, public_url, trusted_proxies, stopping, metrics }));
    let (console, console_document) = console::router();
    let (operation, document) =
        OpenApiRouter::with_openapi(openapi::base()).merge(health::router()).merge(metrics::router()).split_for_parts();
    Router::new()
        .nest("/api/v1", console)
        .merge(operation)
        .merge(openapi::router(document.nest("/api/v1", console_document)))
        .merge(pages::router())
        .layer(from_fn_with_state(state.clone(), identity::identify))
        .layer(from_fn_with_state(state.clone(), origin::check))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(map_response(harden))
        .layer(from_fn(request_log::log))
        .with_state(state)
}

/// Headers that do no harm on any answer. The pages' Content-Security-Policy carries a nonce and is set with them.
async fn harden(mut response: Response) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
