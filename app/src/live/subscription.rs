//! `GET /api/v1/events`: changes as server-sent events.

use std::time::Duration;

use api_types::view::{Change, ChangeKind, ChangedNoun};
use futures::{StreamExt, channel::oneshot, stream::select};
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::set_timeout;

const MIN_RECONNECT_DELAY: Duration = Duration::from_secs(2);
const MAX_RECONNECT_DELAY: Duration = Duration::from_secs(60);

/// Calls `publish` for every change. A stream starts with its revision. If that is not `known`, the one that the page was
/// rendered at, changes were missed: then it publishes a change of everything. Drop the future to disconnect.
pub async fn subscribe(mut known: String, publish: impl Fn(Change)) {
    let mut delay = MIN_RECONNECT_DELAY;
    loop {
        let Ok(mut source) = EventSource::new("/api/v1/events") else { return };
        let (Ok(revisions), Ok(changes)) = (source.subscribe("revision"), source.subscribe("message")) else { return };
        let mut events = select(revisions, changes);
        while let Some(Ok((kind, event))) = events.next().await {
            let data = event.data().as_string().unwrap_or_default();
            if kind == "revision" {
                delay = MIN_RECONNECT_DELAY;
                if data != std::mem::take(&mut known) {
                    publish(Change { noun: ChangedNoun::All, kind: ChangeKind::Updated, id: String::new() });
                }
            } else if let Ok(change) = serde_json::from_str(&data) {
                publish(change);
            }
        }
        // The browser reconnects by itself, except after an error status.
        drop(events);
        drop(source);
        sleep(delay).await;
        delay = MAX_RECONNECT_DELAY.min(delay * 2);
    }
}

async fn sleep(duration: Duration) {
    let (elapsed, wait) = oneshot::channel();
    set_timeout(
        move || {
            let _ = elapsed.send(());
        },
        duration,
    );
    let _ = wait.await;
}
