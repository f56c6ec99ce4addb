//! Prometheus.

use std::sync::OnceLock;

use axum::{extract::State, http::header, response::IntoResponse};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::AppState;

/// Reads what the whole process has counted.
#[derive(Clone)]
pub(crate) struct Metrics(PrometheusHandle);

impl Metrics {
    /// One recorder a process, also where tests run several servers in it.
    pub(super) fn install() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        Self(HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().expect("nothing else records")).clone())
    }
}

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Prometheus metrics
#[utoipa::path(get, path = "/metrics", tag = "Operation", security(()),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn read(State(state): State<AppState>) -> impl IntoResponse {
    if let Ok(mut tx) = state.services.store().read().await
        && let Ok(backlog) = tx.sync_backlog().await
    {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52 carriers")]
        metrics::gauge!("trunkline_sync_backlog").set(backlog as f64);
    }
    state.metrics.0.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.0.render())
}
