//! Purchases from the simulated Twilio.

use std::time::{Duration, Instant};

use api_types::{
    Problem,
    input::{NumberDeleteQuery, NumberIntegrationInput, NumberPurchaseInput},
    view::NumberPurchaseView,
};
use domain::{NumberProviderKind, NumberPurchaseId, PurchaseState};
use serde_json::{Value, json};
use tokio_util::sync::{CancellationToken, DropGuard};
use twilio_fake::{Fake, Fault};

use crate::{livekit_server::LiveKitServer, world::World};

const TWILIO: NumberProviderKind = NumberProviderKind::Twilio;
const PATIENCE: Duration = Duration::from_secs(20);
const NUMBER: &str = "+16505551200";
const OTHER_NUMBER: &str = "+16505551201";

async fn connect(world: &World, account: &str) {
    let body = json!({ "account": account, "secret": Fake::SECRET });
    let input: NumberIntegrationInput = serde_json::from_value(body).unwrap();
    world.services.number_integrations.save(&world.admin, TWILIO, &input).await.unwrap();
}

async fn with_worker(world: World) -> (World, DropGuard) {
    connect(&world, Fake::USER).await;
    let stop = CancellationToken::new();
    tokio::spawn(world.services.purchase_worker(&world.server_id).run(stop.clone()));
    (world, stop.drop_guard())
}

async fn request(world: &World, number: &str) -> NumberPurchaseId {
    let body = json!({ "phone_number": number, "provider": "twilio", "country_code": "US" });
    let input: NumberPurchaseInput = serde_json::from_value(body).unwrap();
    world.services.number_purchases.request(&world.admin, &input).await.unwrap().0.id
}

async fn until(
    world: &World,
    id: &NumberPurchaseId,
    is_met: impl Fn(&NumberPurchaseView) -> bool,
) -> NumberPurchaseView {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let purchase = world.services.number_purchases.get(&world.admin, id).await.unwrap();
        if is_met(&purchase) {
            return purchase;
        }
        assert!(Instant::now() < deadline, "{purchase:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn until_state(world: &World, id: &NumberPurchaseId, state: PurchaseState) -> NumberPurchaseView {
    until(world, id, |purchase| purchase.state == state).await
}

async fn buy(world: &World, number: &str) -> NumberPurchaseView {
    let id = request(world, number).await;
    until_state(world, &id, PurchaseState::Completed).await
}

async fn delete(world: &World, purchase: &NumberPurchaseView, release: &str) {
    let query = NumberDeleteQuery { release: release.to_owned() };
    world.services.numbers.delete(&world.admin, purchase.sip_id.as_ref().unwrap(), &query).await.unwrap();
}

fn credentials(world: &World) -> Vec<Value> {
    world.twilio.credential_lists()[0]["credentials"].as_array().unwrap().clone()
}

fn error(purchase: &NumberPurchaseView) -> &str {
    purchase.error.as_ref().map_or("", |error| error.code.as_str())
}

#[tokio::test]
async fn reconnected_account_keeps_the_carriers_credentials() {
    let (world, _worker) = with_worker(World::new().await).await;
    let first = buy(&world, NUMBER).await;
    let before = credentials(&world);
    world.services.number_integrations.disconnect(&world.admin, TWILIO).await.unwrap();
    connect(&world, Fake::USER).await;
    let second = buy(&world, OTHER_NUMBER).await;
    assert_eq!(credentials(&world), before);
    assert_eq!(second.carrier_id, first.carrier_id);
}

#[tokio::test]
async fn new_password_has_a_new_user_name() {
    let (world, _worker) = with_worker(World::new().await).await;
    let first = buy(&world, NUMBER).await;
    let before = credentials(&world);
    world.services.number_integrations.disconnect(&world.admin, TWILIO).await.unwrap();
    world.services.carriers.delete(&world.admin, &first.carrier_id.unwrap()).await.unwrap();
    connect(&world, Fake::USER).await;
    buy(&world, OTHER_NUMBER).await;
    let after = credentials(&world);
    assert_eq!((after.len(), &after[0]), (2, &before[0]));
}

#[tokio::test]
async fn other_account_is_not_asked_to_release() {
    let (world, _worker) = with_worker(World::new().await).await;
    let bought = buy(&world, NUMBER).await;
    connect(&world, "ACffffffffffffffffffffffffffffffff").await;
    delete(&world, &bought, "true").await;
    let postponed = until(&world, &bought.id, |purchase| purchase.error.is_some()).await;
    assert_eq!((postponed.state, error(&postponed)), (PurchaseState::Releasing, "other_account"));
    assert!(postponed.error.unwrap().message.contains(Fake::USER));
    connect(&world, Fake::USER).await;
    world.services.number_purchases.retry(&world.admin, &bought.id).await.unwrap();
    until_state(&world, &bought.id, PurchaseState::Released).await;
    assert!(world.twilio.owned().is_empty());
}

#[tokio::test]
async fn number_deleted_before_the_sync_can_be_released() {
    let (world, _worker) = with_worker(World::without_reconciler(LiveKitServer::sandbox().await).await).await;
    let id = request(&world, NUMBER).await;
    let provisioning = until_state(&world, &id, PurchaseState::Provisioning).await;
    world.services.carriers.delete(&world.admin, &provisioning.carrier_id.unwrap()).await.unwrap();
    let completed = until_state(&world, &id, PurchaseState::Completed).await;
    assert_eq!((error(&completed), completed.can_be_released), ("number_deleted", true));
    world.services.number_purchases.release(&world.admin, &id).await.unwrap();
    until_state(&world, &id, PurchaseState::Released).await;
    assert!(world.twilio.owned().is_empty());
}

#[tokio::test]
async fn kept_number_can_be_released_later() {
    let (world, _worker) = with_worker(World::new().await).await;
    let bought = buy(&world, NUMBER).await;
    let purchases = &world.services.number_purchases;
    let refused: Problem = purchases.release(&world.admin, &bought.id).await.unwrap_err().into();
    assert_eq!(refused.code, "purchase_ended", "its DID is deleted first");
    delete(&world, &bought, "").await;
    assert_eq!(world.twilio.owned().len(), 1);
    purchases.release(&world.admin, &bought.id).await.unwrap();
    until_state(&world, &bought.id, PurchaseState::Released).await;
    assert!(world.twilio.owned().is_empty());
}

#[tokio::test]
async fn release_needs_no_sip_host() {
    let (world, worker) = with_worker(World::new().await).await;
    let bought = buy(&world, NUMBER).await;
    drop(worker);
    let other = world.services_without_sip_host().await;
    let stop = CancellationToken::new();
    let _worker = stop.clone().drop_guard();
    tokio::spawn(other.purchase_worker("second server").run(stop));
    delete(&world, &bought, "true").await;
    until_state(&world, &bought.id, PurchaseState::Released).await;
    assert!(world.twilio.owned().is_empty());
}

#[tokio::test]
async fn release_without_an_answer_can_be_ended() {
    let (world, _worker) = with_worker(World::new().await).await;
    let bought = buy(&world, NUMBER).await;
    world.twilio.fail_always("DELETE", Fault::Status(503));
    delete(&world, &bought, "true").await;
    let postponed = until(&world, &bought.id, |purchase| purchase.error.is_some()).await;
    assert!(postponed.state == PurchaseState::Releasing && postponed.can_be_marked_released);
    let purchases = &world.services.number_purchases;
    let released = purchases.mark_released(&world.admin, &bought.id).await.unwrap();
    assert_eq!((released.state, released.is_active), (PurchaseState::Released, false));
    let refused: Problem = purchases.mark_released(&world.admin, &bought.id).await.unwrap_err().into();
    assert_eq!(refused.code, "purchase_ended");
    let audit = world.services.audit.list(&world.admin, &Default::default()).await.unwrap();
    assert!(serde_json::to_string(&audit.items[0]).unwrap().contains("released"), "{:#?}", audit.items[0]);
}
