//! For whoever watches over the process.

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde_json::{Value, json};

use super::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

/// The process answers.
async fn alive() -> &'static str {
    "ok\n"
}

/// It can do its work: 503 while the database does not answer, or the server is going down. LiveKit being away is no
/// reason to send people elsewhere.
async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let database = state.services.store().ping().await.is_ok();
    let stopping = state.stopping.is_cancelled();
    let status = if database && !stopping { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "database": database, "stopping": stopping })))
}
