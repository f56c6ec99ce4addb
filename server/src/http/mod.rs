//! HTTP: the JSON APIs, the console's pages, and the middleware of every request.

mod api;
mod functions;
mod health;
mod layers;
mod metrics;
mod origin;
mod pages;
mod request_log;
mod shared;

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state};
use domain::Secret;
use livekit::WebhookReceiver;
use services::Services;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use self::metrics::Metrics;
use self::{
    api::{console, edge, numbers, telephony, trunks},
    shared::{
        limits, openapi,
        problem::{no_method, no_route},
    },
};
use crate::{TrustedProxies, config};

/// What handlers use; cheap to clone.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

pub(crate) struct Shared {
    pub services: Services,
    /// The origin that browsers use, if it differs from their Host header.
    pub public_url: Option<String>,
    pub trusted_proxies: TrustedProxies,
    /// Authenticates CXB Core.
    pub core_secret: Option<Secret>,
    /// Who may call the edge's paths.
    pub gate: edge::Gate,
    /// Authenticates LiveKit's webhooks.
    pub webhooks: WebhookReceiver,
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
    /// Whether browsers reach the server through TLS; cookies are then marked Secure.
    fn is_tls(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// The routers of the server's listeners.
pub struct Routers {
    pub main: Router,
    /// The edge's paths, where they have a listener of their own.
    pub edge: Option<Router>,
}

pub fn routers(
    services: Services,
    public_url: Option<String>,
    trusted_proxies: TrustedProxies,
    core_secret: Option<Secret>,
    edge: &config::Edge,
    webhooks: WebhookReceiver,
    stopping: CancellationToken,
) -> Routers {
    let gate = edge::Gate::new(edge, services.sandbox);
    let has_edge_listener = edge.listen.is_some();
    let metrics = Metrics::install();
    let state = AppState(Arc::new(Shared {
        services,
        public_url,
        trusted_proxies,
        core_secret,
        gate,
        webhooks,
        stopping,
        metrics,
    }));
    let (console, console_document) = console::router(&state);
    let (telephony, telephony_document) = telephony::router(&state);
    let (edge, edge_document) = edge::router(&state);
    let (sip, sip_document) =
        OpenApiRouter::new().merge(numbers::router(&state)).merge(trunks::router(&state)).split_for_parts();
    let (operation, mut document) =
        OpenApiRouter::with_openapi(openapi::base()).merge(health::router()).merge(metrics::router()).split_for_parts();
    document.merge(sip_document);
    document.merge(edge_document);
    let operation = operation.merge(edge::roadmap::router());
    let main = Router::new()
        .nest("/api/v1", console.merge(telephony))
        .merge(sip.method_not_allowed_fallback(no_method))
        .merge(operation.clone())
        .merge(openapi::router(document.nest("/api/v1", console_document).nest("/api/v1", telephony_document)))
        .merge(functions::router(&state))
        .merge(pages::router(&state));
    let complete = |router: Router<AppState>| {
        let router =
            router.layer((from_fn_with_state(state.clone(), origin::check), DefaultBodyLimit::max(limits::BODY)));
        layers::add(router, limits::RESPONSE).with_state(state.clone())
    };
    if has_edge_listener {
        let edge = edge.merge(operation).fallback(no_route);
        Routers { main: complete(main), edge: Some(complete(edge)) }
    } else {
        Routers { main: complete(main.merge(edge)), edge: None }
    }
}
