//! Of two servers one writes to LiveKit.

use domain::Timestamp;
use store::Store;

use crate::{database::Database, rows::NOW};

async fn take(store: &Store, holder: &str, at: Timestamp) -> bool {
    let mut tx = store.write().await.unwrap();
    let held = tx.acquire_lease("livekit", holder, at, at.plus_millis(100)).await.unwrap();
    tx.commit().await.unwrap();
    held
}

async fn one_holds_and_renews_until_it_runs_out(database: &Database) {
    let store = database.open().await;
    assert!(take(&store, "a", NOW).await);
    assert!(!take(&store, "b", NOW.plus_millis(99)).await);
    assert!(take(&store, "a", NOW.plus_millis(99)).await);
    assert!(!take(&store, "b", NOW.plus_millis(100)).await);
    assert!(take(&store, "b", NOW.plus_millis(199)).await);
    assert!(!take(&store, "a", NOW.plus_millis(199)).await);
}

async fn what_is_given_back_is_free_but_only_the_holder_gives_it_back(database: &Database) {
    let store = database.open().await;
    assert!(take(&store, "a", NOW).await);
    for (holder, free) in [("b", false), ("a", true)] {
        let mut tx = store.write().await.unwrap();
        tx.release_lease("livekit", holder).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(take(&store, "c", NOW).await, free);
    }
}

async fn a_lease_is_renewed_only_where_nobody_was_in_between(database: &Database) {
    let store = database.open().await;
    let renew = async |at: Timestamp| {
        let mut tx = store.write().await.unwrap();
        let renewed = tx.renew_lease("livekit", "a", at.plus_millis(100)).await.unwrap();
        tx.commit().await.unwrap();
        renewed
    };
    assert!(!renew(NOW).await, "it was never taken");
    assert!(take(&store, "a", NOW).await);
    assert!(renew(NOW.plus_millis(150)).await, "it had run out, and nobody has taken it");
    assert!(!take(&store, "b", NOW.plus_millis(249)).await);
    assert!(take(&store, "b", NOW.plus_millis(250)).await);
    assert!(!renew(NOW.plus_millis(260)).await);
    let mut tx = store.write().await.unwrap();
    tx.release_lease("livekit", "b").await.unwrap();
    tx.commit().await.unwrap();
    assert!(!renew(NOW.plus_millis(270)).await, "it is free, but somebody was there");
}

async fn of_many_who_reach_for_it_one_gets_it(database: &Database) {
    let store = database.open().await;
    let takers: Vec<_> = (0..20)
        .map(|taker| {
            let store = store.clone();
            tokio::spawn(async move { take(&store, &format!("server {taker}"), NOW).await })
        })
        .collect();
    let mut held = 0;
    for taker in takers {
        held += i32::from(taker.await.unwrap());
    }
    assert_eq!(held, 1);
}

crate::on_both! {
    one_holds_and_renews_until_it_runs_out
    what_is_given_back_is_free_but_only_the_holder_gives_it_back
    a_lease_is_renewed_only_where_nobody_was_in_between
    of_many_who_reach_for_it_one_gets_it
}
