//! What LiveKit was seen to hold.

use std::collections::BTreeMap;

use super::{DispatchRule, InboundTrunk, Mark, OutboundTrunk};
use crate::CarrierId;

/// One object as LiveKit lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    /// `ST_…` or `SDR_…`.
    pub id: String,
    pub object: T,
    /// The object also has settings that Trunkline never writes (made by hand, or by a newer version). They are part of
    /// what differs: a replace clears them.
    pub foreign_settings: bool,
}

/// All that one LiveKit project holds of SIP.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Actual {
    pub inbound: Vec<Listed<InboundTrunk>>,
    pub outbound: Vec<Listed<OutboundTrunk>>,
    pub rules: Vec<Listed<DispatchRule>>,
}

impl<T> Listed<T> {
    /// As Trunkline writes it: nothing but what the object says.
    pub fn written(id: String, object: T) -> Self {
        Self { id, object, foreign_settings: false }
    }
}

impl Actual {
    /// Each carrier's own objects, by the mark that they carry, and the rest: what somebody made by hand. A carrier's
    /// [`super::plan`] is the same for its own part as for the whole, and much quicker; save that an outbound trunk which has
    /// lost its mark is missing from the part and replaced in the whole. Either way there are steps.
    pub fn by_carrier(self) -> (BTreeMap<CarrierId, Self>, Self) {
        fn part<'a>(
            metadata: &str,
            ours: &'a mut BTreeMap<CarrierId, Actual>,
            by_hand: &'a mut Actual,
        ) -> &'a mut Actual {
            match Mark::read(metadata) {
                Some(mark) => ours.entry(mark.carrier_id).or_default(),
                None => by_hand,
            }
        }
        let (mut ours, mut by_hand) = (BTreeMap::new(), Self::default());
        for listed in self.inbound {
            part(&listed.object.metadata, &mut ours, &mut by_hand).inbound.push(listed);
        }
        for listed in self.outbound {
            part(&listed.object.metadata, &mut ours, &mut by_hand).outbound.push(listed);
        }
        for listed in self.rules {
            part(&listed.object.metadata, &mut ours, &mut by_hand).rules.push(listed);
        }
        (ours, by_hand)
    }

    pub fn is_empty(&self) -> bool {
        self.inbound.is_empty() && self.outbound.is_empty() && self.rules.is_empty()
    }
}
