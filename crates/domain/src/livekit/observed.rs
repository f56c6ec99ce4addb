//! The observed state: what LiveKit lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DispatchRule, InboundTrunk, OutboundTrunk, OwnerTag, plan::owned};
use crate::{BotId, CarrierId};

/// One object as LiveKit lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    /// `ST_…` or `SDR_…`.
    pub id: String,
    /// The fields that Trunkline decides on.
    pub object: T,
    /// The object also has settings that Trunkline never writes (set by other programs, or by a newer version). They count as
    /// a difference: a replace clears them.
    pub unmanaged_settings: bool,
}

/// The SIP trunks and dispatch rules of one LiveKit project, or those of them that were requested.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// Inbound trunks.
    pub inbound: Vec<Listed<InboundTrunk>>,
    /// Outbound trunks.
    pub outbound: Vec<Listed<OutboundTrunk>>,
    /// Dispatch rules.
    pub rules: Vec<Listed<DispatchRule>>,
}

impl<T> Listed<T> {
    /// An object as Trunkline writes it, without unmanaged settings.
    pub fn written(id: String, object: T) -> Self {
        Self { id, object, unmanaged_settings: false }
    }
}

impl Observed {
    /// Each carrier's own objects by their owner tag, and the unmanaged objects. A carrier's [`super::plan`] is the same for
    /// its own part as for the whole, and much faster to compute. The exception is an outbound trunk that has lost its owner
    /// tag: it is missing from the part, and replaced in the whole. Either way there are steps.
    pub fn by_carrier(self) -> (BTreeMap<CarrierId, Self>, Self) {
        fn part<'a>(
            metadata: &str,
            owned: &'a mut BTreeMap<CarrierId, Observed>,
            unmanaged: &'a mut Observed,
        ) -> &'a mut Observed {
            match OwnerTag::read(metadata) {
                Some(owner_tag) => owned.entry(owner_tag.carrier_id).or_default(),
                None => unmanaged,
            }
        }
        let (mut owned, mut unmanaged) = (BTreeMap::new(), Self::default());
        for listed in self.inbound {
            part(&listed.object.metadata, &mut owned, &mut unmanaged).inbound.push(listed);
        }
        for listed in self.outbound {
            part(&listed.object.metadata, &mut owned, &mut unmanaged).outbound.push(listed);
        }
        for listed in self.rules {
            part(&listed.object.metadata, &mut owned, &mut unmanaged).rules.push(listed);
        }
        (owned, unmanaged)
    }

    /// Whether there is no object.
    pub fn is_empty(&self) -> bool {
        self.inbound.is_empty() && self.outbound.is_empty() && self.rules.is_empty()
    }
}

/// The LiveKit ids of one carrier's objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectIds {
    /// Of inbound trunks, `ST_…`.
    pub inbound: Vec<String>,
    /// Of the outbound trunk, `ST_…`.
    pub outbound: Vec<String>,
    /// Of dispatch rules, `SDR_…`.
    pub rules: Vec<String>,
    /// The objects of each bot that answers on the carrier.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bots: BTreeMap<BotId, BotObjectIds>,
}

/// The LiveKit ids of what one bot needs to answer calls on a carrier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotObjectIds {
    /// Of the inbound trunk, `ST_…`.
    pub inbound: Option<String>,
    /// Of the dispatch rule, `SDR_…`.
    pub rule: Option<String>,
}

impl Observed {
    /// The objects with the carrier's owner tag.
    pub fn ids_of(&self, carrier: &CarrierId) -> ObjectIds {
        fn ids<T>(owned: Vec<(Option<BotId>, &Listed<T>)>) -> Vec<String> {
            owned.into_iter().map(|(_, listed)| listed.id.clone()).collect()
        }
        let inbound = owned(&self.inbound, carrier, |trunk| &trunk.metadata);
        let rules = owned(&self.rules, carrier, |rule| &rule.metadata);
        let mut bots: BTreeMap<BotId, BotObjectIds> = BTreeMap::new();
        for (bot, listed) in &inbound {
            if let Some(bot) = bot {
                bots.entry(bot.clone()).or_default().inbound.get_or_insert_with(|| listed.id.clone());
            }
        }
        for (bot, listed) in &rules {
            if let Some(bot) = bot {
                bots.entry(bot.clone()).or_default().rule.get_or_insert_with(|| listed.id.clone());
            }
        }
        ObjectIds {
            inbound: ids(inbound),
            outbound: ids(owned(&self.outbound, carrier, |trunk| &trunk.metadata)),
            rules: ids(rules),
            bots,
        }
    }
}
