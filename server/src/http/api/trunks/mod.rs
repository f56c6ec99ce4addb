//! `/sip/…`: the trunk API, for agent developers. Every response is an envelope.

mod envelope;
mod trunk;

use axum::middleware::{from_fn_with_state, map_response};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    shared::{idempotency, identity},
};

/// Without the fallback of unknown methods, since the numbers API has routes of the same paths.
pub(in crate::http) fn router(state: &AppState) -> OpenApiRouter<AppState> {
    let creates = OpenApiRouter::new()
        .routes(routes!(trunk::create))
        .route_layer(from_fn_with_state(state.clone(), idempotency::execute_once));
    OpenApiRouter::new()
        .routes(routes!(trunk::list))
        .routes(routes!(trunk::get))
        .routes(routes!(trunk::details))
        .merge(creates)
        .route_layer(from_fn_with_state(state.clone(), identity::identify_api_key))
        .route_layer(map_response(envelope::of_problems))
}
