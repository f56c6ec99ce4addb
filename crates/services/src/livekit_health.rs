//! Whether LiveKit responds and accepts the API key. Checked on demand, and cached for a while.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use api_types::view::{Change, ChangeKind, ChangedNoun, LiveKitState};
use livekit::Client;
use tokio::time::{Instant, timeout};

use crate::Events;

/// How long a result is valid.
const VALID_FOR: Duration = Duration::from_secs(15);
/// How long a request waits; after that it gets the previous result.
const WAIT_LIMIT: Duration = Duration::from_millis(1_500);

#[derive(Clone, Default)]
pub(crate) struct LivekitHealth(Arc<Shared>);

#[derive(Default)]
struct Shared {
    client: OnceLock<Client>,
    last: Mutex<LastCheck>,
}

#[derive(Default)]
struct LastCheck {
    state: LiveKitState,
    at: Option<Instant>,
    /// A check is under way.
    checking: bool,
}

impl LivekitHealth {
    /// Sets the client; the first one counts.
    pub fn set_client(&self, client: Client) {
        let _ = self.0.client.set(client);
    }

    /// The state now, or the previous one where LiveKit responds slowly; a change is published when the response comes.
    pub async fn check(&self, events: &Events) -> LiveKitState {
        let Some(client) = self.0.client.get() else { return LiveKitState::Unknown };
        if !self.begin() {
            return self.last(|last| last.state.clone());
        }
        let (livekit_health, client, events) = (self.clone(), client.clone(), events.clone());
        let checking = tokio::spawn(async move {
            let state = match client.ping().await {
                Ok(()) => LiveKitState::Connected,
                Err(error) => LiveKitState::Failing { error: error.to_string() },
            };
            if livekit_health.end(state) {
                events.publish(Change { noun: ChangedNoun::LiveKit, kind: ChangeKind::Updated, id: String::new() });
            }
        });
        let _ = timeout(WAIT_LIMIT, checking).await;
        self.last(|last| last.state.clone())
    }

    /// False: the last result is valid, or a check is under way.
    fn begin(&self) -> bool {
        self.last(|last| {
            let due = !last.checking && last.at.is_none_or(|at| at.elapsed() >= VALID_FOR);
            last.checking |= due;
            due
        })
    }

    /// True: the state has changed.
    fn end(&self, state: LiveKitState) -> bool {
        self.last(|last| {
            let changed = last.state != state;
            *last = LastCheck { state, at: Some(Instant::now()), checking: false };
            changed
        })
    }

    fn last<T>(&self, act: impl FnOnce(&mut LastCheck) -> T) -> T {
        act(&mut self.0.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
