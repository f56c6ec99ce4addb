//! Of several servers one may write to LiveKit.

use std::time::Duration;

use store::Store;
use tokio::time::sleep;

use crate::database::Database;

const TIME: Duration = Duration::from_secs(16);
const SHORT: Duration = Duration::from_millis(200);

async fn acquire(store: &Store, holder: &str, time: Duration) -> bool {
    let mut tx = store.write().await.unwrap();
    let acquired = tx.acquire_lease("livekit", holder, time).await.unwrap();
    tx.commit().await.unwrap();
    acquired
}

async fn release(store: &Store, holder: &str) {
    let mut tx = store.write().await.unwrap();
    tx.release_lease("livekit", holder).await.unwrap();
    tx.commit().await.unwrap();
}

async fn lease_is_one_holders_until_it_expires(database: &Database) {
    let store = database.open().await;
    assert!(acquire(&store, "a", TIME).await);
    assert!(!acquire(&store, "b", TIME).await);
    assert!(acquire(&store, "a", SHORT).await);
    sleep(SHORT).await;
    assert!(acquire(&store, "b", TIME).await);
    assert!(!acquire(&store, "a", TIME).await);
}

async fn released_lease_is_free(database: &Database) {
    let store = database.open().await;
    assert!(acquire(&store, "a", TIME).await);
    for (holder, free) in [("b", false), ("a", true)] {
        release(&store, holder).await;
        assert_eq!(acquire(&store, "c", TIME).await, free);
    }
}

/// As from a server whose clock was an hour ahead, before the database's clock counted.
async fn lease_that_is_too_long_is_void(database: &Database) {
    let store = database.open().await;
    assert!(acquire(&store, "a", Duration::from_secs(3600)).await);
    assert!(acquire(&store, "b", TIME).await);
    assert!(!acquire(&store, "a", TIME).await);
}

async fn expired_lease_is_renewed_if_nobody_acquired_it(database: &Database) {
    let store = database.open().await;
    let renew = async || {
        let mut tx = store.write().await.unwrap();
        let renewed = tx.renew_lease("livekit", "a", SHORT).await.unwrap();
        tx.commit().await.unwrap();
        renewed
    };
    assert!(!renew().await, "it was never acquired");
    assert!(acquire(&store, "a", SHORT).await);
    sleep(SHORT).await;
    assert!(renew().await, "it had expired, and nobody has acquired it");
    assert!(!acquire(&store, "b", TIME).await);
    sleep(SHORT).await;
    assert!(acquire(&store, "b", TIME).await);
    assert!(!renew().await);
    release(&store, "b").await;
    assert!(!renew().await, "it is free, but was another's in between");
}

async fn one_of_many_acquires_it(database: &Database) {
    let store = database.open().await;
    let servers: Vec<_> = (0..20)
        .map(|server| {
            let store = store.clone();
            tokio::spawn(async move { acquire(&store, &format!("server {server}"), TIME).await })
        })
        .collect();
    let mut acquired = 0;
    for server in servers {
        acquired += i32::from(server.await.unwrap());
    }
    assert_eq!(acquired, 1);
}

crate::on_both! {
    lease_is_one_holders_until_it_expires
    released_lease_is_free
    lease_that_is_too_long_is_void
    expired_lease_is_renewed_if_nobody_acquired_it
    one_of_many_acquires_it
}
