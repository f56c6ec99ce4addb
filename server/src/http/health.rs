//! For whoever watches over the process.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(alive)).routes(routes!(ready))
}

/// What `/readyz` found.
#[derive(Serialize, ToSchema)]
struct Readiness {
    /// The database answers.
    database: bool,
    /// The server is shutting down.
    stopping: bool,
}

/// Liveness: the process answers
#[utoipa::path(get, path = "/healthz", tag = "Operation", security(()),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn alive() -> &'static str {
    "ok\n"
}

/// Readiness: it can do its work
///
/// 503 while the database does not answer, or the server is going down. LiveKit being away is no reason to send people
/// elsewhere.
#[utoipa::path(get, path = "/readyz", tag = "Operation", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let database = state.services.store().ping().await.is_ok();
    let stopping = state.stopping.is_cancelled();
    let status = if database && !stopping { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { database, stopping }))
}
