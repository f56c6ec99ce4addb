//! Who is watching hears of each change, after it is committed.

use api_types::view::Change;
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

    pub(crate) fn publish(&self, change: Change) {
        // An error means that there is no subscriber.
        let _ = self.0.send(change);
    }
}
