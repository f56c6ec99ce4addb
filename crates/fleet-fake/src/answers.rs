//! Answers of the fake.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State as Shared,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use serde_json::{Value, json};

use super::{Fault, Received, Route, State};

type SharedState = Arc<Mutex<State>>;

fn lock(state: &SharedState) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) async fn serve(
    Shared(state): Shared<SharedState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // In a task of its own, so that a client that goes away does not end it.
    tokio::spawn(execute(state, method, uri, headers, body)).await.expect("the fake does not panic")
}

async fn execute(state: SharedState, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let route = match (method, uri.path()) {
        (Method::GET, "/health/fleet") => Route::Health,
        (Method::POST, "/livekit/dialout") => Route::Dialout,
        (Method::POST, "/livekit/dispatch") => Route::Dispatch,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let (fault, answer) = {
        let mut state = lock(&state);
        let secret = headers.get("x-cxb-core-secret").and_then(|secret| secret.to_str().ok()).map(str::to_owned);
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        state.received.push(Received { route, secret, body });
        let faults = state.faults.entry(route).or_default();
        let fault = match faults.front() {
            Some((fault, true)) => Some(fault.clone()),
            Some(_) => faults.pop_front().map(|(fault, _)| fault),
            None => None,
        };
        (fault, answer(&mut state, route))
    };
    let response = match fault {
        None => answer,
        Some(fault) => fail(fault, answer).await,
    };
    lock(&state).finished += 1;
    response
}

fn answer(state: &mut State, route: Route) -> Response {
    let body = match route {
        Route::Health => state.report.clone(),
        Route::Dialout => {
            state.calls += 1;
            let id = format!("call-{}", state.calls);
            json!({ "status": "accepted", "call_id": id, "room_name": format!("dialout-{id}") })
        }
        Route::Dispatch => json!({ "status": "accepted", "call_id": "call-0" }),
    };
    Json(body).into_response()
}

async fn fail(fault: Fault, answer: Response) -> Response {
    match fault {
        Fault::Answer { status, body } => (StatusCode::from_u16(status).unwrap_or_default(), body).into_response(),
        Fault::Delay(delay) => {
            tokio::time::sleep(delay).await;
            answer
        }
        Fault::Redirect(to) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response(),
        Fault::Huge => {
            let megabyte = Bytes::from(vec![b' '; 1024 * 1024]);
            let stream = stream::iter((0..8).map(move |_| Ok::<_, io::Error>(megabyte.clone())));
            Body::from_stream(stream).into_response()
        }
        Fault::Drop => Body::from_stream(stream::iter([Err::<Bytes, _>(dropped())])).into_response(),
        Fault::Truncate => {
            let whole = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default();
            let half = whole.slice(..whole.len() / 2);
            let rest = stream::once(async {
                // Lets the server send the first half before it closes the connection.
                tokio::task::yield_now().await;
                Err(dropped())
            });
            Body::from_stream(stream::iter([Ok(half)]).chain(rest)).into_response()
        }
    }
}

fn dropped() -> io::Error {
    io::Error::other("closed by a fault")
}
