//! `POST /api/fn/{noun}/{action}`: the server functions that the console's pages call.

use app::FunctionResponse;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::post,
};
use leptos::prelude::{expect_context, provide_context};

use super::{
    AppState,
    pages::contexts,
    shared::{
        extract::json_object,
        identity,
        problem::{ApiResult, no_method, no_route},
    },
};

pub(super) fn router(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/api/fn/{*name}", post(call).fallback(no_method))
        .route_layer(from_fn_with_state(state.clone(), identity::identify_user))
}

async fn call(State(state): State<AppState>, request: Request) -> ApiResult<Response> {
    let path = request.uri().path();
    if !leptos::server_fn::axum::server_fn_paths().any(|(known, _)| known == path) {
        return Err(no_route().await);
    }
    // Leptos accepts JSON of any media type and does not tell a body that is too long from one that is malformed.
    let (parts, body) = request.into_parts();
    let body = json_object(Request::from_parts(parts.clone(), body), &state).await?;
    let provide = contexts(&state, &parts);
    let contexts = move || {
        provide(expect_context());
        provide_context(FunctionResponse(expect_context()));
    };
    let request = Request::from_parts(parts, body.into());
    let mut response = leptos_axum::handle_server_fns_with_context(contexts, request).await.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Only for forms that are posted to a server function directly, which the console's are not.
    headers.remove(header::LOCATION);
    Ok(response)
}
