//! What the reconciler has to do.

use domain::{AccountId, Carrier, SyncStatus, livekit::ObjectIds};
use store::{Store, SyncFailure, SyncTask};

use crate::{
    database::Database,
    rows::{NOW, account, saved_carrier},
};

async fn request(store: &Store, carrier: &Carrier) -> SyncTask {
    let mut tx = store.write().await.unwrap();
    tx.request_sync(&carrier.account_id, &carrier.id, "T", NOW).await.unwrap();
    let task = tx.sync_task(&carrier.id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    task
}

async fn read(store: &Store, account: &AccountId, carrier: &Carrier) -> Carrier {
    store.read().await.unwrap().carrier(account, &carrier.id).await.unwrap().unwrap()
}

async fn a_sync_that_ends_well_is_noted_and_done_with(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let task = request(&store, &carrier).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.finish_sync(&task, Some("ST_in"), Some("ST_out"), NOW.plus_millis(5)).await.unwrap());
    tx.commit().await.unwrap();
    let sync = read(&store, &account, &carrier).await.sync;
    assert_eq!((sync.status, sync.error, sync.next_at), (SyncStatus::Synced, None, None));
    assert_eq!(sync.last_synced_at, Some(NOW.plus_millis(5)));
    assert_eq!((sync.inbound_trunk_id.as_deref(), sync.outbound_trunk_id.as_deref()), (Some("ST_in"), Some("ST_out")));
    assert_eq!(store.read().await.unwrap().sync_backlog().await.unwrap(), 0);
}

async fn a_change_during_a_sync_stays_pending(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let early = request(&store, &carrier).await;
    let late = request(&store, &carrier).await;
    assert_eq!((early.revision, late.revision), (1, 2));
    let mut tx = store.write().await.unwrap();
    assert!(!tx.finish_sync(&early, Some("ST_in"), None, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let sync = read(&store, &account, &carrier).await.sync;
    assert_eq!((sync.status, sync.last_synced_at), (SyncStatus::Pending, None));
    assert_eq!(store.read().await.unwrap().sync_task(&carrier.id).await.unwrap(), Some(late));
}

/// Two servers: one goes on with what it has read of tasks that the other one has done meanwhile.
async fn a_sync_that_another_server_has_ended_stays_as_that_one_left_it(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let task = request(&store, &carrier).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.finish_sync(&task, Some("ST_in"), Some("ST_out"), NOW).await.unwrap());
    assert!(!tx.finish_sync(&task, None, None, NOW.plus_millis(5)).await.unwrap());
    tx.fail_sync(&task, &SyncFailure::refused("LiveKit is away"), NOW.plus_millis(2_000)).await.unwrap();
    tx.commit().await.unwrap();
    let sync = read(&store, &account, &carrier).await.sync;
    assert_eq!((sync.status, sync.error, sync.last_synced_at), (SyncStatus::Synced, None, Some(NOW)));
    assert_eq!((sync.inbound_trunk_id.as_deref(), sync.outbound_trunk_id.as_deref()), (Some("ST_in"), Some("ST_out")));
}

async fn a_failure_is_told_and_tried_again_later(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let task = request(&store, &carrier).await;
    let mut tx = store.write().await.unwrap();
    tx.fail_sync(&task, &SyncFailure::refused("LiveKit is away"), NOW.plus_millis(2_000)).await.unwrap();
    tx.commit().await.unwrap();
    let sync = read(&store, &account, &carrier).await.sync;
    assert_eq!((sync.status, sync.error.as_deref()), (SyncStatus::Error, Some("LiveKit is away")));
    assert_eq!(sync.next_at, Some(NOW.plus_millis(2_000)));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.due_syncs(NOW.plus_millis(1_999), 10).await.unwrap(), []);
    assert_eq!(tx.next_sync_at().await.unwrap(), Some(NOW.plus_millis(2_000)));
    let due = tx.due_syncs(NOW.plus_millis(2_000), 10).await.unwrap();
    assert_eq!((due.len(), due[0].attempt), (1, 1));
    drop(tx);
    // A change of the operator's is due at once, as if nothing had failed.
    let task = request(&store, &carrier).await;
    assert_eq!((task.attempt, task.due_at), (0, NOW));
    let sync = read(&store, &account, &carrier).await.sync;
    assert_eq!((sync.status, sync.error), (SyncStatus::Pending, None));
}

async fn syncs_that_wait_for_livekit_are_resumed_together(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let (away, refused) = (saved_carrier(&store, &account, "A").await, saved_carrier(&store, &account, "B").await);
    let unanswered = SyncFailure {
        message: "LiveKit cannot be reached".to_owned(),
        status: SyncStatus::Pending,
        unreachable: true,
        trunks: None,
    };
    for (carrier, failure) in [(&away, &unanswered), (&refused, &SyncFailure::refused("no"))] {
        let task = request(&store, carrier).await;
        let mut tx = store.write().await.unwrap();
        assert!(tx.fail_sync(&task, failure, NOW.plus_millis(300_000)).await.unwrap());
        tx.commit().await.unwrap();
    }
    let sync = read(&store, &account, &away).await.sync;
    assert_eq!((sync.status, sync.error.as_deref()), (SyncStatus::Pending, Some("LiveKit cannot be reached")));
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.totals(&account).await.unwrap().sync_errors, 1);
    assert!(tx.has_unreachable_syncs().await.unwrap());
    assert_eq!(tx.resume_unreachable_syncs(NOW).await.unwrap(), 1);
    assert!(!tx.has_unreachable_syncs().await.unwrap());
    let due = tx.due_syncs(NOW, 10).await.unwrap();
    assert_eq!(due.iter().map(|task| &task.carrier_id).collect::<Vec<_>>(), [&away.id]);
}

async fn livekit_objects_are_known_until_they_are_forgotten(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await.id;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.livekit_objects(&carrier).await.unwrap(), None);
    for inbound in ["ST_1", "ST_2"] {
        let ids = ObjectIds { inbound: vec![inbound.to_owned()], ..ObjectIds::default() };
        tx.set_livekit_objects(&carrier, &ids).await.unwrap();
        assert_eq!(tx.livekit_objects(&carrier).await.unwrap(), Some(ids));
    }
    tx.forget_livekit_objects(&carrier).await.unwrap();
    assert_eq!(tx.livekit_objects(&carrier).await.unwrap(), None);
}

async fn a_failure_of_an_older_state_says_nothing_about_the_new_one(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let early = request(&store, &carrier).await;
    request(&store, &carrier).await;
    let mut tx = store.write().await.unwrap();
    tx.fail_sync(&early, &SyncFailure::refused("old news"), NOW.plus_millis(2_000)).await.unwrap();
    tx.commit().await.unwrap();
    let sync = read(&store, &account, &carrier).await.sync;
    assert_eq!((sync.status, sync.error, sync.next_at), (SyncStatus::Pending, None, Some(NOW)));
}

async fn a_removal_outlives_its_carrier_and_comes_first(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let (gone, stays) = (saved_carrier(&store, &account, "Gone").await, saved_carrier(&store, &account, "Stays").await);
    request(&store, &stays).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_carrier(&account, &gone.id).await.unwrap());
    tx.request_removal(&account, &gone.id, "Gone", NOW).await.unwrap();
    tx.commit().await.unwrap();
    let due = store.read().await.unwrap().due_syncs(NOW, 10).await.unwrap();
    assert_eq!(due.iter().map(|task| task.removing).collect::<Vec<_>>(), [true, false]);
    let mut tx = store.write().await.unwrap();
    tx.fail_sync(&due[0], &SyncFailure::refused("LiveKit is away"), NOW.plus_millis(1)).await.unwrap();
    let again = tx.sync_task(&gone.id).await.unwrap().unwrap();
    assert!(tx.finish_sync(&again, None, None, NOW).await.unwrap());
    assert_eq!(tx.sync_task(&gone.id).await.unwrap(), None);
    assert_eq!(tx.totals(&account).await.unwrap().sync_errors, 0);
}

async fn the_longest_waiting_is_first_and_a_batch_has_an_end(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut ids = Vec::new();
    for wait in [30, 10, 20] {
        let carrier = saved_carrier(&store, &account, "T").await;
        let mut tx = store.write().await.unwrap();
        tx.request_sync(&account, &carrier.id, "T", NOW.plus_millis(wait)).await.unwrap();
        tx.commit().await.unwrap();
        ids.push(carrier.id);
    }
    let due = store.read().await.unwrap().due_syncs(NOW.plus_millis(100), 2).await.unwrap();
    assert_eq!(due.iter().map(|task| &task.carrier_id).collect::<Vec<_>>(), [&ids[1], &ids[2]]);
}

crate::on_both! {
    a_sync_that_ends_well_is_noted_and_done_with
    a_change_during_a_sync_stays_pending
    a_sync_that_another_server_has_ended_stays_as_that_one_left_it
    a_failure_is_told_and_tried_again_later
    a_failure_of_an_older_state_says_nothing_about_the_new_one
    syncs_that_wait_for_livekit_are_resumed_together
    livekit_objects_are_known_until_they_are_forgotten
    a_removal_outlives_its_carrier_and_comes_first
    the_longest_waiting_is_first_and_a_batch_has_an_end
}
