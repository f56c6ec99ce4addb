//! The control API: faults, objects and counts of calls, for browser tests.

use std::{net::SocketAddr, sync::PoisonError};

use axum::{
    Json, Router,
    extract::{ConnectInfo, Request, State},
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::MASK;
use serde_json::{Value, json};

use crate::{error::Refusal, faults::FaultRule, http::Api, json::render};

pub(crate) fn router() -> Router<Api> {
    Router::new()
        .route("/sandbox/faults", post(add_faults).delete(clear_faults))
        .route("/sandbox/state", get(state))
        .route("/sandbox/calls", get(calls))
        .route_layer(from_fn(loopback_only))
}

async fn loopback_only(request: Request, next: Next) -> Response {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if from.is_some_and(|ConnectInfo(addr)| addr.ip().to_canonical().is_loopback()) {
        return next.run(request).await;
    }
    StatusCode::FORBIDDEN.into_response()
}

/// JSON only, so that another site's page needs a CORS preflight, which is refused.
async fn add_faults(State(api): State<Api>, Json(rules): Json<Vec<FaultRule>>) -> StatusCode {
    for rule in rules {
        api.inner.faults.add(rule);
    }
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(api): State<Api>) -> StatusCode {
    api.inner.faults.clear();
    StatusCode::NO_CONTENT
}

async fn state(State(api): State<Api>) -> Result<Json<Value>, Refusal> {
    api.inner
        .store
        .read(|objects| {
            let inbound = objects.inbound.values().map(render).collect::<Result<Vec<_>, _>>()?;
            let outbound = objects.outbound.values().map(render).collect::<Result<Vec<_>, _>>()?;
            let rules = objects.rules.values().map(render).collect::<Result<Vec<_>, _>>()?;
            let masked = |trunks: Vec<Value>| trunks.into_iter().map(mask).collect::<Vec<_>>();
            Ok(Json(json!({ "inbound": masked(inbound), "outbound": masked(outbound), "rules": rules })))
        })
        .map_err(|error: serde_json::Error| Refusal::new("internal", error.to_string()))
}

fn mask(mut trunk: Value) -> Value {
    if let Some(password) = trunk.get_mut("auth_password") {
        *password = MASK.into();
    }
    trunk
}

async fn calls(State(api): State<Api>) -> Json<Value> {
    Json(json!(*api.inner.calls.lock().unwrap_or_else(PoisonError::into_inner)))
}
