//! `/api/v1/providers`.

use api_types::view::ProviderView;
use axum::{
    Json,
    http::{HeaderName, header},
};
use services::provider;

use crate::http::shared::extract::Caller;

/// SIP providers that a carrier can start from
///
/// Public knowledge that changes with the server only, so browsers may keep it for an hour.
#[utoipa::path(get, path = "/providers", tag = "Carriers", operation_id = "list_providers_of",
    responses((status = 200, body = [ProviderView])))]
pub(super) async fn list(_: Caller) -> ([(HeaderName, &'static str); 1], Json<&'static [ProviderView]>) {
    ([(header::CACHE_CONTROL, "private, max-age=3600")], Json(provider::all()))
}
