//! LiveKit's objects as an earlier version wrote them.

use domain::SyncStatus;
use serde_json::json;

use crate::{
    livekit_server::LiveKitServer,
    world::{World, carrier_input, services},
};

#[tokio::test(flavor = "multi_thread")]
async fn carriers_of_an_earlier_version_are_synced_once() {
    let mut world = World::new().await;
    let bot = world.bot("Concierge").await;
    let carrier = world.carrier("Tata").await;
    world.add_did(&carrier, 1, Some(&bot)).await;
    let listed = world.assert_in_sync().await.inbound.remove(0);
    let mut earlier = listed.object.clone();
    earlier.headers_to_attributes.clear();
    world.client().replace_inbound(&listed.id, &earlier).await.unwrap();
    world.stop_reconciler().await;
    let mut tx = world.services.store().write().await.unwrap();
    assert!(tx.remove_setting("livekit_format", "headers_to_attributes").await.unwrap());
    tx.commit().await.unwrap();

    for expected in [SyncStatus::Pending, SyncStatus::Synced] {
        let (folder, clock) = world.dependencies();
        world.services = services(folder, clock).await;
        assert_eq!(world.get_carrier(&carrier).await.lk_sync_status, expected);
        world.start_reconciler();
        let observed = world.assert_in_sync().await;
        assert_eq!(observed.inbound[0], listed);
        world.stop_reconciler().await;
    }
}

#[tokio::test]
async fn new_installation_syncs_nothing() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let input = carrier_input(json!({"name": "Tata", "sip_address": "sip.example.com"}));
    let store = world.services.store();
    assert_eq!(store.read().await.unwrap().sync_backlog().await.unwrap(), 0);
    world.services.carriers.create(&world.admin, &input).await.unwrap();
    let setting = store.read().await.unwrap().setting("livekit_format").await.unwrap();
    assert_eq!(setting.as_deref(), Some("headers_to_attributes"));
}
