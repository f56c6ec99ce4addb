//! Time and fresh ids, from one place, so that tests can turn the hands.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use domain::Timestamp;
use ulid::Ulid;

/// The system's clock, and for tests one that is ahead of it.
#[derive(Clone, Default)]
pub struct Clock {
    ahead_millis: Arc<AtomicI64>,
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(millis.saturating_add(self.ahead_millis.load(Ordering::Relaxed)))
    }

    /// A ULID of this moment.
    pub fn ulid(&self) -> Ulid {
        Ulid::from_parts(u64::try_from(self.now().millis()).unwrap_or_default(), rand::random())
    }

    /// Moves the hands, in tests.
    pub fn advance(&self, millis: i64) {
        self.ahead_millis.fetch_add(millis, Ordering::Relaxed);
    }
}
