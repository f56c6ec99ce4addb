//! When each session was used last: collected in memory, written every few seconds.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{SessionId, Timestamp};

/// A use is written only if the last one that was written is older: pages make requests all the time.
const INTERVAL_MILLIS: i64 = 60 * 1000;

#[derive(Default)]
pub(crate) struct SessionUses(Mutex<Uses>);

#[derive(Default)]
struct Uses {
    /// The newest use of each session that is not in the database yet.
    pending: HashMap<SessionId, Timestamp>,
    /// The use that was noted last, of the sessions that were used within the interval.
    noted: HashMap<SessionId, Timestamp>,
}

impl SessionUses {
    /// Notes a use; [`Self::take`] returns it.
    pub fn note(&self, id: &SessionId, now: Timestamp) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = uses.noted.get(id).is_some_and(|at| is_recent(*at, now));
        if !is_recent {
            uses.noted.insert(id.clone(), now);
            uses.pending.insert(id.clone(), now);
        }
    }

    /// The uses that are to be written, in the order of the ids.
    pub fn take(&self, now: Timestamp) -> Vec<(SessionId, Timestamp)> {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        uses.noted.retain(|_, at| is_recent(*at, now));
        let mut pending: Vec<_> = uses.pending.drain().collect();
        pending.sort_unstable();
        pending
    }

    /// After they could not be written.
    pub fn put_back(&self, uses: Vec<(SessionId, Timestamp)>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, at) in uses {
            known.pending.entry(id).or_insert(at);
        }
    }
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.millis() - at.millis() < INTERVAL_MILLIS
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn one_use_is_noted_per_interval() {
        let (uses, id) = (SessionUses::default(), SessionId::new(Ulid::from_parts(1, 1)));
        let at = |millis| Timestamp::from_millis(1_000_000 + millis);
        uses.note(&id, at(0));
        uses.note(&id, at(10));
        assert_eq!(uses.take(at(10)), [(id.clone(), at(0))]);
        uses.note(&id, at(INTERVAL_MILLIS - 1));
        assert_eq!(uses.take(at(INTERVAL_MILLIS - 1)), []);
        uses.note(&id, at(INTERVAL_MILLIS));
        let taken = uses.take(at(INTERVAL_MILLIS));
        assert_eq!(taken, [(id.clone(), at(INTERVAL_MILLIS))]);
        uses.put_back(taken.clone());
        assert_eq!(uses.take(at(INTERVAL_MILLIS)), taken);
    }
}
