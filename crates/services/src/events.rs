//! Who is watching hears of each change, after it is committed.

use api_types::view::{Change, ChangeKind, ChangedNoun};
use tokio::sync::broadcast;

/// More than a browser can fall behind before it asks for everything anew.
const BACKLOG: usize = 256;

#[derive(Clone)]
pub struct Events(broadcast::Sender<Change>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Events {
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }

    pub(crate) fn publish(&self, noun: ChangedNoun, kind: ChangeKind, id: impl ToString) {
        // Nobody watching is fine.
        let _ = self.0.send(Change { noun, kind, id: id.to_string() });
    }
}
