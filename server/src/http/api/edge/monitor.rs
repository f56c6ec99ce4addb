//! `/debug`: what happens at the edge, as it happens, over a WebSocket.

use std::{collections::HashSet, net::SocketAddr, time::Duration};

use api_types::Problem;
use axum::{
    extract::{
        ConnectInfo, State,
        ws::{Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use services::edge::{LiveEvent, LiveEventKind};
use tokio::{
    sync::{Semaphore, broadcast::error::RecvError},
    time::timeout,
};
use utoipa::IntoParams;

use crate::http::{
    AppState,
    shared::{extract::Params, problem::ApiResult},
};

/// How many clients may watch at once.
static PLACES: Semaphore = Semaphore::const_new(16);
/// How long a client may take to accept an event; then it is disconnected.
const SEND_LIMIT: Duration = Duration::from_secs(2);
/// How often a silent connection is checked.
const PING: Duration = Duration::from_secs(20);
/// Bytes that a client may send in one message; it has nothing to say.
const MAX_MESSAGE: usize = 1_024;

/// Which events are sent.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WatchQuery {
    /// Kinds, separated by commas: call, cac, registration, auth, reject, ban, command, agent. All where absent.
    kinds: String,
    /// Only events of this Call-ID.
    call_id: String,
}

struct Filter {
    /// Empty: all.
    kinds: HashSet<LiveEventKind>,
    call_id: String,
}

impl Filter {
    fn new(query: WatchQuery) -> Result<Self, Problem> {
        let named = query.kinds.split(',').map(str::trim).filter(|kind| !kind.is_empty());
        let kinds = named
            .map(|kind| {
                serde_json::from_value(kind.into()).map_err(|_| {
                    let detail = "kinds is a list of call, cac, registration, auth, reject, ban, command, agent.";
                    Problem::new(400, "unknown_kind", "Unknown kind of event", detail)
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { kinds, call_id: query.call_id })
    }

    fn matches(&self, event: &LiveEvent) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&event.kind))
            && (self.call_id.is_empty() || event.call_id.as_ref() == Some(&self.call_id))
    }
}

/// Watch the edge
///
/// A WebSocket on which each event is one JSON text: `account`, `kind`, `at`, `call_id`, `data`. For this machine, the addresses of
/// TRUNKLINE_EDGE_ALLOW, or with TRUNKLINE_ADMIN_TOKEN as `X-Admin-Token`. A client that is too slow is disconnected.
#[utoipa::path(get, path = "/debug", tag = "Edge", security((), ("admin_token" = [])), params(WatchQuery),
    responses((status = 101, description = "The WebSocket is open"), (status = 400, body = Problem),
              (status = 403, body = Problem), (status = 426, body = Problem), (status = 429, body = Problem)))]
pub(super) async fn watch(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Params(query): Params<WatchQuery>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> ApiResult<Response> {
    state.gate.check_monitor(peer.ip(), &headers, &state.trusted_proxies)?;
    let filter = Filter::new(query)?;
    let upgrade = upgrade.map_err(|rejection| {
        let detail = format!("Open a WebSocket here: {}.", rejection.body_text().trim_end_matches('.'));
        Problem::new(426, "websocket_required", "A WebSocket is required", detail)
    })?;
    let Ok(place) = PLACES.try_acquire() else {
        let detail = "As many clients watch as may. Close one, and try again.";
        return Err(Problem::new(429, "too_many_watchers", "Too many clients", detail).into());
    };
    Ok(upgrade.max_message_size(MAX_MESSAGE).on_upgrade(move |socket| async move {
        let _place = place;
        send_events(socket, &state, &filter).await;
    }))
}

async fn send_events(mut socket: WebSocket, state: &AppState, filter: &Filter) {
    let mut events = state.services.edge.watch();
    loop {
        let message = tokio::select! {
            () = state.stopping.cancelled() => break,
            received = events.recv() => match received {
                Ok(event) if filter.matches(&event) => {
                    let Ok(text) = serde_json::to_string(&event) else { continue };
                    Message::Text(text.into())
                }
                Ok(_) => continue,
                // Too slow: it has missed events.
                Err(RecvError::Lagged(_) | RecvError::Closed) => break,
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
            () = tokio::time::sleep(PING) => Message::Ping(axum::body::Bytes::new()),
        };
        if !matches!(timeout(SEND_LIMIT, socket.send(message)).await, Ok(Ok(()))) {
            return;
        }
    }
    // The client may be gone already.
    drop(timeout(SEND_LIMIT, socket.send(Message::Close(None))).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_kind_is_refused() {
        let query = |kinds: &str| WatchQuery { kinds: kinds.to_owned(), ..WatchQuery::default() };
        assert!(Filter::new(query("call, ban")).is_ok_and(|filter| filter.kinds.len() == 2));
        assert!(Filter::new(query("calls")).is_err());
    }
}
