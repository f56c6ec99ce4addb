//! `/api/v1`: the console's own API.

mod auth;
mod bot;
mod carrier;
mod did;
mod events;
mod integration;

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware::map_response,
    response::Response,
    routing::{get, post, put},
};

use super::{
    AppState,
    problem::{no_method, no_route},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/auth/login", post(auth::login))
        .route("/auth/logout", post(auth::logout))
        .route("/auth/me", get(auth::me))
        .route("/setup", post(auth::setup))
        .route("/bots", get(bot::list).post(bot::create))
        .route("/bots/{id}", get(bot::read).put(bot::update).delete(bot::delete))
        .route("/carriers", get(carrier::list).post(carrier::create))
        .route("/carriers/{id}", get(carrier::read).put(carrier::update).delete(carrier::delete))
        .route("/carriers/{id}/sync", post(carrier::sync))
        .route("/carriers/{id}/dids", post(did::add))
        .route("/carriers/{id}/dids/{did_id}", put(did::update).delete(did::remove))
        .route("/integrations/exotel", get(integration::read).put(integration::save).delete(integration::disconnect))
        .route("/integrations/exotel/summary", get(integration::summary))
        .route("/integrations/exotel/test", post(integration::test))
        .route("/integrations/exotel/numbers", get(integration::numbers))
        .route("/integrations/exotel/import", post(integration::import))
        .route("/events", get(events::stream))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(map_response(uncached))
}

/// Answers belong to one person at one moment.
async fn uncached(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
