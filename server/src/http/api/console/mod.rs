//! `/api/v1`: the console's own API.

mod audit;
mod auth;
mod bot;
mod carrier;
mod did;
mod drift;
mod events;
mod exotel;
mod overview;
mod provider;

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware::map_response,
    response::Response,
};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    shared::problem::{no_method, no_route},
};

/// Each route brings its description along: there is none that the OpenAPI document does not have.
pub(in crate::http) fn router() -> (Router<AppState>, OpenApi) {
    let (routes, document) = OpenApiRouter::new()
        .routes(routes!(audit::list))
        .routes(routes!(auth::login))
        .routes(routes!(auth::logout))
        .routes(routes!(auth::me))
        .routes(routes!(auth::setup))
        .routes(routes!(bot::list, bot::create))
        .routes(routes!(bot::read, bot::update, bot::delete))
        .routes(routes!(carrier::list, carrier::create))
        .routes(routes!(carrier::read, carrier::update, carrier::delete))
        .routes(routes!(carrier::sync))
        .routes(routes!(did::add))
        .routes(routes!(did::update, did::remove))
        .routes(routes!(drift::read))
        .routes(routes!(drift::apply))
        .routes(routes!(drift::adopt))
        .routes(routes!(drift::orphans))
        .routes(routes!(drift::remove_orphans))
        .routes(routes!(exotel::read, exotel::save, exotel::disconnect))
        .routes(routes!(exotel::summary))
        .routes(routes!(exotel::test))
        .routes(routes!(exotel::numbers))
        .routes(routes!(exotel::import))
        .routes(routes!(provider::list))
        .routes(routes!(events::stream))
        .routes(routes!(overview::read))
        .split_for_parts();
    let routes = routes.fallback(no_route).method_not_allowed_fallback(no_method).layer(map_response(uncached));
    (routes, document)
}

/// Answers belong to one person at one moment.
async fn uncached(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
