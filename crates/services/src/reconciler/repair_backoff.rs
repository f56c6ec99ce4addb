//! What was put right once and is wrong again at the next look: somebody else writes it, or LiveKit does not keep it.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use domain::{CarrierId, livekit::Step};

/// Looks for which the same mend is left alone at most: five hours at the usual interval.
const LONGEST_REST: u32 = 64;

/// So that Trunkline and another writer do not undo each other's work at every look: each time the same carrier needs the
/// very same steps again, twice as many looks pass before they are taken.
#[derive(Default)]
pub(super) struct RepairBackoff(BTreeMap<CarrierId, Repair>);

struct Repair {
    steps: u64,
    pause: u32,
    rest: u32,
}

impl RepairBackoff {
    /// LiveKit was seen to be in step.
    pub fn forget(&mut self, carrier: &CarrierId) {
        self.0.remove(carrier);
    }

    /// Whether to take these steps now.
    pub fn should_repair(&mut self, carrier: &CarrierId, steps: &[Step]) -> bool {
        let steps = digest(steps);
        match self.0.get_mut(carrier).filter(|mended| mended.steps == steps) {
            None => {
                self.0.insert(carrier.clone(), Repair { steps, pause: 1, rest: 1 });
                true
            }
            Some(mended) if mended.rest > 0 => {
                mended.rest -= 1;
                false
            }
            Some(mended) => {
                mended.pause = (mended.pause * 2).min(LONGEST_REST);
                mended.rest = mended.pause;
                true
            }
        }
    }
}

/// Of the steps as they print, which leaves passwords out.
fn digest(steps: &[Step]) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{steps:?}").hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_mend_comes_slower_and_slower_and_another_one_at_once() {
        let carrier = CarrierId::new(ulid::Ulid::from_parts(1, 1));
        let (one, other) = ([Step::DeleteRule("SDR_1".to_owned())], [Step::DeleteRule("SDR_2".to_owned())]);
        let mut repair_backoff = RepairBackoff::default();
        let taken: Vec<bool> = (0..8).map(|_| repair_backoff.should_repair(&carrier, &one)).collect();
        assert_eq!(taken, [true, false, true, false, false, true, false, false]);
        assert!(repair_backoff.should_repair(&carrier, &other));
        assert!(!repair_backoff.should_repair(&carrier, &other));
        repair_backoff.forget(&carrier);
        assert!(repair_backoff.should_repair(&carrier, &other));
    }
}
