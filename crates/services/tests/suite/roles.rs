//! Roles that use cases require.

use domain::Role;
use serde_json::json;
use services::Error;

use crate::{
    livekit_server::LiveKitServer,
    world::{World, bot_input, carrier_input, did_input},
};

fn refused<T: std::fmt::Debug>(outcome: services::Result<T>, needed: Role) {
    match outcome {
        Err(Error::Forbidden { needs }) => assert_eq!(needs, needed),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn viewer_may_only_read() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let (carrier, bot) = (world.carrier("Twilio").await, world.bot("Concierge").await);
    let number = world.add_did(&carrier, 1, None).await;
    let viewer = world.actor(Role::Viewer).await;
    let services = &world.services;
    assert!(services.carriers.get(&viewer, &carrier.id).await.is_ok());
    assert!(services.carriers.list(&viewer, &Default::default()).await.is_ok());
    assert!(services.bots.get(&viewer, &bot.id).await.is_ok());
    assert!(services.bots.list(&viewer).await.is_ok());
    let settings = || carrier_input(json!({"name": "T", "sip_address": "a.b"}));
    refused(services.carriers.create(&viewer, &settings()).await, Role::Developer);
    refused(services.carriers.update(&viewer, &carrier.id, &settings()).await, Role::Developer);
    refused(services.carriers.sync(&viewer, &carrier.id).await, Role::Developer);
    refused(services.carriers.delete(&viewer, &carrier.id).await, Role::Admin);
    let settings = || did_input(json!({"number": world.number(2)}));
    refused(services.dids.add(&viewer, &carrier.id, &settings()).await, Role::Developer);
    refused(services.dids.update(&viewer, &carrier.id, &number.id, &settings()).await, Role::Developer);
    refused(services.dids.remove(&viewer, &carrier.id, &number.id).await, Role::Developer);
    refused(services.dids.bulk(&viewer, &carrier.id, &Default::default()).await, Role::Developer);
    let settings = || bot_input(json!({"name": "B", "agent_name": "b"}));
    refused(services.bots.create(&viewer, &settings()).await, Role::Developer);
    refused(services.bots.update(&viewer, &bot.id, &settings()).await, Role::Developer);
    refused(services.bots.delete(&viewer, &bot.id).await, Role::Developer);
    assert_eq!(world.get_carrier(&carrier).await.dids.len(), 1);
}

#[tokio::test]
async fn developer_may_not_delete_carriers() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let developer = world.actor(Role::Developer).await;
    let services = &world.services;
    let carrier =
        services.carriers.create(&developer, &carrier_input(json!({"name": "T", "sip_address": "a.b"}))).await.unwrap();
    services.carriers.update(&developer, &carrier.id, &carrier_input(json!({"name": "U"}))).await.unwrap();
    let number =
        services.dids.add(&developer, &carrier.id, &did_input(json!({"number": world.number(1)}))).await.unwrap();
    services.dids.remove(&developer, &carrier.id, &number.id).await.unwrap();
    let bot = services.bots.create(&developer, &bot_input(json!({"name": "B", "agent_name": "b"}))).await.unwrap();
    services.bots.delete(&developer, &bot.id).await.unwrap();
    refused(services.carriers.delete(&developer, &carrier.id).await, Role::Admin);
    assert_eq!(world.get_carrier(&carrier).await.name, "U");
    services.carriers.delete(&world.admin, &carrier.id).await.unwrap();
}
