//! The console's documents, and their forms as browsers without JavaScript send them.

mod bot;
mod carrier;
mod did;
mod drift;
mod entry;
mod exotel;
mod form;
mod guide;
mod render;

use app::urls::{self, axum_path};
use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::from_fn_with_state,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use services::Actor;

use super::{AppState, shared::identity};
use crate::assets;

/// The pages that have forms, and the fallback, which renders all others.
pub(super) fn router(state: &AppState) -> Router<AppState> {
    // Rendering spawns tasks; a second router in one process, as in tests, finds the executor set.
    let _ = any_spawner::Executor::init_tokio();
    let (carrier, drift) = (axum_path(urls::CARRIER), axum_path(urls::CARRIER_DRIFT));
    let (bot, exotel) = (axum_path(urls::BOT), urls::EXOTEL);
    let identified = Router::new()
        .route(urls::SETUP, get(page).post(entry::setup))
        .route(urls::LOGIN, get(page).post(entry::login))
        .route(urls::LOGOUT, post(entry::logout))
        .route(urls::CREATE_CARRIER, get(page).post(carrier::create))
        .route(&carrier, get(page).post(carrier::update))
        .route(&format!("{carrier}/sync"), post(carrier::sync))
        .route(&format!("{carrier}/delete"), post(carrier::delete))
        .route(&format!("{carrier}/dids"), post(did::add))
        .route(&format!("{carrier}/dids/{{did_id}}"), post(did::update))
        .route(&format!("{carrier}/dids/{{did_id}}/delete"), post(did::remove))
        .route(&format!("{drift}/apply"), post(drift::apply))
        .route(&format!("{drift}/adopt"), post(drift::adopt))
        .route(&format!("{drift}/orphans/remove"), post(drift::remove_orphans))
        .route(urls::CREATE_BOT, get(page).post(bot::create))
        .route(&bot, get(page).post(bot::update))
        .route(&format!("{bot}/delete"), post(bot::delete))
        .route(exotel, get(page).post(exotel::save))
        .route(&format!("{exotel}/test"), post(exotel::test))
        .route(&format!("{exotel}/import"), post(exotel::import))
        .route(&format!("{exotel}/disconnect"), post(exotel::disconnect))
        .route_layer(from_fn_with_state(state.clone(), identity::identify));
    Router::new()
        .route("/", get(|| async { Redirect::to(urls::HOME) }))
        .route(&axum_path(urls::GUIDE_TOPIC), get(guide::open))
        .route(&axum_path(urls::GUIDE_TEXT), get(guide::text))
        .merge(identified)
        .fallback(file_or_page)
}

/// A file of the front end, or a page. Files need no identity, so they cost no query.
async fn file_or_page(State(state): State<AppState>, mut request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if let Some(file) = assets::serve(request.uri().path(), request.headers()) {
        return file;
    }
    let headers = request.headers().clone();
    if let Err(error) = identity::add_actor(&state, &headers, request.extensions_mut()).await {
        return error.into_response();
    }
    page(State(state), request).await
}

/// A page. The dashboard requires a session.
async fn page(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    let is_dashboard = path.strip_prefix(urls::HOME).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_dashboard && request.extensions().get::<Actor>().is_none() {
        let here = request.uri().path_and_query().map_or(urls::HOME, |here| here.as_str());
        return to_login(&state, here).await;
    }
    render::page(&state, request, None).await
}

/// Redirects to the login page, which leads back to `next`; to the setup page while there is no user.
async fn to_login(state: &AppState, next: &str) -> Response {
    if state.services.setup.is_open().await.unwrap_or(false) {
        return Redirect::to(urls::SETUP).into_response();
    }
    Redirect::to(&urls::login(next)).into_response()
}
