//! What LiveKit was seen to hold.

use std::collections::BTreeMap;

use super::{DispatchRule, InboundTrunk, OutboundTrunk, OwnerTag};
use crate::CarrierId;

/// One object as LiveKit lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    /// `ST_…` or `SDR_…`.
    pub id: String,
    pub object: T,
    /// The object also has settings that Trunkline never writes (made by hand, or by a newer version). They are part of
    /// what differs: a replace clears them.
    pub unmanaged_settings: bool,
}

/// All that one LiveKit project holds of SIP.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    pub inbound: Vec<Listed<InboundTrunk>>,
    pub outbound: Vec<Listed<OutboundTrunk>>,
    pub rules: Vec<Listed<DispatchRule>>,
}

impl<T> Listed<T> {
    /// As Trunkline writes it: nothing but what the object says.
    pub fn written(id: String, object: T) -> Self {
        Self { id, object, unmanaged_settings: false }
    }
}

impl Observed {
    /// Each carrier's own objects, by the owner_tag that they carry, and the rest: what somebody made by hand. A carrier's
    /// [`super::plan`] is the same for its own part as for the whole, and much quicker; save that an outbound trunk which has
    /// lost its owner_tag is missing from the part and replaced in the whole. Either way there are steps.
    pub fn by_carrier(self) -> (BTreeMap<CarrierId, Self>, Self) {
        fn part<'a>(
            metadata: &str,
            ours: &'a mut BTreeMap<CarrierId, Observed>,
            unmanaged: &'a mut Observed,
        ) -> &'a mut Observed {
            match OwnerTag::read(metadata) {
                Some(owner_tag) => ours.entry(owner_tag.carrier_id).or_default(),
                None => unmanaged,
            }
        }
        let (mut ours, mut unmanaged) = (BTreeMap::new(), Self::default());
        for listed in self.inbound {
            part(&listed.object.metadata, &mut ours, &mut unmanaged).inbound.push(listed);
        }
        for listed in self.outbound {
            part(&listed.object.metadata, &mut ours, &mut unmanaged).outbound.push(listed);
        }
        for listed in self.rules {
            part(&listed.object.metadata, &mut ours, &mut unmanaged).rules.push(listed);
        }
        (ours, unmanaged)
    }

    pub fn is_empty(&self) -> bool {
        self.inbound.is_empty() && self.outbound.is_empty() && self.rules.is_empty()
    }
}
