//! `/api/v1/events`: changes as they happen, as server-sent events (WHATWG HTML §9.2).

use std::{convert::Infallible, time::Duration};

use api_types::view::{Change, ChangeKind, ChangedNoun};
use axum::{
    Extension,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, stream};
use services::Actor;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use crate::http::{
    AppState,
    shared::{extract::Caller, identity::Authenticated, problem::ApiResult},
};

/// How soon a browser reconnects after the stream broke.
const RETRY: Duration = Duration::from_secs(2);
/// How often a quiet stream sends a comment.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Changes as they happen
///
/// Server-sent events; each message's data is a `Change` as JSON. The first event, `revision`, names what was published
/// before. The stream ends with the session or the API key, and with the server.
#[utoipa::path(get, path = "/events", tag = "Events",
    responses((status = 200, content_type = "text/event-stream", body = Change)))]
pub(super) async fn stream(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Extension(authenticated): Extension<Authenticated>,
) -> ApiResult<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let subscriber = state.services.events.subscribe();
    // After the subscription, so that no event is in neither.
    let revision = Event::default().event("revision").data(state.services.events.revision());
    let changes = BroadcastStream::new(subscriber).map(|change| match change {
        Ok(change) => encode(&change),
        Err(BroadcastStreamRecvError::Lagged(_)) => {
            encode(&Change { noun: ChangedNoun::All, kind: ChangeKind::Updated, id: String::new() })
        }
    });
    // Sent at once: from here on the browser misses no change.
    let opening = stream::once(async { Event::default().comment("listening").retry(RETRY) });
    let ended = ended(state, actor, authenticated);
    let opening = opening.chain(stream::once(async { revision }));
    let events = opening.chain(changes).map(Ok).take_until(Box::pin(ended));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// Resolves when the actor's session or API key has ended, or the server stops.
async fn ended(state: AppState, actor: Actor, Authenticated { credential, address }: Authenticated) {
    tokio::select! {
        () = state.stopping.cancelled() => {}
        () = state.services.authentication.revoked(&actor, &credential, address) => {}
    }
}

fn encode(change: &Change) -> Event {
    Event::default().json_data(change).unwrap_or_default()
}
