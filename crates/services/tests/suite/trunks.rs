//! Trunks whose creation was interrupted.

use api_types::input::TrunkInput;
use domain::{Timestamp, livekit::Observed};
use serde_json::json;
use services::Error;

use crate::{livekit_server::on_both, world::World};

impl World {
    fn trunk_input(&self, index: u32) -> TrunkInput {
        serde_json::from_value(json!({"trunk_name": "Twilio", "trunk_address": "acme.pstn.twilio.com",
            "trunk_numbers": [self.number(index)], "trunk_auth_username": "acme", "trunk_auth_password": "hunter2-sip",
            "trunk_type": "twilio"}))
        .unwrap()
    }

    async fn provisional(&self) -> usize {
        let latest = Timestamp::from_millis(i64::MAX);
        let mut tx = self.services.store().read().await.unwrap();
        tx.expired_provisional_carriers(latest, 100).await.unwrap().len()
    }
}

/// The server stopped after the carrier was committed, and LiveKit has its trunk by now.
async fn interrupted_creation_is_undone(world: &World) {
    let carrier = world.carrier("Twilio").await;
    world.add_did(&carrier, 1, None).await;
    world.assert_in_sync().await;
    let kept = world.carrier("Kept").await;
    let mut tx = world.services.store().write().await.unwrap();
    tx.insert_provisional_carrier(&carrier.id, Timestamp::from_millis(1)).await.unwrap();
    tx.insert_provisional_carrier(&kept.id, Timestamp::from_millis(i64::MAX)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(world.services.trunks.list(&world.admin).await.unwrap().is_empty(), "not before it is confirmed");

    world.services.trunk_worker().pass().await.unwrap();
    let gone = world.services.carriers.get(&world.admin, &carrier.id).await;
    assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
    world.get_carrier(&kept).await;
    assert_eq!(world.assert_in_sync().await, Observed::default());
}

async fn created_trunk_is_confirmed(world: &World) {
    let created = world.services.trunks.create(&world.admin, &world.trunk_input(1)).await.unwrap();
    assert_eq!(world.provisional().await, 0);
    world.services.trunk_worker().pass().await.unwrap();
    let listed = world.services.trunks.list(&world.admin).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].trunk_id, created.trunk_id);
}

on_both! {
    interrupted_creation_is_undone
    created_trunk_is_confirmed
}
