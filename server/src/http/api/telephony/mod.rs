//! `/api/v1`: the telephony API, for CXB Core, for CRMs and for LiveKit.

mod config;
mod dialout;
mod livekit_webhook;
mod lookup;

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    shared::{idempotency, identity, limits, problem::no_method},
};

/// Merged with the console's routes, which have the fallback of unknown paths.
pub(in crate::http) fn router(state: &AppState) -> (Router<AppState>, OpenApi) {
    let identified = OpenApiRouter::new()
        .routes(routes!(dialout::start))
        .route_layer(from_fn_with_state(state.clone(), idempotency::execute_at_most_once))
        .route_layer(from_fn_with_state(state.clone(), identity::identify));
    let webhooks = OpenApiRouter::new()
        .routes(routes!(livekit_webhook::receive))
        .route_layer(DefaultBodyLimit::max(limits::WEBHOOK));
    let (routes, document) = OpenApiRouter::new()
        .routes(routes!(config::get))
        .routes(routes!(config::post))
        .routes(routes!(lookup::did))
        .routes(routes!(lookup::outbound_trunk))
        .merge(identified)
        .merge(webhooks)
        .split_for_parts();
    (routes.method_not_allowed_fallback(no_method), document)
}
