//! The bindings of all addresses of record.

use std::collections::{BTreeSet, HashMap};

use domain::{
    Timestamp,
    edge::binding::{Binding, Bindings},
};

#[derive(Default)]
pub struct Registrations {
    by_aor: HashMap<String, Bindings>,
    /// By the next expiry of each address of record.
    by_expiry: BTreeSet<(Timestamp, String)>,
}

impl Registrations {
    pub fn change<T>(&mut self, aor: &str, change: impl FnOnce(&mut Bindings) -> T) -> T {
        let bindings = self.by_aor.entry(aor.to_owned()).or_default();
        let before = bindings.next_expiry();
        let changed = change(bindings);
        let after = bindings.next_expiry();
        if after.is_none() {
            self.by_aor.remove(aor);
        }
        if before != after {
            if let Some(at) = before {
                self.by_expiry.remove(&(at, aor.to_owned()));
            }
            if let Some(at) = after {
                self.by_expiry.insert((at, aor.to_owned()));
            }
        }
        changed
    }

    pub fn current(&self, aor: &str, now: Timestamp) -> Vec<Binding> {
        self.by_aor.get(aor).map(|bindings| bindings.current(now).cloned().collect()).unwrap_or_default()
    }

    pub fn remove_expired(&mut self, now: Timestamp) -> Vec<(String, Binding)> {
        let mut removed = Vec::new();
        while let Some((expires_at, aor)) = self.by_expiry.first() {
            if *expires_at > now {
                break;
            }
            let aor = aor.clone();
            let expired = self.change(&aor, |bindings| bindings.remove_expired(now));
            removed.extend(expired.into_iter().map(|binding| (aor.clone(), binding)));
        }
        removed
    }
}
