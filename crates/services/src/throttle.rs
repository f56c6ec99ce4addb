//! Rate limit of failed logins, against guessed passwords.

use std::{collections::HashMap, net::IpAddr, sync::Mutex};

use domain::{Email, Timestamp};

/// What a key waits after its first failure beyond the free ones; doubles with each further failure.
const FIRST_WAIT_MILLIS: i64 = 2_000;
/// After so long without a failure a key starts anew.
const RESET_MILLIS: i64 = 15 * 60_000;
/// Keys that are kept; beyond that those with the shortest wait are dropped.
const CAPACITY: usize = 10_000;
/// How many are dropped at once, so that not every attempt has to search all of them.
const SURPLUS: usize = CAPACITY / 10;

/// What failed logins are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// One client's guesses at one user's password; None: a proxy did not name the client.
    Pair(Option<IpAddr>, Email),
    /// One client's guesses at anybody's password.
    Client(IpAddr),
    /// All clients' guesses at one user's password. It is softer than the others, so that guesses cannot keep the
    /// user out.
    Email(Email),
}

impl Key {
    /// Those of one attempt.
    pub fn of(client: Option<IpAddr>, email: &Email) -> Vec<Self> {
        let pair = Self::Pair(client, email.clone());
        [pair, Self::Email(email.clone())].into_iter().chain(client.map(Self::Client)).collect()
    }

    /// Failures before the key has to wait.
    fn free(&self) -> u32 {
        match self {
            Self::Pair(..) | Self::Client(_) => 5,
            Self::Email(_) => 20,
        }
    }

    fn longest_wait_millis(&self) -> i64 {
        match self {
            Self::Pair(..) | Self::Client(_) => 15 * 60_000,
            Self::Email(_) => 10_000,
        }
    }
}

/// Failed logins by key, in this process's memory.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<Key, Failures>>);

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    fn wait_until(&self, key: &Key) -> Timestamp {
        match self.count.checked_sub(key.free()) {
            None => self.last,
            Some(over) => self.last.plus_millis((FIRST_WAIT_MILLIS << over.min(20)).min(key.longest_wait_millis())),
        }
    }

    fn is_reset(&self, now: Timestamp) -> bool {
        now.millis() - self.last.millis() >= RESET_MILLIS
    }
}

impl Throttle {
    /// Counts the attempt as failed before it is made: of many at once no more are made than of as many one after the
    /// other. Where one of the keys has to wait, it is neither made nor counted, and the seconds to wait are the error.
    pub fn attempt(&self, keys: &[Key], now: Timestamp) -> Result<(), i64> {
        let mut failures = self.0.lock().expect("no thread panics while it has the lock");
        let until = keys.iter().filter_map(|key| failures.get(key).map(|known| known.wait_until(key))).max();
        let left = until.map_or(0, |until| until.millis() - now.millis());
        if left > 0 {
            return Err((left + 999) / 1000);
        }
        make_room(&mut failures, keys.len(), now);
        for key in keys {
            let failure = failures.entry(key.clone()).or_insert(Failures { count: 0, last: now });
            if failure.is_reset(now) {
                failure.count = 0;
            }
            failure.count += 1;
            failure.last = now;
        }
        Ok(())
    }

    /// The password was not checked: the attempt does not count.
    pub fn cancel(&self, keys: &[Key]) {
        let mut failures = self.0.lock().expect("no thread panics while it has the lock");
        for key in keys {
            if let Some(failure) = failures.get_mut(key) {
                failure.count = failure.count.saturating_sub(1);
            }
        }
    }

    /// The password was right: neither the attempt nor those before it count.
    pub fn succeed(&self, keys: &[Key]) {
        let mut failures = self.0.lock().expect("no thread panics while it has the lock");
        for key in keys {
            failures.remove(key);
        }
    }
}

/// Drops the keys that start anew, and if that is not enough, those whose wait ends first.
fn make_room(failures: &mut HashMap<Key, Failures>, wanted: usize, now: Timestamp) {
    if failures.len() + wanted <= CAPACITY {
        return;
    }
    failures.retain(|_, failure| !failure.is_reset(now));
    let surplus = failures.len().saturating_sub(CAPACITY - SURPLUS);
    let mut shortest: Vec<_> = failures.iter().map(|(key, failure)| (failure.wait_until(key), key.clone())).collect();
    shortest.sort_unstable_by_key(|(until, _)| *until);
    for (_, key) in shortest.into_iter().take(surplus) {
        failures.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_000_000);

    /// The address of the guesser that most tests are about.
    const GUESSER: u32 = 0xc000_0201;

    fn address(number: u32) -> IpAddr {
        Ipv4Addr::from(number).into()
    }

    fn client(number: u32) -> [Key; 1] {
        [Key::Client(address(number))]
    }

    fn email() -> Email {
        "ops@example.com".parse().unwrap()
    }

    fn known(throttle: &Throttle) -> usize {
        throttle.0.lock().unwrap().len()
    }

    #[test]
    fn wait_doubles_after_five_failures_and_ends_by_quiet() {
        let throttle = Throttle::default();
        let keys = client(GUESSER);
        let mut now = START;
        for _ in 0..5 {
            assert_eq!(throttle.attempt(&keys, now), Ok(()));
        }
        assert_eq!(throttle.attempt(&keys, now), Err(2));
        now = now.plus_millis(2_000);
        assert_eq!(throttle.attempt(&keys, now), Ok(()));
        assert_eq!(throttle.attempt(&keys, now), Err(4));
        now = now.plus_millis(RESET_MILLIS);
        for _ in 0..5 {
            assert_eq!(throttle.attempt(&keys, now), Ok(()));
        }
        assert_eq!(throttle.attempt(&keys, now), Err(2));
    }

    #[test]
    fn many_clients_guess_one_password_slowly_and_keep_its_user_out_for_seconds() {
        let throttle = Throttle::default();
        let mut now = START;
        for guess in 0..20 {
            assert_eq!(throttle.attempt(&Key::of(Some(address(guess)), &email()), now), Ok(()));
        }
        let mut longest = 0;
        for guess in 0..50 {
            while let Err(seconds) = throttle.attempt(&Key::of(Some(address(1_000 + guess)), &email()), now) {
                longest = longest.max(seconds);
                now = now.plus_millis(seconds * 1000);
            }
        }
        assert_eq!(longest, 10);
    }

    #[test]
    fn success_does_not_reset_guesses_at_others() {
        let throttle = Throttle::default();
        let (own, guessed) = (
            Key::of(Some(address(GUESSER)), &"me@example.com".parse().unwrap()),
            Key::of(Some(address(GUESSER)), &email()),
        );
        for _ in 0..5 {
            assert_eq!(throttle.attempt(&guessed, START), Ok(()));
            assert_eq!(throttle.attempt(&own, START), Ok(()));
            throttle.succeed(&own);
        }
        assert_eq!(throttle.attempt(&guessed, START), Err(2));
    }

    #[test]
    fn cancelled_and_successful_attempts_do_not_count() {
        let throttle = Throttle::default();
        let keys = Key::of(Some(address(1)), &email());
        for _ in 0..20 {
            assert_eq!(throttle.attempt(&keys, START), Ok(()));
            throttle.cancel(&keys);
        }
        for _ in 0..20 {
            assert_eq!(throttle.attempt(&keys, START), Ok(()));
            throttle.succeed(&keys);
        }
        assert_eq!(known(&throttle), 0);
    }

    #[test]
    fn longest_waits_are_kept_when_there_are_too_many_keys() {
        let throttle = Throttle::default();
        let guesser = client(GUESSER);
        let mut now = START;
        for _ in 0..8 {
            while let Err(seconds) = throttle.attempt(&guesser, now) {
                now = now.plus_millis(seconds * 1000);
            }
        }
        for other in 0..3 * u32::try_from(CAPACITY).unwrap() {
            assert_eq!(throttle.attempt(&client(other), now), Ok(()));
            assert!(known(&throttle) <= CAPACITY);
        }
        assert_eq!(throttle.attempt(&guesser, now), Err(16));
        // Those with the shortest wait were dropped; the last ones are still counted.
        assert!(known(&throttle) >= CAPACITY - SURPLUS);
        now = now.plus_millis(RESET_MILLIS);
        for other in 0..=u32::try_from(SURPLUS).unwrap() {
            throttle.attempt(&client(1_000_000 + other), now).unwrap();
        }
        assert!(known(&throttle) <= SURPLUS + 1, "keys that start anew are dropped first");
    }
}
