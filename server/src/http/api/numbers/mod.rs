//! `/sip…`: the numbers API, for product back ends. Errors are problems, whose `detail` is the message.

mod number;
mod purchase;
mod search;

use api_types::Problem;
use axum::{
    extract::Request,
    middleware::{Next, from_fn, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
};
use services::{Actor, Principal};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    shared::{idempotency, identity, problem::ApiError, uncached::uncached},
};

/// Without the fallback of unknown methods, since the trunk API has routes of the same paths.
pub(in crate::http) fn router(state: &AppState) -> OpenApiRouter<AppState> {
    let creates = OpenApiRouter::new()
        .routes(routes!(number::register))
        .routes(routes!(purchase::buy))
        .route_layer(from_fn_with_state(state.clone(), idempotency::execute_once));
    let by_session = OpenApiRouter::new()
        .routes(routes!(number::update, number::delete))
        .routes(routes!(number::map_agent))
        .routes(routes!(search::search))
        .merge(creates)
        .route_layer(from_fn(refuse_api_keys));
    OpenApiRouter::new()
        .routes(routes!(number::list))
        .merge(by_session)
        .route_layer(from_fn_with_state(state.clone(), identity::identify))
        .layer(map_response(uncached))
}

/// All routes but the list are for people with a session.
async fn refuse_api_keys(request: Request, next: Next) -> Response {
    let is_key = |actor: &Actor| matches!(actor.principal, Principal::ApiKey { .. });
    if request.extensions().get::<Actor>().is_some_and(is_key) {
        let detail = "This route takes no API key. Log in, and send the session's token as the cookie access_token or as \
                      bearer. With an API key, GET /sip lists the numbers.";
        return ApiError::from(Problem::new(401, "session_required", "A session is required", detail)).into_response();
    }
    next.run(request).await
}
