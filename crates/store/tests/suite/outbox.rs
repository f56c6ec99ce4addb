//! The outbox of events.

use api_types::view::{Change, ChangeKind, ChangedNoun};

use crate::{
    database::Database,
    rows::{NOW, account},
};

fn change(id: &str) -> Change {
    Change { noun: ChangedNoun::LiveKit, kind: ChangeKind::Synced, id: id.to_owned() }
}

async fn events_are_numbered_in_the_order_of_their_commits(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.last_event().await.unwrap(), 0);
    assert_eq!(tx.append_events(&account, &[change("1"), change("2")], NOW).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let mut dropped = store.write().await.unwrap();
    assert_eq!(dropped.append_events(&account, &[change("never")], NOW).await.unwrap(), 3);
    drop(dropped);
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.append_events(&account, &[change("3")], NOW).await.unwrap(), 3);
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.events_after(1, 1).await.unwrap(), [(2, change("2"))]);
    assert_eq!(tx.events_after(1, 10).await.unwrap(), [(2, change("2")), (3, change("3"))]);
    assert_eq!(tx.last_event().await.unwrap(), 3);
}

async fn old_events_are_pruned(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut tx = store.write().await.unwrap();
    tx.append_events(&account, &[change("old")], NOW).await.unwrap();
    tx.append_events(&account, &[change("new")], NOW.plus_millis(1)).await.unwrap();
    assert_eq!(tx.prune_events(NOW.plus_millis(1)).await.unwrap(), 1);
    assert_eq!(tx.events_after(0, 10).await.unwrap(), [(2, change("new"))]);
    tx.commit().await.unwrap();
}

crate::on_both! {
    events_are_numbered_in_the_order_of_their_commits
    old_events_are_pruned
}
