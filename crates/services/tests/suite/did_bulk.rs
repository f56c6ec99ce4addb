//! Bulk changes of a carrier's DIDs.

use api_types::{
    Problem,
    input::DidBulkInput,
    view::{CarrierView, ChangeKind, ChangedNoun, DidBulkResult, DidView, SkipReason},
};
use domain::{AuditEvent, Direction};
use serde_json::{Value, json};
use services::{Error, Result};

use crate::{livekit_server::LiveKitServer, world::World};

async fn world() -> World {
    World::without_reconciler(LiveKitServer::sandbox().await).await
}

async fn bulk(world: &World, carrier: &CarrierView, input: Value) -> Result<DidBulkResult> {
    let input: DidBulkInput = serde_json::from_value(input).unwrap();
    world.services.dids.bulk(&world.admin, &carrier.id, &input).await
}

/// Four numbers: two without a bot, one with the bot, one outbound.
async fn numbers(world: &World, carrier: &CarrierView, bot_id: &str) -> Vec<DidView> {
    let mut dids = Vec::new();
    for (index, label, direction, bot) in [
        (1, "Sales", "both", None),
        (2, "Support", "inbound", None),
        (3, "Support", "both", Some(bot_id)),
        (4, "Support", "outbound", None),
    ] {
        let settings = json!({"number": world.number(index), "label": label, "direction": direction, "bot_id": bot});
        dids.push(world.add_did_with(carrier, settings).await.unwrap());
    }
    dids
}

/// The entries of bulk changes, the oldest first.
async fn audited(world: &World, carrier: &CarrierView) -> Vec<AuditEvent> {
    let mut tx = world.services.store().read().await.unwrap();
    let mut events = tx.audit_of(&world.admin.account_id, carrier.id.as_str()).await.unwrap();
    events.retain(|event| event.after.as_ref().is_some_and(|after| after.get("bulk_action").is_some()));
    events
}

async fn bulk_changes_assign_direct_and_remove(world: &World) {
    let (carrier, bot) = (world.carrier("Twilio").await, world.bot("Concierge").await);
    let dids = numbers(world, &carrier, bot.id.as_str()).await;
    let all = |action: Value| {
        let mut input = json!({"scope": "all", "expected": 4});
        input.as_object_mut().unwrap().extend(action.as_object().unwrap().clone());
        input
    };
    let assigned = bulk(world, &carrier, all(json!({"action": "assign_bot", "bot_id": bot.id}))).await.unwrap();
    assert_eq!((assigned.changed, assigned.unchanged, assigned.skipped_total), (2, 1, 1));
    let [outbound] = &assigned.skipped[..] else { panic!("{assigned:?}") };
    assert_eq!((&outbound.id, outbound.reason), (&dids[3].id, SkipReason::OutboundOnly));
    assert_eq!(outbound.number.as_ref(), Some(&dids[3].number));
    let now = world.get_carrier(&carrier).await.dids;
    let state: Vec<_> = now.iter().map(|did| (did.bot_id.is_some(), did.version)).collect();
    assert_eq!(state, [(true, 2), (true, 2), (true, 1), (false, 1)]);

    let support = json!({"scope": "all", "q": "support", "filter_direction": "both", "filter_bot_id": bot.id,
        "expected": 1, "action": "set_direction", "direction": "outbound"});
    let directed = bulk(world, &carrier, support).await.unwrap();
    assert_eq!((directed.changed, directed.unchanged, directed.skipped_total), (1, 0, 0));
    let now = world.get_carrier(&carrier).await.dids;
    assert_eq!((now[2].direction, &now[2].bot_id), (Direction::Outbound, &None));

    let unassigned = bulk(world, &carrier, all(json!({"action": "assign_bot", "bot_id": null}))).await.unwrap();
    assert_eq!((unassigned.changed, unassigned.unchanged, unassigned.skipped_total), (2, 2, 0));

    let removed = json!({"scope": "all", "q": "support", "expected": 3, "action": "remove"});
    assert_eq!(bulk(world, &carrier, removed).await.unwrap().changed, 3);
    let left = world.get_carrier(&carrier).await;
    assert_eq!((left.did_count, left.dids.len(), left.dids[0].label.as_deref()), (1, 1, Some("Sales")));
    let page = world.services.carriers.list(&world.admin, &Default::default()).await.unwrap();
    assert_eq!(page.number_total, 1);

    let events = audited(world, &carrier).await;
    let [assign, direct, unassign, remove] = &events[..] else { panic!("{events:#?}") };
    let after = |event: &AuditEvent| event.after.clone().unwrap();
    assert_eq!(
        after(assign),
        json!({"bulk_action": "Assign bot", "bot_id": bot.id, "scope": "All numbers", "changed_numbers": 2,
            "numbers": [dids[0].number, dids[1].number]})
    );
    assert_eq!(
        after(direct),
        json!({"bulk_action": "Set direction", "direction": "outbound", "scope": "All numbers that match",
            "search": "support", "filter_direction": "Both", "filter_bot": bot.id, "changed_numbers": 1,
            "numbers": [dids[2].number]})
    );
    assert_eq!(after(unassign)["bulk_action"], "Unassign bot");
    assert_eq!((&after(remove)["bulk_action"], &after(remove)["changed_numbers"]), (&json!("Remove"), &json!(3)));
}

#[tokio::test]
async fn bulk_changes_on_sqlite_assign_direct_and_remove() {
    bulk_changes_assign_direct_and_remove(&world().await).await;
}

#[tokio::test]
async fn bulk_changes_on_postgresql_assign_direct_and_remove() {
    let Some((database, world)) = World::on_postgresql().await else { return };
    bulk_changes_assign_direct_and_remove(&world).await;
    database.drop([world]).await;
}

#[tokio::test]
async fn another_count_than_expected_changes_nothing() {
    let world = world().await;
    let carrier = world.carrier("Twilio").await;
    world.add_did(&carrier, 1, None).await;
    world.add_did(&carrier, 2, None).await;
    let before = world.get_carrier(&carrier).await;
    let stale = bulk(&world, &carrier, json!({"scope": "all", "expected": 1, "action": "remove"})).await.unwrap_err();
    assert!(matches!(stale, Error::StaleSelection { expected: 1, total: 2 }), "{stale:?}");
    let problem = Problem::from(stale);
    assert_eq!((problem.status, problem.code.as_str()), (409, "stale_selection"));
    assert_eq!(problem.current.unwrap(), json!({"total": 2}));
    assert_eq!(world.get_carrier(&carrier).await, before);
    assert!(audited(&world, &carrier).await.is_empty());
}

#[tokio::test]
async fn selected_ids_that_are_gone_are_skipped() {
    let world = world().await;
    let (carrier, other) = (world.carrier("Twilio").await, world.carrier("Plivo").await);
    let (kept, gone) = (world.add_did(&carrier, 1, None).await, world.add_did(&carrier, 2, None).await);
    let foreign = world.add_did(&other, 3, None).await;
    world.remove_did(&gone).await;
    let input = json!({"scope": "ids", "ids": [kept.id, gone.id, foreign.id], "action": "remove"});
    let result = bulk(&world, &carrier, input).await.unwrap();
    assert_eq!((result.changed, result.unchanged, result.skipped_total), (1, 0, 2));
    let skipped: Vec<_> = result.skipped.iter().map(|did| (&did.id, did.reason)).collect();
    assert_eq!(skipped, [(&gone.id, SkipReason::NotFound), (&foreign.id, SkipReason::NotFound)]);
    assert_eq!((world.get_carrier(&carrier).await.did_count, world.get_carrier(&other).await.did_count), (0, 1));
}

#[tokio::test]
async fn change_is_published_audited_and_synced_once() {
    let world = world().await;
    let (carrier, bot) = (world.carrier("Twilio").await, world.bot("Concierge").await);
    for index in 1..=30 {
        world.add_did(&carrier, index, None).await;
    }
    let revision = async || {
        let mut tx = world.services.store().read().await.unwrap();
        tx.sync_task(&carrier.id).await.unwrap().unwrap().revision
    };
    let before = revision().await;
    let mut events = world.services.events.subscribe();
    let input = json!({"scope": "all", "expected": 30, "action": "assign_bot", "bot_id": bot.id});
    assert_eq!(bulk(&world, &carrier, input.clone()).await.unwrap().changed, 30);
    for noun in [ChangedNoun::Did, ChangedNoun::Carrier] {
        let event = events.recv().await.unwrap();
        assert_eq!((event.noun, event.kind, event.id.as_str()), (noun, ChangeKind::Updated, carrier.id.as_str()));
    }
    assert!(events.try_recv().is_err());
    assert_eq!((revision().await, audited(&world, &carrier).await.len()), (before + 1, 1));
    // What changes nothing is neither published nor audited.
    assert_eq!(bulk(&world, &carrier, input).await.unwrap().unchanged, 30);
    assert!(events.try_recv().is_err());
    assert_eq!((revision().await, audited(&world, &carrier).await.len()), (before + 1, 1));
}

#[tokio::test]
async fn removal_syncs_carriers_whose_guess_it_displaced() {
    let world = world().await;
    let carrier =
        async |country: &str| world.carrier_with(json!({"name": country, "destination_country": country})).await;
    let (american, hungarian) = (carrier("US").await, carrier("HU").await);
    world.add_did_with(&american, json!({"number": "+13612345678"})).await.unwrap();
    world.add_did_with(&hungarian, json!({"number": "+3612345678"})).await.unwrap();
    let revision = async || {
        let mut tx = world.services.store().read().await.unwrap();
        tx.sync_task(&american.id).await.unwrap().unwrap().revision
    };
    let before = revision().await;
    let input = json!({"scope": "all", "expected": 1, "action": "remove"});
    bulk(&world, &hungarian, input).await.unwrap();
    assert_eq!(revision().await, before + 1);
}

#[tokio::test]
async fn unknown_bot_is_refused() {
    let world = world().await;
    let (carrier, bot) = (world.carrier("Twilio").await, world.bot("Concierge").await);
    world.add_did(&carrier, 1, None).await;
    world.delete_bot(&bot).await;
    let input = json!({"scope": "all", "expected": 1, "action": "assign_bot", "bot_id": bot.id});
    let Err(Error::Invalid(errors)) = bulk(&world, &carrier, input).await else { panic!("accepted") };
    assert!(errors.message("bot_id").is_some());
}
