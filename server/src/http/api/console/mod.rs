//! `/api/v1`: the console's own API.

mod api_key;
mod audit;
mod auth;
mod bot;
mod call;
mod carrier;
mod did;
mod drift;
mod edge;
mod edge_ban;
mod edge_call;
mod edge_route;
mod events;
mod exotel;
mod fleet_server;
mod integration;
mod number_purchase;
mod overview;
mod own_account;
mod provider;
mod user;

use axum::{
    Router,
    middleware::{from_fn_with_state, map_response},
};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    shared::{
        idempotency, identity,
        problem::{no_method, no_route},
        uncached::uncached,
    },
};

/// Each route has its description, so that the OpenAPI document lists all of them.
pub(in crate::http) fn router(state: &AppState) -> (Router<AppState>, OpenApi) {
    let creates = OpenApiRouter::new()
        .routes(routes!(bot::list, bot::create))
        .routes(routes!(carrier::list, carrier::create))
        .routes(routes!(did::page, did::add))
        .routes(routes!(did::bulk))
        .routes(routes!(number_purchase::list, number_purchase::request))
        .routes(routes!(did::bulk_of_account))
        .merge(edge::creates())
        .route_layer(from_fn_with_state(state.clone(), idempotency::execute_once));
    let (routes, document) = OpenApiRouter::new()
        // Not among the creates: the response, which contains the key, must not be saved for a repetition.
        .routes(routes!(api_key::list, api_key::create))
        .routes(routes!(api_key::get, api_key::update, api_key::delete))
        .routes(routes!(audit::list))
        .routes(routes!(auth::login))
        .routes(routes!(auth::logout))
        .routes(routes!(auth::me))
        .routes(routes!(auth::setup))
        .routes(routes!(own_account::change_password))
        .routes(routes!(own_account::accept_link))
        .routes(routes!(own_account::sessions, own_account::end_sessions))
        .routes(routes!(own_account::end_session))
        .routes(routes!(bot::get, bot::update, bot::delete))
        .routes(routes!(call::list))
        .routes(routes!(call::get))
        .routes(routes!(call::why))
        .routes(routes!(call::settings, call::update_settings))
        .routes(routes!(carrier::get, carrier::update, carrier::delete))
        .routes(routes!(carrier::sync))
        .routes(routes!(did::list))
        .routes(routes!(did::update, did::remove))
        .routes(routes!(drift::report))
        .routes(routes!(drift::apply))
        .routes(routes!(drift::adopt))
        .routes(routes!(drift::orphans))
        .routes(routes!(drift::remove_orphans))
        .routes(routes!(edge_ban::list))
        .routes(routes!(edge_ban::lift))
        .routes(routes!(edge_route::preview))
        .routes(routes!(edge_call::live))
        .routes(routes!(edge_call::reset))
        .routes(routes!(edge_call::registrations))
        .routes(routes!(edge_call::trace))
        .routes(routes!(exotel::get, exotel::save, exotel::disconnect))
        .routes(routes!(exotel::summary))
        .routes(routes!(exotel::test))
        .routes(routes!(exotel::numbers))
        .routes(routes!(exotel::import))
        .routes(routes!(fleet_server::settings, fleet_server::save))
        .routes(routes!(fleet_server::status))
        .routes(routes!(integration::list))
        .routes(routes!(integration::get, integration::save, integration::disconnect))
        .routes(routes!(integration::test))
        .routes(routes!(number_purchase::get))
        .routes(routes!(number_purchase::retry))
        .routes(routes!(number_purchase::give_up))
        .routes(routes!(number_purchase::release))
        .routes(routes!(number_purchase::mark_released))
        .routes(routes!(provider::list))
        .routes(routes!(events::stream))
        .routes(routes!(overview::get))
        // Not among the creates either: the response contains the link.
        .routes(routes!(user::list, user::invite))
        .routes(routes!(user::get, user::update, user::delete))
        .routes(routes!(user::create_link))
        .routes(routes!(user::sessions, user::end_sessions))
        .merge(creates)
        .merge(edge::routes())
        .split_for_parts();
    let routes = routes
        .route_layer(from_fn_with_state(state.clone(), identity::identify))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(map_response(uncached));
    (routes, document)
}
