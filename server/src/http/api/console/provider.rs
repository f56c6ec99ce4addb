//! `/api/v1/providers`.

use api_types::view::ProviderView;
use axum::{
    Json,
    http::{HeaderName, header},
};
use services::provider;

use crate::http::shared::extract::Caller;

/// Providers with published settings for a new carrier
///
/// They change with the server's version only, so browsers may cache them for an hour.
#[utoipa::path(get, path = "/providers", tag = "Carriers", operation_id = "list_providers_of",
    responses((status = 200, body = [ProviderView])))]
pub(super) async fn list(_: Caller) -> ([(HeaderName, &'static str); 1], Json<&'static [ProviderView]>) {
    ([(header::CACHE_CONTROL, "private, max-age=3600")], Json(provider::all()))
}
