//! `GET /api/v1/events`: what changed, as it changes.

use std::time::Duration;

use api_types::view::{Change, ChangeKind, ChangedNoun};
use futures::{StreamExt, channel::oneshot, stream::select};
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::set_timeout;

const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Tells every change, and "everything may have changed" whenever a connection opens: what happened before it did went
/// unheard, also between the rendering of the page and the first one. Ends by being dropped.
pub async fn listen(tell: impl Fn(Change)) {
    let mut pause = FIRST_PAUSE;
    loop {
        let Ok(mut source) = EventSource::new("/api/v1/events") else { return };
        let (Ok(opened), Ok(changed)) = (source.subscribe("open"), source.subscribe("message")) else { return };
        let mut events = select(opened, changed);
        while let Some(Ok((kind, event))) = events.next().await {
            if kind == "open" {
                pause = FIRST_PAUSE;
                tell(Change { noun: ChangedNoun::All, kind: ChangeKind::Updated, id: String::new() });
            } else if let Some(change) = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok()) {
                tell(change);
            }
        }
        // The browser reconnects by itself, except after an error status.
        drop(events);
        drop(source);
        sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

async fn sleep(duration: Duration) {
    let (wake, woken) = oneshot::channel();
    set_timeout(
        move || {
            let _ = wake.send(());
        },
        duration,
    );
    let _ = woken.await;
}
