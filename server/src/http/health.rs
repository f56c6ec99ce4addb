//! Liveness and readiness, for load balancers and supervisors.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use services::edge::{Edge, EdgeAvailability};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready))
}

/// Whether the server can do its work.
#[derive(Serialize, ToSchema)]
struct Readiness {
    /// The database responds.
    database: bool,
    /// The events of other servers arrive; false while the connection that announces them is lost. They are caught up with.
    events: bool,
    /// Lookups are answered from memory; false while the database answers them, because the index is built, or because
    /// changes of other servers may be missing.
    index: bool,
    /// Whether this server serves the SIP edge.
    edge: EdgeReadiness,
    /// The server is shutting down.
    stopping: bool,
}

/// Whether this server serves the SIP edge, and if not, why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EdgeReadiness {
    /// It does, from its memory or from Redis.
    Available,
    /// It has not acquired the lease of the edge yet.
    Starting,
    /// Another server of the database serves the edge from its memory. With `REDIS_URL` on all servers each of them serves it.
    NeedsRedis,
    /// Redis does not respond.
    RedisUnavailable,
}

impl EdgeReadiness {
    async fn of(edge: &Edge) -> Self {
        match edge.availability() {
            EdgeAvailability::Starting => Self::Starting,
            EdgeAvailability::NeedsRedis => Self::NeedsRedis,
            EdgeAvailability::Available if edge.ping().await.is_err() => Self::RedisUnavailable,
            EdgeAvailability::Available => Self::Available,
        }
    }
}

/// Liveness: the process responds
#[utoipa::path(get, path = "/healthz", tag = "Operation", security(()),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn live() -> &'static str {
    "ok\n"
}

/// Readiness: the server can do its work
///
/// 503 while the database does not respond, or the server is shutting down. LiveKit being unreachable is no reason to
/// send requests elsewhere, nor is an edge that another server serves.
#[utoipa::path(get, path = "/readyz", tag = "Operation", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let database = state.services.store().ping().await.is_ok();
    let events = state.services.events.is_connected();
    let index = state.services.lookups.is_in_memory();
    let edge = EdgeReadiness::of(&state.services.edge).await;
    let stopping = state.stopping.is_cancelled();
    let status = if database && !stopping { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { database, events, index, edge, stopping }))
}
