//! `/api/v1`: the telephony API, for CXB Core and for CRMs.

mod config;
mod lookup;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{AppState, shared::problem::no_method};

/// Merged with the console's routes, which have the fallback of unknown paths.
pub(in crate::http) fn router() -> (Router<AppState>, OpenApi) {
    let (routes, document) = OpenApiRouter::new()
        .routes(routes!(config::get))
        .routes(routes!(config::post))
        .routes(routes!(lookup::did))
        .routes(routes!(lookup::outbound_trunk))
        .split_for_parts();
    (routes.method_not_allowed_fallback(no_method), document)
}
