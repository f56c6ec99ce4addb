//! Slows down whoever guesses passwords.

use std::{collections::HashMap, sync::Mutex};

use domain::Timestamp;

/// Failures before a key has to wait.
const FREE: u32 = 5;
/// What a key waits after that; doubles with each failure.
const FIRST_WAIT: i64 = 2_000;
const LONGEST_WAIT: i64 = 15 * 60_000;
/// A key that was quiet for so long starts anew.
const FORGIVEN: i64 = 15 * 60_000;
/// Keys that are remembered; beyond that the quietest are dropped.
const KEYS: usize = 10_000;

/// Failed logins by key: an e-mail address, or the address of a client.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<String, Failures>>);

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    fn wait_until(&self) -> Timestamp {
        match self.count.checked_sub(FREE) {
            None => self.last,
            Some(over) => self.last.plus_millis((FIRST_WAIT << over.min(20)).min(LONGEST_WAIT)),
        }
    }
}

impl Throttle {
    /// Seconds to wait, where one of the keys has to.
    pub(crate) fn wait(&self, keys: &[String], now: Timestamp) -> Option<i64> {
        let failures = self.0.lock().expect("no holder panics");
        let until = keys.iter().filter_map(|key| failures.get(key)).map(Failures::wait_until).max()?;
        let left = until.millis() - now.millis();
        (left > 0).then_some((left + 999) / 1000)
    }

    pub(crate) fn failed(&self, keys: &[String], now: Timestamp) {
        let mut failures = self.0.lock().expect("no holder panics");
        if failures.len() >= KEYS {
            failures.retain(|_, failure| now.millis() - failure.last.millis() < FORGIVEN);
            if failures.len() >= KEYS {
                failures.clear();
            }
        }
        for key in keys {
            let failure = failures.entry(key.clone()).or_insert(Failures { count: 0, last: now });
            if now.millis() - failure.last.millis() >= FORGIVEN {
                failure.count = 0;
            }
            failure.count += 1;
            failure.last = now;
        }
    }

    pub(crate) fn succeeded(&self, key: &str) {
        self.0.lock().expect("no holder panics").remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_five_failures_each_try_costs_more_and_quiet_forgives() {
        let throttle = Throttle::default();
        let keys = ["ops@example.com".to_owned()];
        let mut now = Timestamp::from_millis(1_000_000);
        for _ in 0..4 {
            throttle.failed(&keys, now);
            assert_eq!(throttle.wait(&keys, now), None);
        }
        throttle.failed(&keys, now);
        assert_eq!(throttle.wait(&keys, now), Some(2));
        now = now.plus_millis(2_000);
        assert_eq!(throttle.wait(&keys, now), None);
        throttle.failed(&keys, now);
        assert_eq!(throttle.wait(&keys, now), Some(4));
        now = now.plus_millis(FORGIVEN);
        throttle.failed(&keys, now);
        assert_eq!(throttle.wait(&keys, now), None);
    }
}
