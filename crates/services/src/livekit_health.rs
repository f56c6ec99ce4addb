//! Whether LiveKit lets this server in. Asked when somebody wants to know, and not again for a while.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use api_types::view::{Change, ChangeKind, ChangedNoun, LiveKitState};
use livekit::Client;
use tokio::time::{Instant, timeout};

use crate::Events;

/// How long an answer is good for.
const FRESH: Duration = Duration::from_secs(15);
/// How long whoever asks waits for an answer; after that what was last last has to do.
const PATIENCE: Duration = Duration::from_millis(1_500);

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
    /// Somebody is asking already.
    asking: bool,
}

impl LivekitHealth {
    /// Whom to ask; the first one counts.
    pub fn set_client(&self, client: Client) {
        let _ = self.0.client.set(client);
    }

    /// The state as it is now, or as it was last last where LiveKit takes its time; whoever watches then hears of it later.
    pub async fn check(&self, events: &Events) -> LiveKitState {
        let Some(client) = self.0.client.get() else { return LiveKitState::Unknown };
        if !self.begin() {
            return self.last(|last| last.state.clone());
        }
        let (livekit_health, client, events) = (self.clone(), client.clone(), events.clone());
        let asking = tokio::spawn(async move {
            let state = match client.ping().await {
                Ok(()) => LiveKitState::Connected,
                Err(error) => LiveKitState::Failing { error: error.to_string() },
            };
            if livekit_health.end(state) {
                events.publish(Change { noun: ChangedNoun::LiveKit, kind: ChangeKind::Updated, id: String::new() });
            }
        });
        let _ = timeout(PATIENCE, asking).await;
        self.last(|last| last.state.clone())
    }

    /// False: what was last is fresh, or somebody is asking.
    fn begin(&self) -> bool {
        self.last(|last| {
            let due = !last.asking && last.at.is_none_or(|at| at.elapsed() >= FRESH);
            last.asking |= due;
            due
        })
    }

    /// True: somebody has been told otherwise before.
    fn end(&self, state: LiveKitState) -> bool {
        self.last(|last| {
            let changed = last.state != state;
            *last = LastCheck { state, at: Some(Instant::now()), asking: false };
            changed
        })
    }

    fn last<T>(&self, act: impl FnOnce(&mut LastCheck) -> T) -> T {
        act(&mut self.0.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
