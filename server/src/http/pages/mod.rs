//! The console's pages, and the forms on them as browsers without JavaScript send them.

mod bot;
mod carrier;
mod did;
mod drift;
mod entry;
mod exotel;
mod form;
mod guide;
mod render;

use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use services::Actor;

use super::AppState;
use crate::assets;

/// `POST` routes only; every page is read through the fallback.
pub(super) fn router() -> Router<AppState> {
    // Rendering spawns; a second router in one process, as in tests, finds it done.
    let _ = any_spawner::Executor::init_tokio();
    Router::new()
        .route("/", get(|| async { Redirect::to("/dashboard") }))
        .route("/setup", get(read).post(entry::setup))
        .route("/login", get(read).post(entry::login))
        .route("/logout", post(entry::logout))
        .route("/guide/{topic}", get(guide::open))
        .route("/guide/{topic}/text", get(guide::text))
        .route("/dashboard/carriers/create", get(read).post(carrier::create))
        .route("/dashboard/carriers/{id}", get(read).post(carrier::update))
        .route("/dashboard/carriers/{id}/sync", post(carrier::sync))
        .route("/dashboard/carriers/{id}/delete", post(carrier::delete))
        .route("/dashboard/carriers/{id}/dids", post(did::add))
        .route("/dashboard/carriers/{id}/dids/{did_id}", post(did::update))
        .route("/dashboard/carriers/{id}/dids/{did_id}/delete", post(did::remove))
        .route("/dashboard/carriers/{id}/drift/apply", post(drift::apply))
        .route("/dashboard/carriers/{id}/drift/adopt", post(drift::adopt))
        .route("/dashboard/carriers/{id}/drift/orphans/remove", post(drift::remove_orphans))
        .route("/dashboard/bots/create", get(read).post(bot::create))
        .route("/dashboard/bots/{id}", get(read).post(bot::update))
        .route("/dashboard/bots/{id}/delete", post(bot::delete))
        .route("/dashboard/integrations/exotel", get(read).post(exotel::save))
        .route("/dashboard/integrations/exotel/test", post(exotel::test))
        .route("/dashboard/integrations/exotel/import", post(exotel::import))
        .route("/dashboard/integrations/exotel/disconnect", post(exotel::disconnect))
        .fallback(read)
}

/// A file of the front end, or a page. The dashboard is for those who are logged in.
async fn read(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path();
    if let Some(file) = assets::serve(path, request.headers()) {
        return file;
    }
    let inside = path == "/dashboard" || path.starts_with("/dashboard/");
    if inside && request.extensions().get::<Actor>().is_none() {
        let here = request.uri().path_and_query().map_or("/dashboard", |here| here.as_str());
        return to_login(&state, here).await;
    }
    render::page(&state, request, None).await
}

/// To the login page and back; before there is anybody who could log in, to the set-up.
async fn to_login(state: &AppState, next: &str) -> Response {
    if state.services.setup.is_open().await.unwrap_or(false) {
        return Redirect::to("/setup").into_response();
    }
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    Redirect::to(&format!("/login?{query}")).into_response()
}
