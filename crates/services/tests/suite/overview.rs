//! The overview: attention groups, set-up steps and LiveKit's health.

use api_types::view::{CarrierQuery, ChangedNoun, LiveKitState, Overview, SetupState};
use domain::{Attention, Role};
use livekit_sandbox::{Fault, FaultRule};
use serde_json::json;
use services::Error;

use crate::{livekit_server::LiveKitServer, world::World};

async fn overview(world: &World) -> Overview {
    world.services.overviews.get(&world.admin).await.unwrap()
}

fn total(overview: &Overview, kind: Attention) -> i64 {
    overview.group(kind).expect("every kind has a group").total
}

#[tokio::test]
async fn setup_steps_are_completed_one_by_one() {
    let mut world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let now = overview(&world).await;
    // Without a reconciler there is no LiveKit client.
    assert_eq!((now.livekit.clone(), now.setup), (LiveKitState::Unknown, SetupState::default()));
    assert!(!now.is_set_up() && now.attention_total() == 0);
    world.start_reconciler();
    let now = overview(&world).await;
    assert_eq!((now.livekit.clone(), now.setup.livekit), (LiveKitState::Connected, true));

    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.synced().await;
    let now = overview(&world).await;
    assert!(now.setup.bot && now.setup.carrier && !now.setup.number && !now.is_set_up());
    assert_eq!(total(&now, Attention::NoNumbers), 1);
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.synced().await;
    let now = overview(&world).await;
    assert_eq!(now.setup, SetupState { livekit: true, bot: true, carrier: true, number: true, synced: true });
    assert!(now.is_set_up());
    assert_eq!((now.carrier_total, now.number_total, now.bot_total, now.attention_total()), (1, 1, 1, 0));
}

#[tokio::test]
async fn groups_count_all_and_list_five() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    for index in 0..7 {
        world.add_did(&twilio, index, None).await;
    }
    world.add_did(&twilio, 7, Some(&bot)).await;
    world.add_did_with(&twilio, json!({"number": world.number(8), "direction": "outbound"})).await.unwrap();
    for index in 0..6 {
        world.carrier_with(json!({"name": format!("Open {index}"), "accept_any_source": true})).await;
    }
    let now = overview(&world).await;
    assert_eq!(total(&now, Attention::NoBot), 7);
    let numbers = now.group(Attention::NoBot).unwrap();
    let shown: Vec<_> = numbers.items.iter().map(|item| item.number.clone().unwrap()).collect();
    assert_eq!(shown, (0..5).map(|index| world.number(index)).collect::<Vec<_>>());
    assert!(numbers.items.iter().all(|item| item.carrier_name == "Twilio" && item.did_id.is_some()));
    for (kind, expected) in [(Attention::Open, 6), (Attention::NoNumbers, 6), (Attention::SyncError, 0)] {
        let group = now.group(kind).unwrap();
        assert_eq!((group.total, group.items.len()), (expected, 5.min(usize::try_from(expected).unwrap())), "{kind:?}");
        // The carrier list with the same filter has the same total.
        let query = CarrierQuery { attention: kind.as_str().to_owned(), ..CarrierQuery::default() };
        assert_eq!(world.services.carriers.list(&world.admin, &query).await.unwrap().total, expected, "{kind:?}");
    }
    let query = CarrierQuery { attention: "no_bot".to_owned(), q: "twi".to_owned(), ..CarrierQuery::default() };
    assert_eq!(world.services.carriers.list(&world.admin, &query).await.unwrap().items[0].name, "Twilio");

    // Deleting the carrier removes its numbers from the group.
    world.delete_bot(&bot).await;
    assert_eq!(total(&overview(&world).await, Attention::NoBot), 8);
    world.delete_carrier(&twilio).await;
    assert_eq!(total(&overview(&world).await, Attention::NoBot), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sync_is_listed_with_its_reason_until_synced() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    let bot = world.bot("Concierge").await;
    world.synced().await;
    let refusal = Fault::Error { code: "invalid_argument".to_owned(), message: "no such region".to_owned() };
    world.livekit.faults().add(FaultRule::once(refusal).on("CreateSIPInboundTrunk").sticky());
    world.add_did(&twilio, 1, Some(&bot)).await;
    let reason = world.sync_error(&twilio).await;
    let now = overview(&world).await;
    let group = now.group(Attention::SyncError).unwrap();
    assert_eq!((group.total, group.items[0].carrier_name.as_str()), (1, "Twilio"));
    assert_eq!(group.items[0].detail.as_deref(), Some(reason.as_str()));
    // LiveKit refused the change, so it is reachable.
    assert_eq!(now.livekit, LiveKitState::Connected);
    world.livekit.faults().clear();
    world.advance_past_backoff();
    world.synced().await;
    assert_eq!(total(&overview(&world).await, Attention::SyncError), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn unreachable_livekit_has_its_reason() {
    let mut world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    world.livekit.faults().add(FaultRule::once(Fault::Html502).sticky());
    world.start_reconciler();
    let mut events = world.services.events.subscribe();
    let LiveKitState::Failing { error } = overview(&world).await.livekit else { panic!("LiveKit fails") };
    assert!(!error.is_empty());
    assert_eq!(events.recv().await.unwrap().noun, ChangedNoun::LiveKit);
    // The result is reused by the next request.
    let calls = world.livekit.calls("ListSIPInboundTrunk").await;
    overview(&world).await;
    assert_eq!(world.livekit.calls("ListSIPInboundTrunk").await, calls);
}

#[tokio::test]
async fn viewer_may_read_and_unknown_kind_is_refused() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let viewer = world.actor(Role::Viewer).await;
    assert!(world.services.overviews.get(&viewer).await.is_ok());
    let query = CarrierQuery { attention: "unknown".to_owned(), ..CarrierQuery::default() };
    let Err(Error::Invalid(errors)) = world.services.carriers.list(&viewer, &query).await else { panic!("refused") };
    assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["attention"]);
}
