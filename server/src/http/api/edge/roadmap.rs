//! `/v1/*` and `/hooks/carrier`: published addresses without an implementation. They are 501 for everybody, since neither will
//! be called by the edge: they stay outside its gate.

use api_types::Problem;
use axum::{
    Router,
    routing::{MethodFilter, on},
};
use utoipa::OpenApi;

use crate::http::{
    AppState,
    shared::problem::{ApiError, no_method},
};

/// What the OpenAPI document says of them: one path for all below `/v1`.
#[derive(OpenApi)]
#[openapi(paths(public_api, carrier_hook))]
pub(super) struct Document;

/// The methods of a REST API.
const METHODS: MethodFilter =
    MethodFilter::GET.or(MethodFilter::POST).or(MethodFilter::PUT).or(MethodFilter::PATCH).or(MethodFilter::DELETE);

pub(in crate::http) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1", on(METHODS, public_api))
        .route("/v1/{*path}", on(METHODS, public_api))
        .route("/hooks/carrier", on(METHODS, carrier_hook))
        .method_not_allowed_fallback(no_method)
}

/// The public REST API (not implemented)
#[utoipa::path(get, path = "/v1/{path}", tag = "Edge", security(()), params(("path" = String, Path)),
    responses((status = 501, body = Problem, description = "Always: see the detail for what to use instead")))]
async fn public_api() -> ApiError {
    let detail = "The public REST API will be here. Until then use /api/v1, which /api/docs describes.";
    Problem::new(501, "not_implemented", "Not implemented", detail).into()
}

/// Webhooks of wholesale carriers (not implemented)
#[utoipa::path(post, path = "/hooks/carrier", tag = "Edge", security(()),
    responses((status = 501, body = Problem, description = "Always")))]
async fn carrier_hook() -> ApiError {
    let detail = "Webhooks of wholesale carriers will be received here. Until then carriers are managed at \
                  /api/v1/carriers.";
    Problem::new(501, "not_implemented", "Not implemented", detail).into()
}
