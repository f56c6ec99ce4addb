//! Whether LiveKit lets this server in. Asked when somebody wants to know, and not again for a while.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use domain::view::{ChangeKind, ChangedNoun, LiveKitState};
use livekit::Client;
use tokio::time::{Instant, timeout};

use crate::Events;

/// How long an answer is good for.
const FRESH: Duration = Duration::from_secs(15);
/// How long whoever asks waits for an answer; after that what was seen last has to do.
const PATIENCE: Duration = Duration::from_millis(1_500);

#[derive(Clone, Default)]
pub(crate) struct Contact(Arc<Shared>);

#[derive(Default)]
struct Shared {
    client: OnceLock<Client>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    state: LiveKitState,
    at: Option<Instant>,
    /// Somebody is asking already.
    asking: bool,
}

impl Contact {
    /// Whom to ask; the first one counts.
    pub fn through(&self, client: Client) {
        let _ = self.0.client.set(client);
    }

    /// The state as it is now, or as it was seen last where LiveKit takes its time; whoever watches then hears of it later.
    pub async fn look(&self, events: &Events) -> LiveKitState {
        let Some(client) = self.0.client.get() else { return LiveKitState::Unknown };
        if !self.begin() {
            return self.seen(|seen| seen.state.clone());
        }
        let (contact, client, events) = (self.clone(), client.clone(), events.clone());
        let asking = tokio::spawn(async move {
            let state = match client.ping().await {
                Ok(()) => LiveKitState::Connected,
                Err(error) => LiveKitState::Failing { error: error.to_string() },
            };
            if contact.end(state) {
                events.tell(ChangedNoun::LiveKit, ChangeKind::Updated, "");
            }
        });
        let _ = timeout(PATIENCE, asking).await;
        self.seen(|seen| seen.state.clone())
    }

    /// False: what was seen is fresh, or somebody is asking.
    fn begin(&self) -> bool {
        self.seen(|seen| {
            let due = !seen.asking && seen.at.is_none_or(|at| at.elapsed() >= FRESH);
            seen.asking |= due;
            due
        })
    }

    /// True: somebody has been told otherwise before.
    fn end(&self, state: LiveKitState) -> bool {
        self.seen(|seen| {
            let changed = seen.state != state;
            *seen = Seen { state, at: Some(Instant::now()), asking: false };
            changed
        })
    }

    fn seen<T>(&self, act: impl FnOnce(&mut Seen) -> T) -> T {
        act(&mut self.0.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
