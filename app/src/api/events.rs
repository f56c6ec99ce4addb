//! `GET /api/v1/events`: changes as server-sent events.

use std::time::Duration;

use api_types::view::{Change, ChangeKind, ChangedNoun};
use futures::{StreamExt, channel::oneshot, stream::select};
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::set_timeout;

const MIN_RECONNECT_DELAY: Duration = Duration::from_secs(2);
const MAX_RECONNECT_DELAY: Duration = Duration::from_secs(60);

/// Calls `publish` for every change. Each time a connection opens, it publishes a change of everything: changes before
/// that, also those since the page was rendered, were missed. Drop the future to disconnect.
pub async fn subscribe(publish: impl Fn(Change)) {
    let mut delay = MIN_RECONNECT_DELAY;
    loop {
        let Ok(mut source) = EventSource::new("/api/v1/events") else { return };
        let (Ok(opened), Ok(changed)) = (source.subscribe("open"), source.subscribe("message")) else { return };
        let mut events = select(opened, changed);
        while let Some(Ok((kind, event))) = events.next().await {
            if kind == "open" {
                delay = MIN_RECONNECT_DELAY;
                publish(Change { noun: ChangedNoun::All, kind: ChangeKind::Updated, id: String::new() });
            } else if let Some(change) = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok()) {
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
