//! Time and new ids, from one source, so that tests can set the time.

use std::{
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use domain::Timestamp;
use ulid::Ulid;

/// The system's clock; in tests, ahead of it.
#[derive(Clone, Default)]
pub struct Clock {
    ahead_millis: Arc<AtomicI64>,
    last: Arc<Mutex<Ulid>>,
}

impl Clock {
    /// The time now, in milliseconds.
    pub fn now(&self) -> Timestamp {
        let since =
            SystemTime::now().duration_since(UNIX_EPOCH).expect("the system's clock is set to a time after 1970");
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(millis.saturating_add(self.ahead_millis.load(Ordering::Relaxed)))
    }

    /// A ULID of this moment. Of two in one millisecond the later is the greater (ULID specification, "Monotonicity"): lists
    /// in the order of time go by it.
    pub fn ulid(&self) -> Ulid {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Ulid::from_parts(self.now().millis().unsigned_abs(), rand::random());
        *last = if fresh > *last { fresh } else { last.increment().unwrap_or(fresh) };
        *last
    }

    /// Milliseconds since an arbitrary moment. The system's clock may be set meanwhile without effect, so that this is for
    /// measuring, not for storing.
    pub fn monotonic_millis(&self) -> i64 {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        let since = i64::try_from(START.elapsed().as_millis()).unwrap_or(i64::MAX);
        since.saturating_add(self.ahead_millis.load(Ordering::Relaxed))
    }

    /// The time by the system's clock at this moment and the monotonic clock from then on: setting the system's clock makes no
    /// lease shorter or longer.
    pub fn steady(&self) -> impl Fn() -> Timestamp + Send + Sync + use<> {
        let clock = self.clone();
        let start = self.now().millis() - self.monotonic_millis();
        move || Timestamp::from_millis(start.saturating_add(clock.monotonic_millis()))
    }

    /// Advances the clock, in tests.
    pub fn advance(&self, millis: i64) {
        self.ahead_millis.fetch_add(millis, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_the_order_of_their_creation() {
        let clock = Clock::default();
        let ids: Vec<Ulid> = (0..10_000).map(|_| clock.ulid()).collect();
        assert!(ids.is_sorted_by(|earlier, later| earlier < later));
    }
}
