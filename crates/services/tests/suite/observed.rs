//! Compares what LiveKit has of a world with the state that its database asks for.

use std::collections::BTreeMap;

use api_types::view::CarrierQuery;
use domain::{
    SyncStatus,
    livekit::{DispatchRule, InboundTrunk, Listed, Observed, OutboundTrunk, OwnerTag, desired, guessed_keys},
};

use crate::world::World;

impl World {
    /// Waits for all syncs, then asserts that LiveKit has exactly the desired objects, that each rule names its own bot's
    /// trunk, and that every carrier's status is synced. Returns the observed objects.
    pub async fn assert_in_sync(&self) -> Observed {
        self.synced().await;
        let observed = self.observed().await;
        let (mut inbound, mut outbound, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        let all = CarrierQuery { limit: Some(200), ..CarrierQuery::default() };
        let page = self.services.carriers.list(&self.admin, &all).await.unwrap();
        for view in page.items {
            let mut tx = self.services.store().read().await.unwrap();
            let carrier = tx.carrier(&self.admin.account_id, &view.id).await.unwrap().unwrap();
            let dids = tx.dids_of(std::slice::from_ref(&view.id)).await.unwrap();
            let bots: Vec<_> = tx.bots(&self.admin.account_id).await.unwrap();
            let guesses: Vec<_> = guessed_keys(&carrier, &dids).into_iter().collect();
            let others = tx.dids_by_keys(&self.admin.account_id, &guesses).await.unwrap();
            let e164_keys = others.iter().map(|did| did.number.key().to_owned()).collect();
            let wanted = desired(&carrier, &dids, &bots, &e164_keys);
            for pair in wanted.inbound {
                inbound.push(pair.trunk);
                rules.push(pair.rule);
            }
            outbound.extend(wanted.outbound);

            assert_eq!(
                (view.lk_sync_status, view.lk_sync_error, view.lk_next_sync_at),
                (SyncStatus::Synced, None, None)
            );
            assert!(view.lk_last_synced_at.is_some());
            // The bot of an object that belongs to this carrier.
            let bot_of = |metadata: &str| {
                OwnerTag::read(metadata)
                    .filter(|owner_tag| owner_tag.carrier_id == view.id)
                    .map(|owner_tag| owner_tag.bot_id)
            };
            let inbound =
                observed.inbound.iter().filter_map(|listed| Some((bot_of(&listed.object.metadata)?, &listed.id)));
            assert_eq!(view.lk_inbound_trunk_id.as_ref(), inbound.min().map(|(_, id)| id));
            let outbound = observed.outbound.iter().find(|listed| bot_of(&listed.object.metadata).is_some());
            assert_eq!(view.lk_outbound_trunk_id.as_ref(), outbound.map(|listed| &listed.id));
        }
        let trunk_of: BTreeMap<&str, &str> =
            observed.inbound.iter().map(|listed| (listed.object.metadata.as_str(), listed.id.as_str())).collect();
        for rule in &mut rules {
            rule.trunk_ids = vec![trunk_of.get(rule.metadata.as_str()).unwrap_or(&"a trunk").to_string()];
        }
        assert_eq!(
            objects(&observed.inbound, |trunk: &InboundTrunk| trunk.metadata.clone()),
            sorted_by(inbound.iter().map(|trunk| as_observed(trunk, &observed)).collect(), |object: &InboundTrunk| {
                object.metadata.clone()
            })
        );
        assert_eq!(
            objects(&observed.outbound, |trunk: &OutboundTrunk| trunk.metadata.clone()),
            sorted_by(outbound, |object| object.metadata.clone())
        );
        assert_eq!(
            objects(&observed.rules, |rule: &DispatchRule| rule.metadata.clone()),
            sorted_by(rules, |object| object.metadata.clone())
        );
        observed
    }

    /// Removes everything from a LiveKit that other tests share.
    pub async fn clean_up(self) {
        for carrier in self.services.carriers.list(&self.admin, &CarrierQuery::default()).await.unwrap().items {
            self.delete_carrier(&carrier).await;
        }
        assert_eq!(self.assert_in_sync().await, Observed::default());
    }

    /// Objects with an owner tag: on a shared LiveKit only those of this world's carriers.
    pub async fn observed(&self) -> Observed {
        let mut observed = self.client().list_all().await.unwrap();
        let carriers = self.carriers.lock().unwrap().clone();
        let managed = |metadata: &str| {
            OwnerTag::read(metadata)
                .is_some_and(|owner_tag| !self.livekit.is_shared() || carriers.contains(&owner_tag.carrier_id))
        };
        observed.inbound.retain(|listed| managed(&listed.object.metadata));
        observed.outbound.retain(|listed| managed(&listed.object.metadata));
        observed.rules.retain(|listed| managed(&listed.object.metadata));
        observed
    }
}

/// The trunk as LiveKit should have it, with what an operator may have set.
fn as_observed(trunk: &InboundTrunk, observed: &Observed) -> InboundTrunk {
    let listed = observed.inbound.iter().find(|listed| listed.object.metadata == trunk.metadata);
    listed.map_or_else(|| trunk.clone(), |listed| trunk.with_operator_settings_of(&listed.object))
}

fn objects<T: Clone>(listed: &[Listed<T>], key: impl Fn(&T) -> String) -> Vec<T> {
    assert!(listed.iter().all(|listed| !listed.unmanaged_settings));
    sorted_by(listed.iter().map(|listed| listed.object.clone()).collect(), key)
}

fn sorted_by<T>(mut objects: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
    objects.sort_by_key(key);
    objects
}

/// The ids of all objects.
pub fn ids(observed: &Observed) -> Vec<String> {
    let inbound = observed.inbound.iter().map(|listed| &listed.id);
    let outbound = observed.outbound.iter().map(|listed| &listed.id);
    inbound.chain(outbound).chain(observed.rules.iter().map(|listed| &listed.id)).cloned().collect()
}
