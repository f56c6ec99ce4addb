//! What LiveKit holds of a world, held against what the database says.

use std::collections::BTreeMap;

use api_types::view::CarrierQuery;
use domain::{
    SyncStatus,
    livekit::{DispatchRule, InboundTrunk, Listed, Observed, OutboundTrunk, OwnerTag, desired},
};

use crate::world::World;

impl World {
    /// Everything was carried over, and LiveKit holds exactly what the database asks for: nothing is missing, doubled or
    /// left over, every rule hangs on its own bot's trunk, and every carrier says so.
    pub async fn in_sync(&self) -> Observed {
        self.carried_over().await;
        let held = self.held().await;
        let (mut inbound, mut outbound, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        let all = CarrierQuery { limit: Some(200), ..CarrierQuery::default() };
        let page = self.services.carriers.list(&self.admin, &all).await.unwrap();
        for view in page.items {
            let mut tx = self.services.store().read().await.unwrap();
            let carrier = tx.carrier(&self.admin.account_id, &view.id).await.unwrap().unwrap();
            let dids = tx.dids_of(std::slice::from_ref(&view.id)).await.unwrap();
            let bots: Vec<_> = tx.bots(&self.admin.account_id).await.unwrap();
            let wanted = desired(&carrier, &dids, &bots);
            for way in wanted.inbound {
                inbound.push(way.trunk);
                rules.push(way.rule);
            }
            outbound.extend(wanted.outbound);

            assert_eq!(
                (view.lk_sync_status, view.lk_sync_error, view.lk_next_sync_at),
                (SyncStatus::Synced, None, None)
            );
            assert!(view.lk_last_synced_at.is_some());
            // The bot, where the object is this carrier's.
            let bot_of = |metadata: &str| {
                OwnerTag::read(metadata)
                    .filter(|owner_tag| owner_tag.carrier_id == view.id)
                    .map(|owner_tag| owner_tag.bot_id)
            };
            let inbound = held.inbound.iter().filter_map(|listed| Some((bot_of(&listed.object.metadata)?, &listed.id)));
            assert_eq!(view.lk_inbound_trunk_id.as_ref(), inbound.min().map(|(_, id)| id));
            let outbound = held.outbound.iter().find(|listed| bot_of(&listed.object.metadata).is_some());
            assert_eq!(view.lk_outbound_trunk_id.as_ref(), outbound.map(|listed| &listed.id));
        }
        let trunk_of: BTreeMap<&str, &str> =
            held.inbound.iter().map(|listed| (listed.object.metadata.as_str(), listed.id.as_str())).collect();
        for rule in &mut rules {
            rule.trunk_ids = vec![trunk_of.get(rule.metadata.as_str()).unwrap_or(&"a trunk").to_string()];
        }
        assert_eq!(
            objects(&held.inbound, |trunk: &InboundTrunk| trunk.metadata.clone()),
            by(inbound, |it| it.metadata.clone())
        );
        assert_eq!(
            objects(&held.outbound, |trunk: &OutboundTrunk| trunk.metadata.clone()),
            by(outbound, |it| it.metadata.clone())
        );
        assert_eq!(
            objects(&held.rules, |rule: &DispatchRule| rule.metadata.clone()),
            by(rules, |it| it.metadata.clone())
        );
        held
    }

    /// Leaves nothing behind in a LiveKit that others use, too.
    pub async fn clean_up(self) {
        for carrier in self.services.carriers.list(&self.admin, &CarrierQuery::default()).await.unwrap().items {
            self.delete(&carrier).await;
        }
        assert_eq!(self.in_sync().await, Observed::default());
    }

    /// All that is of this world's carriers; in a LiveKit of its own all that carries Trunkline's owner_tag.
    pub async fn held(&self) -> Observed {
        let mut held = self.client().list_all().await.unwrap();
        let carriers = self.carriers.lock().unwrap().clone();
        let ours = |metadata: &str| {
            OwnerTag::read(metadata)
                .is_some_and(|owner_tag| !self.livekit.is_shared() || carriers.contains(&owner_tag.carrier_id))
        };
        held.inbound.retain(|listed| ours(&listed.object.metadata));
        held.outbound.retain(|listed| ours(&listed.object.metadata));
        held.rules.retain(|listed| ours(&listed.object.metadata));
        held
    }
}

fn objects<T: Clone>(listed: &[Listed<T>], key: impl Fn(&T) -> String) -> Vec<T> {
    assert!(listed.iter().all(|listed| !listed.unmanaged_settings));
    by(listed.iter().map(|listed| listed.object.clone()).collect(), key)
}

fn by<T>(mut objects: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
    objects.sort_by_key(key);
    objects
}

/// The ids of everything.
pub fn ids(held: &Observed) -> Vec<String> {
    let inbound = held.inbound.iter().map(|listed| &listed.id);
    let outbound = held.outbound.iter().map(|listed| &listed.id);
    inbound.chain(outbound).chain(held.rules.iter().map(|listed| &listed.id)).cloned().collect()
}
