//! Repairs that do not last: another tool writes the same object, or LiveKit does not store what is written.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use domain::{CarrierId, livekit::Step};

/// The most checks that pass before the same repair is repeated: five hours at the usual interval.
const LONGEST_REST: u32 = 64;

/// Keeps Trunkline and another writer from undoing each other's work at every check: each time a carrier needs the same
/// steps again, twice as many checks pass before they are executed.
#[derive(Default)]
pub(super) struct RepairBackoff(BTreeMap<CarrierId, Repair>);

struct Repair {
    steps: u64,
    pause: u32,
    rest: u32,
}

impl RepairBackoff {
    /// The carrier is in sync.
    pub fn forget(&mut self, carrier: &CarrierId) {
        self.0.remove(carrier);
    }

    /// Whether to execute these steps now.
    pub fn should_repair(&mut self, carrier: &CarrierId, steps: &[Step]) -> bool {
        let steps = digest(steps);
        match self.0.get_mut(carrier).filter(|repair| repair.steps == steps) {
            None => {
                self.0.insert(carrier.clone(), Repair { steps, pause: 1, rest: 1 });
                true
            }
            Some(repair) if repair.rest > 0 => {
                repair.rest -= 1;
                false
            }
            Some(repair) => {
                repair.pause = (repair.pause * 2).min(LONGEST_REST);
                repair.rest = repair.pause;
                true
            }
        }
    }
}

/// Of the steps' debug text, which leaves passwords out.
fn digest(steps: &[Step]) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{steps:?}").hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_repair_is_delayed_and_another_one_is_not() {
        let carrier = CarrierId::new(ulid::Ulid::from_parts(1, 1));
        let (one, other) = ([Step::DeleteRule("SDR_1".to_owned())], [Step::DeleteRule("SDR_2".to_owned())]);
        let mut repair_backoff = RepairBackoff::default();
        let executed: Vec<bool> = (0..8).map(|_| repair_backoff.should_repair(&carrier, &one)).collect();
        assert_eq!(executed, [true, false, true, false, false, true, false, false]);
        assert!(repair_backoff.should_repair(&carrier, &other));
        assert!(!repair_backoff.should_repair(&carrier, &other));
        repair_backoff.forget(&carrier);
        assert!(repair_backoff.should_repair(&carrier, &other));
    }
}
