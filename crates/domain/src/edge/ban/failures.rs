//! Failed authentications, and when they lead to a ban.

use std::collections::HashMap;

use crate::{IpRange, Timestamp};

/// Failures of one user at one source that ban this user there.
const USER_LIMIT: u32 = 10;
/// Users with failures at one source that ban the source.
const SPRAY_LIMIT: usize = 10;
/// Failures within this time count together, in milliseconds.
const WINDOW_MS: i64 = 10 * 60 * 1000;
/// Sources that are remembered. One more removes the one that failed first.
const MAX_SOURCES: usize = 10_000;

/// Counts failures by source and user. A challenge, and credentials with a stale nonce, are no failures.
#[derive(Clone, Debug, Default)]
pub struct Failures {
    sources: HashMap<IpRange, HashMap<String, Count>>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    failures: u32,
    first: Timestamp,
}

/// What leads to a ban.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offence {
    /// One user failed too often: the ban is of this user at this source, since others may be behind the same address.
    User {
        /// How often.
        failures: u32,
    },
    /// Too many users failed: somebody tries usernames.
    Spraying {
        /// How many.
        users: usize,
    },
}

impl Failures {
    /// Counts a failure. Some: the source, or the user there, is to be banned; their counts start from zero.
    pub fn record(&mut self, source: &IpRange, user: &str, now: Timestamp) -> Option<Offence> {
        if !self.sources.contains_key(source) && self.sources.len() >= MAX_SOURCES {
            self.make_room(now);
        }
        let users = self.sources.entry(source.clone()).or_default();
        users.retain(|_, count| !is_over(*count, now));
        let count = users.entry(user.to_owned()).or_insert(Count { failures: 0, first: now });
        count.failures += 1;
        let failures = count.failures;
        let tried = users.len();
        if tried >= SPRAY_LIMIT {
            self.sources.remove(source);
            return Some(Offence::Spraying { users: tried });
        }
        if failures >= USER_LIMIT {
            self.forget(source, Some(user));
            return Some(Offence::User { failures });
        }
        None
    }

    /// Forgets the failures of a user at a source, after a success or when a ban is lifted; with None those of all users there.
    pub fn forget(&mut self, source: &IpRange, user: Option<&str>) {
        let Some(users) = self.sources.get_mut(source) else { return };
        match user {
            Some(user) => drop(users.remove(user)),
            None => users.clear(),
        }
        if users.is_empty() {
            self.sources.remove(source);
        }
    }

    fn make_room(&mut self, now: Timestamp) {
        self.sources.retain(|_, users| {
            users.retain(|_, count| !is_over(*count, now));
            !users.is_empty()
        });
        if self.sources.len() < MAX_SOURCES {
            return;
        }
        let first = |users: &HashMap<String, Count>| users.values().map(|count| count.first).min();
        let oldest = self.sources.iter().min_by_key(|(_, users)| first(users)).map(|(source, _)| source.clone());
        if let Some(oldest) = oldest {
            self.sources.remove(&oldest);
        }
    }
}

fn is_over(count: Count, now: Timestamp) -> bool {
    count.first.plus_millis(WINDOW_MS) <= now
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> IpRange {
        text.parse().unwrap()
    }

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    #[test]
    fn stuck_phone_bans_its_user_alone() {
        let (mut failures, nat) = (Failures::default(), source("203.0.113.7"));
        for _ in 1..USER_LIMIT {
            assert_eq!(failures.record(&nat, "stuck", NOW), None);
        }
        assert_eq!(failures.record(&nat, "other", NOW), None);
        assert_eq!(failures.record(&nat, "stuck", NOW), Some(Offence::User { failures: USER_LIMIT }));
        assert_eq!(failures.record(&nat, "other", NOW), None);
    }

    #[test]
    fn spraying_bans_the_source() {
        let (mut failures, source) = (Failures::default(), source("2001:db8::/64"));
        let offences: Vec<_> = (1..=SPRAY_LIMIT).map(|n| failures.record(&source, &n.to_string(), NOW)).collect();
        assert_eq!(offences.last(), Some(&Some(Offence::Spraying { users: SPRAY_LIMIT })));
        assert!(offences[..SPRAY_LIMIT - 1].iter().all(Option::is_none));
        assert_eq!(failures.record(&source, "1", NOW), None, "the count starts from zero");
    }

    #[test]
    fn old_failures_do_not_count() {
        let (mut failures, source) = (Failures::default(), source("203.0.113.7"));
        for _ in 1..USER_LIMIT {
            failures.record(&source, "alice", NOW);
        }
        assert_eq!(failures.record(&source, "alice", NOW.plus_millis(WINDOW_MS)), None);
    }

    #[test]
    fn success_starts_from_zero() {
        let (mut failures, source) = (Failures::default(), source("203.0.113.7"));
        for _ in 1..USER_LIMIT {
            failures.record(&source, "alice", NOW);
        }
        failures.forget(&source, Some("alice"));
        assert_eq!(failures.record(&source, "alice", NOW), None);
    }

    #[test]
    fn remembered_sources_are_limited() {
        let mut failures = Failures::default();
        for n in 0..MAX_SOURCES + 5 {
            let address = std::net::Ipv4Addr::from(0x0b00_0000 + u32::try_from(n).unwrap());
            failures.record(&source(&address.to_string()), "x", NOW.plus_millis(i64::try_from(n).unwrap()));
        }
        assert_eq!(failures.sources.len(), MAX_SOURCES);
        assert!(!failures.sources.contains_key(&source("11.0.0.0")));
    }
}
