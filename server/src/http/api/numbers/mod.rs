//! `/sip/…`: the numbers API.

mod search;

use axum::{Router, middleware::from_fn_with_state};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    shared::{identity, problem::no_method},
};

/// Each route has its description, so that the OpenAPI document lists all of them.
pub(in crate::http) fn router(state: &AppState) -> (Router<AppState>, OpenApi) {
    let (routes, document) = OpenApiRouter::new().routes(routes!(search::search)).split_for_parts();
    let routes = routes
        .route_layer(from_fn_with_state(state.clone(), identity::identify))
        .method_not_allowed_fallback(no_method);
    (routes, document)
}
