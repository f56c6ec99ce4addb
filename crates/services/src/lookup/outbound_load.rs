//! Which carrier and which DID the next outbound call should use: the least loaded carrier, and its DIDs in rotation.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{CarrierId, DidId};

/// A carrier whose channels are all in use has this load, or more.
const FULL: u64 = 1 << 32;

/// The active outbound calls of this server, by carrier and DID. Whoever places calls reports them; clones share one state.
#[derive(Clone, Default)]
pub struct OutboundLoad(Arc<Mutex<Rotation>>);

#[derive(Default)]
struct Rotation {
    /// Increases with each selection.
    turn: u64,
    carriers: HashMap<u128, CarrierLoad>,
    /// Carriers that can place calls, by load and then by their last turn.
    candidates: BTreeSet<(u64, u64, u128)>,
    /// Active calls from each DID.
    dids: HashMap<u128, u32>,
}

#[derive(Clone, Copy, Default)]
struct CarrierLoad {
    calls: u32,
    /// None: the carrier is no candidate.
    channels: Option<u32>,
    /// When it was selected last.
    turn: u64,
    /// Counts its selections, which use its DIDs one after another.
    selections: u32,
}

/// The carrier for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// This carrier, and where to start among its DIDs.
    Carrier { id: u128, start: u32 },
    /// All channels of all candidates are in use.
    Busy,
    /// There is no candidate.
    None,
}

impl OutboundLoad {
    /// How many DIDs in use are passed over in search of one without a call.
    pub(super) const DIDS_TRIED: u32 = 16;

    /// A call of the carrier from this DID has begun.
    pub fn acquired(&self, carrier: &CarrierId, did: &DidId) {
        let mut rotation = self.lock();
        *rotation.dids.entry(did.ulid().into()).or_default() += 1;
        rotation.change(carrier.ulid().into(), |carrier| carrier.calls += 1);
    }

    /// A call that was reported as begun has ended.
    pub fn released(&self, carrier: &CarrierId, did: &DidId) {
        let mut rotation = self.lock();
        let did = did.ulid().into();
        if let Some(calls) = rotation.dids.get_mut(&did) {
            *calls = calls.saturating_sub(1);
            if *calls == 0 {
                rotation.dids.remove(&did);
            }
        }
        rotation.change(carrier.ulid().into(), |carrier| carrier.calls = carrier.calls.saturating_sub(1));
    }

    /// Makes the carrier a candidate with these channels; None: it is none.
    pub(super) fn set_candidate(&self, carrier: u128, channels: Option<u32>) {
        self.lock().change(carrier, |carrier| carrier.channels = channels);
    }

    /// The carrier is deleted.
    pub(super) fn forget(&self, carrier: u128) {
        self.lock().change(carrier, |carrier| (carrier.channels, carrier.turn) = (None, 0));
    }

    /// Replaces the candidates: each carrier with its channels.
    pub(super) fn set_candidates(&self, candidates: impl Iterator<Item = (u128, u32)>) {
        let mut rotation = self.lock();
        let known: Vec<u128> = rotation.candidates.iter().map(|(_, _, id)| *id).collect();
        for id in known {
            rotation.change(id, |carrier| carrier.channels = None);
        }
        for (id, channels) in candidates {
            rotation.change(id, |carrier| carrier.channels = Some(channels));
        }
    }

    /// Selects the least loaded candidate; of several the one whose last turn is longest ago.
    pub(super) fn select(&self) -> Selection {
        let mut rotation = self.lock();
        match rotation.candidates.first() {
            None => Selection::None,
            Some((load, ..)) if *load >= FULL => Selection::Busy,
            Some(&(_, _, id)) => rotation.selected(id),
        }
    }

    /// The same among these carriers with their channels, instead of the candidates.
    pub(super) fn select_among(&self, carriers: impl Iterator<Item = (u128, u32)>) -> Selection {
        let mut rotation = self.lock();
        let order = |(id, channels): (u128, u32)| {
            let carrier = rotation.carriers.get(&id).copied().unwrap_or_default();
            (load(carrier.calls, channels), carrier.turn, id)
        };
        match carriers.map(order).min() {
            None => Selection::None,
            Some((load, ..)) if load >= FULL => Selection::Busy,
            Some((_, _, id)) => rotation.selected(id),
        }
    }

    /// Where among `count` DIDs the call's is: the first one from `start` on that no call uses, or else the one at `start`.
    pub(super) fn select_did(&self, count: u32, start: u32, id_at: impl Fn(u32) -> u128) -> u32 {
        let rotation = self.lock();
        let start = start % count;
        let tried = (0..count.min(Self::DIDS_TRIED)).map(|step| (start + step) % count);
        let mut free = tried.filter(|&index| rotation.dids.is_empty() || !rotation.dids.contains_key(&id_at(index)));
        free.next().unwrap_or(start)
    }

    /// Whether no call uses the DID.
    pub(super) fn is_free(&self, did: &DidId) -> bool {
        !self.lock().dids.contains_key(&did.ulid().into())
    }

    fn lock(&self) -> MutexGuard<'_, Rotation> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rotation {
    fn change(&mut self, id: u128, change: impl FnOnce(&mut CarrierLoad)) {
        let carrier = self.carriers.entry(id).or_default();
        let before = carrier.order(id);
        change(carrier);
        let after = carrier.order(id);
        if carrier.channels.is_none() && carrier.calls == 0 && carrier.turn == 0 {
            self.carriers.remove(&id);
        }
        if before != after {
            before.map(|order| self.candidates.remove(&order));
            self.candidates.extend(after);
        }
    }

    fn selected(&mut self, id: u128) -> Selection {
        self.turn += 1;
        let (turn, mut start) = (self.turn, 0);
        self.change(id, |carrier| {
            carrier.turn = turn;
            start = carrier.selections;
            carrier.selections = carrier.selections.wrapping_add(1);
        });
        Selection::Carrier { id, start }
    }
}

impl CarrierLoad {
    fn order(self, id: u128) -> Option<(u64, u64, u128)> {
        self.channels.map(|channels| (load(self.calls, channels), self.turn, id))
    }
}

/// The part of the channels that is in use, as a whole number that is ordered like it.
fn load(calls: u32, channels: u32) -> u64 {
    u64::from(calls) * FULL / u64::from(channels.max(1))
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn selected(load: &OutboundLoad, times: usize) -> Vec<u128> {
        let id = |selection| match selection {
            Selection::Carrier { id, .. } => id,
            other => panic!("{other:?}"),
        };
        (0..times).map(|_| id(load.select())).collect()
    }

    fn carrier(id: u128) -> CarrierId {
        CarrierId::new(Ulid::from(id))
    }

    fn did(id: u128) -> DidId {
        DidId::new(Ulid::from(id))
    }

    #[test]
    fn carriers_of_equal_load_alternate() {
        let load = OutboundLoad::default();
        load.set_candidates([(1, 10), (2, 10), (3, 10)].into_iter());
        assert_eq!(selected(&load, 7), [1, 2, 3, 1, 2, 3, 1]);
    }

    #[test]
    fn least_loaded_carrier_is_selected() {
        let load = OutboundLoad::default();
        load.set_candidates([(1, 10), (2, 4)].into_iter());
        load.acquired(&carrier(2), &did(20));
        load.acquired(&carrier(1), &did(10));
        assert_eq!(selected(&load, 3), [1, 1, 1], "a tenth is less than a quarter");
        load.acquired(&carrier(1), &did(10));
        load.acquired(&carrier(1), &did(10));
        assert_eq!(selected(&load, 2), [2, 2]);
        load.released(&carrier(1), &did(10));
        assert_eq!(selected(&load, 1), [1]);
    }

    #[test]
    fn carrier_without_a_free_channel_is_not_selected() {
        let load = OutboundLoad::default();
        assert_eq!(load.select(), Selection::None);
        load.set_candidate(1, Some(1));
        load.acquired(&carrier(1), &did(10));
        assert_eq!(load.select(), Selection::Busy);
        load.released(&carrier(1), &did(10));
        assert_eq!(load.select(), Selection::Carrier { id: 1, start: 0 });
        load.set_candidate(1, None);
        assert_eq!(load.select(), Selection::None);
    }

    #[test]
    fn selection_among_given_carriers_follows_the_same_order() {
        let load = OutboundLoad::default();
        let among = |load: &OutboundLoad| load.select_among([(1, 2), (2, 2)].into_iter());
        load.acquired(&carrier(1), &did(10));
        assert_eq!(among(&load), Selection::Carrier { id: 2, start: 0 });
        load.acquired(&carrier(2), &did(20));
        load.acquired(&carrier(1), &did(10));
        load.acquired(&carrier(2), &did(20));
        assert_eq!(among(&load), Selection::Busy);
        assert_eq!(load.select_among(std::iter::empty()), Selection::None);
    }

    #[test]
    fn did_without_a_call_is_preferred() {
        let load = OutboundLoad::default();
        let ids = |index| u128::from(index) + 100;
        assert_eq!(load.select_did(3, 4, ids), 1);
        load.acquired(&carrier(1), &did(101));
        assert_eq!(load.select_did(3, 4, ids), 2);
        load.acquired(&carrier(1), &did(100));
        load.acquired(&carrier(1), &did(102));
        assert_eq!(load.select_did(3, 4, ids), 1, "all are in use");
        load.released(&carrier(1), &did(102));
        assert_eq!(load.select_did(3, 4, ids), 2);
    }

    #[test]
    fn carriers_without_calls_are_forgotten() {
        let load = OutboundLoad::default();
        load.set_candidate(1, Some(5));
        load.acquired(&carrier(1), &did(10));
        selected(&load, 1);
        load.forget(1);
        load.released(&carrier(1), &did(10));
        assert!(load.lock().carriers.is_empty() && load.lock().dids.is_empty());
    }
}
