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
/// How many are dropped at once, so that not every attempt looks through all of them.
const ROOM: usize = KEYS / 10;

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

    fn is_forgiven(&self, now: Timestamp) -> bool {
        now.millis() - self.last.millis() >= FORGIVEN
    }
}

impl Throttle {
    /// Counts the attempt as failed before it is made: of many at once no more are made than of as many one after the
    /// other. Where one of the keys has to wait, it is neither made nor counted, and the seconds to wait are the error.
    pub(crate) fn attempt(&self, keys: &[String], now: Timestamp) -> Result<(), i64> {
        let mut failures = self.0.lock().expect("no holder panics");
        let until = keys.iter().filter_map(|key| failures.get(key)).map(Failures::wait_until).max();
        let left = until.map_or(0, |until| until.millis() - now.millis());
        if left > 0 {
            return Err((left + 999) / 1000);
        }
        make_room(&mut failures, keys.len(), now);
        for key in keys {
            let failure = failures.entry(key.clone()).or_insert(Failures { count: 0, last: now });
            if failure.is_forgiven(now) {
                failure.count = 0;
            }
            failure.count += 1;
            failure.last = now;
        }
        Ok(())
    }

    /// The attempt came to nothing: the password was not looked at.
    pub(crate) fn take_back(&self, keys: &[String]) {
        let mut failures = self.0.lock().expect("no holder panics");
        for key in keys {
            if let Some(failure) = failures.get_mut(key) {
                failure.count = failure.count.saturating_sub(1);
            }
        }
    }

    /// The password was right: the attempt was no failure, and those before it count no more.
    pub(crate) fn forgive(&self, keys: &[String]) {
        let mut failures = self.0.lock().expect("no holder panics");
        for key in keys {
            failures.remove(key);
        }
    }
}

/// Drops what is forgiven, and if that is not enough, the keys whose wait ends first: who has to wait long is remembered
/// longest.
fn make_room(failures: &mut HashMap<String, Failures>, wanted: usize, now: Timestamp) {
    if failures.len() + wanted <= KEYS {
        return;
    }
    failures.retain(|_, failure| !failure.is_forgiven(now));
    let surplus = failures.len().saturating_sub(KEYS - ROOM);
    let mut quietest: Vec<_> = failures.iter().map(|(key, failure)| (failure.wait_until(), key.clone())).collect();
    quietest.sort_unstable();
    for (_, key) in quietest.into_iter().take(surplus) {
        failures.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_000_000);

    fn key(name: &str) -> [String; 1] {
        [name.to_owned()]
    }

    fn known(throttle: &Throttle) -> usize {
        throttle.0.lock().unwrap().len()
    }

    #[test]
    fn after_five_failures_each_try_costs_more_and_quiet_forgives() {
        let throttle = Throttle::default();
        let keys = key("ops@example.com");
        let mut now = START;
        for _ in 0..5 {
            assert_eq!(throttle.attempt(&keys, now), Ok(()));
        }
        assert_eq!(throttle.attempt(&keys, now), Err(2));
        now = now.plus_millis(2_000);
        assert_eq!(throttle.attempt(&keys, now), Ok(()));
        assert_eq!(throttle.attempt(&keys, now), Err(4));
        now = now.plus_millis(FORGIVEN);
        for _ in 0..5 {
            assert_eq!(throttle.attempt(&keys, now), Ok(()));
        }
        assert_eq!(throttle.attempt(&keys, now), Err(2));
    }

    #[test]
    fn an_attempt_that_came_to_nothing_and_one_that_was_right_do_not_count() {
        let throttle = Throttle::default();
        let keys = [key("ops@example.com"), key("client")].concat();
        for _ in 0..20 {
            assert_eq!(throttle.attempt(&keys, START), Ok(()));
            throttle.take_back(&keys);
        }
        for _ in 0..20 {
            assert_eq!(throttle.attempt(&keys, START), Ok(()));
            throttle.forgive(&keys);
        }
        assert_eq!(known(&throttle), 0);
    }

    #[test]
    fn however_many_keys_there_are_who_has_to_wait_is_not_forgotten() {
        let throttle = Throttle::default();
        let guessed = key("ops@example.com");
        let mut now = START;
        for _ in 0..8 {
            while let Err(seconds) = throttle.attempt(&guessed, now) {
                now = now.plus_millis(seconds * 1000);
            }
        }
        for other in 0..3 * KEYS {
            assert_eq!(throttle.attempt(&key(&format!("nobody{other}@example.com")), now), Ok(()));
            assert!(known(&throttle) <= KEYS);
        }
        assert_eq!(throttle.attempt(&guessed, now), Err(16));
        // The quietest went: the last to come are still counted.
        assert!(known(&throttle) >= KEYS - ROOM);
        now = now.plus_millis(FORGIVEN);
        for other in 0..=ROOM {
            throttle.attempt(&key(&format!("later{other}@example.com")), now).unwrap();
        }
        assert!(known(&throttle) <= ROOM + 1, "what is forgiven is dropped first");
    }
}
