//! Events of committed changes, for the subscribers within this server.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use api_types::view::{Change, ChangeKind, ChangedNoun};
use tokio::sync::broadcast;

/// How far a subscriber may fall behind before it has to read everything again.
pub(crate) const BACKLOG: usize = 256;

/// Publishes each event once, whether it was committed by this server or read from the outbox.
#[derive(Clone)]
pub struct Events(Arc<Shared>);

struct Shared {
    subscribers: broadcast::Sender<Change>,
    position: Mutex<Position>,
    connected: AtomicBool,
    /// Distinguishes this server's revisions from another's.
    instance: u128,
    /// How many events were published.
    published: AtomicU64,
}

/// Which of the outbox's events were published here.
struct Position {
    /// The last event when this server started.
    start: i64,
    /// The last event that was read from the outbox.
    read: i64,
    /// Events behind `read` that this server committed, and has published.
    ahead: BTreeSet<i64>,
    /// Somebody reads the outbox, and so needs `ahead`.
    reading: bool,
}

impl Events {
    /// `last` is the outbox's last event. `connected`: no other server has the database.
    pub(crate) fn new(last: i64, connected: bool) -> Self {
        let position = Position { start: last, read: last, ahead: BTreeSet::new(), reading: false };
        Self(Arc::new(Shared {
            subscribers: broadcast::Sender::new(BACKLOG),
            position: Mutex::new(position),
            connected: AtomicBool::new(connected),
            instance: rand::random(),
            published: AtomicU64::new(0),
        }))
    }

    /// Changes from now on. A receiver that lags has to assume that anything may have changed.
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.0.subscribers.subscribe()
    }

    /// Names the events that were published here so far. A page that was rendered at a revision, and a stream of events that
    /// starts at the same one, have missed nothing in between.
    pub fn revision(&self) -> String {
        format!("{:032x}-{}", self.0.instance, self.0.published.load(Ordering::SeqCst))
    }

    /// False: the database does not announce the events of other servers at the moment. They arrive when it does again.
    pub fn is_connected(&self) -> bool {
        self.0.connected.load(Ordering::Relaxed)
    }

    pub(crate) fn set_connected(&self, connected: bool) {
        self.0.connected.store(connected, Ordering::Relaxed);
    }

    /// Publishes what concerns this server alone.
    pub(crate) fn publish(&self, change: Change) {
        self.0.published.fetch_add(1, Ordering::SeqCst);
        // An error means that there is no subscriber.
        let _ = self.0.subscribers.send(change);
    }

    /// Publishes what this server has committed; the first event has the sequence number `first`.
    pub(crate) fn publish_committed(&self, first: i64, changes: Vec<Change>) {
        self.with_position(|position| {
            for (seq, change) in (first..).zip(changes) {
                if position.start < seq && seq <= position.read {
                    continue;
                }
                if position.reading {
                    position.ahead.insert(seq);
                }
                self.publish(change);
            }
        });
    }

    /// Publishes what was read from the outbox behind [`Self::position`], and returns what was not published before: the
    /// changes of other servers.
    pub(crate) fn publish_read(&self, events: Vec<(i64, Change)>) -> Vec<Change> {
        let mut new = Vec::new();
        self.with_position(|position| {
            for (seq, change) in events {
                if seq <= position.read {
                    continue;
                }
                position.read = seq;
                if position.ahead.remove(&seq) {
                    continue;
                }
                new.push(change.clone());
                self.publish(change);
            }
        });
        new
    }

    /// Events up to `last` cannot be read one by one any more: anything may have changed.
    pub(crate) fn publish_missed(&self, last: i64) {
        self.with_position(|position| {
            position.read = last;
            position.ahead.clear();
            self.publish(Change { noun: ChangedNoun::All, kind: ChangeKind::Updated, id: String::new() });
        });
    }

    /// The last event that was read from the outbox.
    pub(crate) fn position(&self) -> i64 {
        self.with_position(|position| {
            position.reading = true;
            position.read
        })
    }

    fn with_position<T>(&self, act: impl FnOnce(&mut Position) -> T) -> T {
        act(&mut self.0.position.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(id: &str) -> Change {
        Change { noun: ChangedNoun::Carrier, kind: ChangeKind::Updated, id: id.to_owned() }
    }

    fn received(subscriber: &mut broadcast::Receiver<Change>) -> Vec<String> {
        std::iter::from_fn(|| subscriber.try_recv().ok()).map(|change| change.id).collect()
    }

    #[test]
    fn own_event_is_published_once() {
        let events = Events::new(7, false);
        let mut subscriber = events.subscribe();
        assert_eq!(events.position(), 7);
        events.publish_committed(9, vec![change("own")]);
        let new = events.publish_read(vec![(8, change("theirs")), (9, change("own"))]);
        assert_eq!(new, [change("theirs")]);
        assert_eq!(events.publish_read(vec![(9, change("own"))]), []);
        assert_eq!(received(&mut subscriber), ["own", "theirs"]);
        assert_eq!(events.position(), 9);
    }

    #[test]
    fn own_event_that_was_read_first_is_published_once() {
        let events = Events::new(0, false);
        let mut subscriber = events.subscribe();
        events.position();
        events.publish_read(vec![(1, change("own"))]);
        events.publish_committed(1, vec![change("own")]);
        assert_eq!(received(&mut subscriber), ["own"]);
    }

    #[test]
    fn revision_changes_with_each_event() {
        let events = Events::new(0, true);
        let before = events.revision();
        assert_eq!(events.revision(), before);
        events.publish(change("one"));
        assert_ne!(events.revision(), before);
        assert_ne!(Events::new(0, true).revision(), before, "of another server");
    }

    #[test]
    fn event_committed_before_the_start_is_published() {
        let events = Events::new(3, false);
        let mut subscriber = events.subscribe();
        events.publish_committed(3, vec![change("early")]);
        assert_eq!(received(&mut subscriber), ["early"]);
    }
}
