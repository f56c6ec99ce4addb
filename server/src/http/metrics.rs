//! Prometheus.

use std::{sync::OnceLock, time::Duration};

use axum::{extract::State, http::header, response::IntoResponse};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::AppState;

/// How often histograms are summarised; until then each sample uses memory.
const UPKEEP: Duration = Duration::from_secs(5);

/// The metrics of the whole process.
#[derive(Clone)]
pub(crate) struct Metrics(PrometheusHandle);

impl Metrics {
    /// There is one recorder per process, although tests run several servers in it.
    pub fn install() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        Self(HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().expect("nothing else records")).clone())
    }

    /// Summarises histograms until the server stops, also without a scraper.
    pub async fn run_upkeep(self, stopping: CancellationToken) {
        every(UPKEEP, stopping, || self.0.run_upkeep()).await;
    }
}

async fn every(interval: Duration, stopping: CancellationToken, work: impl Fn()) {
    while stopping.run_until_cancelled(tokio::time::sleep(interval)).await.is_some() {
        work();
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn upkeep_runs_until_the_server_stops() {
        let (stopping, times) = (CancellationToken::new(), AtomicU32::new(0));
        let stop = stopping.clone();
        let upkeep = every(Duration::from_millis(1), stopping, || {
            if times.fetch_add(1, Ordering::Relaxed) == 2 {
                stop.cancel();
            }
        });
        tokio::time::timeout(Duration::from_secs(10), upkeep).await.expect("it ends");
        assert_eq!(times.into_inner(), 3);
    }
}
