//! Token buckets and leases of channels.

use domain::{Call, CallState, TokenBucket};
use store::{ChannelLease, Store};

use crate::{
    call::{call, save},
    database::Database,
    rows::{NOW, account, saved_carrier},
};

const DID: &str = "did_01hf7yat000000000000000000";

/// A call of the carrier with a lease that expires at that time.
async fn lease(store: &Store, call: &Call, carrier: &domain::Carrier, expires_at: i64) -> ChannelLease {
    save(store, std::slice::from_ref(call)).await;
    let lease = ChannelLease { call_id: call.id.clone(), carrier_id: carrier.id.clone(), did_id: DID.parse().unwrap() };
    let mut tx = store.write().await.unwrap();
    tx.insert_channel_lease(&lease, expires_at).await.unwrap();
    tx.commit().await.unwrap();
    lease
}

async fn bucket_is_read_as_written(database: &Database) {
    let store = database.open().await;
    let carrier = saved_carrier(&store, &account(&store).await, "Twilio").await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.outbound_bucket(&carrier.id).await.unwrap(), None);
    for tokens in [5_000_000, 1] {
        let bucket = TokenBucket { tokens, filled_at: NOW.millis() };
        tx.save_outbound_bucket(&carrier.id, bucket).await.unwrap();
        assert_eq!(tx.outbound_bucket(&carrier.id).await.unwrap(), Some(bucket));
    }
    tx.commit().await.unwrap();
}

async fn expired_lease_and_ended_call_use_no_channel(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let (carrier, other) =
        (saved_carrier(&store, &account, "Twilio").await, saved_carrier(&store, &account, "Plivo").await);
    let ended = Call { ended_at: Some(NOW), state: CallState::Ended, ..call(&account, 1) };
    lease(&store, &call(&account, 0), &carrier, 1_000).await;
    lease(&store, &ended, &carrier, 1_000).await;
    lease(&store, &call(&account, 2), &other, 1_000).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.channels_in_use(&carrier.id, 999).await.unwrap(), 1);
    assert_eq!(tx.channels_in_use(&carrier.id, 1_000).await.unwrap(), 0);
    assert!(tx.has_channel_leases().await.unwrap());
}

async fn leases_of_calls_under_way_are_renewed(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "Twilio").await;
    let in_state = |second, state| Call { state, ..call(&account, second) };
    let ended = Call { ended_at: Some(NOW), ..in_state(0, CallState::Ended) };
    let answered = lease(&store, &in_state(1, CallState::Answered), &carrier, 1_000).await;
    let requested = lease(&store, &in_state(2, CallState::Requested), &carrier, 1_000).await;
    lease(&store, &ended, &carrier, 1_000).await;
    lease(&store, &in_state(3, CallState::Answered), &carrier, 500).await;
    let mut tx = store.write().await.unwrap();
    let mut left = tx.renew_channel_leases(600, 2_000).await.unwrap();
    left.sort_by(|one, other| one.call_id.cmp(&other.call_id));
    assert_eq!(left, [answered.clone(), requested], "neither the ended call nor the expired lease");
    assert_eq!(tx.renew_channel_leases(1_500, 2_000).await.unwrap(), [answered], "without news it expires");
    tx.commit().await.unwrap();
}

crate::on_both! {
    bucket_is_read_as_written
    expired_lease_and_ended_call_use_no_channel
    leases_of_calls_under_way_are_renewed
}
