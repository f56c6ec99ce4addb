//! Idempotency keys.

use store::{IdempotentRequest, Reservation, SavedResponse, Store};

use crate::{database::Database, rows::NOW};

fn request(key: &str, body_hash: &str) -> IdempotentRequest {
    IdempotentRequest {
        actor_id: "usr_1".to_owned(),
        operation: "POST /api/v1/bots".to_owned(),
        key: key.to_owned(),
        body_hash: body_hash.to_owned(),
    }
}

/// Reserves at `millis` after [`NOW`], for 100 ms.
async fn reserve(store: &Store, request: &IdempotentRequest, millis: i64) -> Reservation {
    let mut tx = store.write().await.unwrap();
    let now = NOW.plus_millis(millis);
    let reservation = tx.reserve_key(request, now, now.plus_millis(100)).await.unwrap();
    tx.commit().await.unwrap();
    reservation
}

async fn saved_response_is_returned_until_it_expires(database: &Database) {
    let store = database.open().await;
    let first = request("a", "hash");
    assert_eq!(reserve(&store, &first, 0).await, Reservation::New);
    assert_eq!(reserve(&store, &first, 50).await, Reservation::InProgress);
    let response = SavedResponse { status: 201, location: Some("/api/v1/bots/1".to_owned()), body: "{}".to_owned() };
    let mut tx = store.write().await.unwrap();
    tx.save_response(&first, &response, NOW.plus_millis(500)).await.unwrap();
    // A saved response is not released.
    tx.release_key(&first).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reserve(&store, &first, 499).await, Reservation::Done(response));
    assert_eq!(reserve(&store, &request("a", "other"), 499).await, Reservation::OtherBody);
    assert_eq!(reserve(&store, &request("b", "other"), 499).await, Reservation::New);
    assert_eq!(reserve(&store, &request("a", "other"), 500).await, Reservation::New);
}

async fn released_or_abandoned_key_can_be_reserved_again(database: &Database) {
    let store = database.open().await;
    let failed = request("a", "hash");
    assert_eq!(reserve(&store, &failed, 0).await, Reservation::New);
    let mut tx = store.write().await.unwrap();
    tx.release_key(&failed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reserve(&store, &failed, 1).await, Reservation::New);
    assert_eq!(reserve(&store, &failed, 100).await, Reservation::InProgress);
    assert_eq!(reserve(&store, &failed, 101).await, Reservation::New);
    let other_actor = IdempotentRequest { actor_id: "usr_2".to_owned(), ..failed };
    assert_eq!(reserve(&store, &other_actor, 101).await, Reservation::New);
}

crate::on_both! {
    saved_response_is_returned_until_it_expires
    released_or_abandoned_key_can_be_reserved_again
}
