//! The control plane of the SIP edge: what Kamailio, media nodes and operators' tools call. Not a public surface; see `gate`.

mod auth;
mod availability;
mod body;
mod cac;
mod gate;
mod monitor;
mod presence;
pub(in crate::http) mod roadmap;
mod route;
mod security;
mod trace;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn_with_state, map_response},
};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::gate::Gate;
use crate::http::{
    AppState,
    shared::{limits, problem::no_method, uncached::uncached},
};

/// The gated paths, each with its description in the OpenAPI document.
pub(in crate::http) fn router(state: &AppState) -> (Router<AppState>, OpenApi) {
    let reports =
        OpenApiRouter::new().routes(routes!(security::report)).route_layer(DefaultBodyLimit::max(limits::BAN_REPORT));
    let (routes, mut document) = OpenApiRouter::new()
        .routes(routes!(route::route))
        .routes(routes!(auth::authenticate))
        .routes(routes!(security::bans))
        .routes(routes!(security::allowed, security::allow))
        .routes(routes!(security::disallow))
        .routes(routes!(presence::event))
        .routes(routes!(cac::usage))
        .routes(routes!(cac::reset))
        .routes(routes!(trace::get))
        .merge(reports)
        .split_for_parts();
    document.merge(<roadmap::Document as utoipa::OpenApi>::openapi());
    let routes = routes
        .route_layer((
            from_fn_with_state(state.clone(), gate::check),
            from_fn_with_state(state.clone(), availability::check),
            DefaultBodyLimit::max(limits::EDGE_BODY),
            map_response(uncached),
        ))
        .method_not_allowed_fallback(no_method);
    let (watched, monitor_document) = OpenApiRouter::new().routes(routes!(monitor::watch)).split_for_parts();
    document.merge(monitor_document);
    (routes.merge(watched), document)
}
