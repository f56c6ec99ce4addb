//! Channels: admission, release, leases and reset.

use std::time::Duration;

use domain::edge::cac::{Admission, AdmitRequest, Admitted, Dimension, Refusal};
use futures::future::join_all;

use crate::{
    engine::{LEASE_MILLIS, World, carrier, did, limit, request, user},
    on_both,
};

on_both! {
    call_raises_each_dimension_once
    refused_call_raises_nothing
    release_lowers_what_was_raised_once
    repeated_admission_counts_once
    twenty_admissions_at_once_share_one_channel
    lowered_limit_ends_no_call
    first_free_alternative_is_used
    without_free_alternative_is_refused
    expired_lease_frees_the_channel
    renewed_lease_stays_open
    reset_forgets_open_calls
    restored_call_is_released_like_others
    open_calls_are_listed_oldest_first
    one_server_rebuilds_the_state
}

async fn call_raises_each_dimension_once(world: World) {
    let channels = vec![limit(Dimension::AccountIn, 9), limit(user(1), 2), limit(did(1), 3), limit(user(1), 2)];
    assert!(world.admitted(&request("a", channels)).await);
    let counters = world.live.counters(&world.account).await.unwrap();
    let counted: Vec<_> =
        counters.channels.iter().map(|counter| (counter.dimension.clone(), counter.in_use, counter.max)).collect();
    assert_eq!(counted, [(Dimension::AccountIn, 1, Some(9)), (user(1), 1, Some(2)), (did(1), 1, Some(3))]);
}

async fn refused_call_raises_nothing(world: World) {
    assert!(world.admitted(&request("a", vec![limit(did(1), 1)])).await);
    let refused = world.admit(&request("b", vec![limit(user(1), 5), limit(did(1), 1)])).await;
    assert_eq!(refused, Admission::Refused(Refusal::Channels { dimension: did(1), max: 1, in_use: 1 }));
    assert_eq!(world.in_use(&user(1)).await, 0);
    assert_eq!(world.in_use(&did(1)).await, 1);
    assert_eq!(world.live.release(&world.account, "b").await.unwrap(), None);
    assert_eq!(world.in_use(&did(1)).await, 1);
}

async fn release_lowers_what_was_raised_once(world: World) {
    for call in ["a", "b"] {
        assert!(world.admitted(&request(call, vec![limit(user(1), 5)])).await);
    }
    let released = world.live.release(&world.account, "a").await.unwrap().unwrap();
    assert_eq!((released.call_id.as_str(), released.dimensions), ("a", vec![user(1)]));
    assert_eq!(world.live.release(&world.account, "a").await.unwrap(), None);
    assert_eq!(world.in_use(&user(1)).await, 1);
}

async fn repeated_admission_counts_once(world: World) {
    let call = AdmitRequest { alternatives: vec![limit(carrier(1), 0), limit(carrier(2), 1)], ..request("a", vec![]) };
    assert!(world.admitted(&call).await);
    let repeated = Admitted { repeated: true, alternative: Some(1), exceeded: vec![] };
    assert_eq!(world.admit(&call).await, Admission::Admitted(repeated));
    assert_eq!(world.in_use(&carrier(2)).await, 1);
}

async fn twenty_admissions_at_once_share_one_channel(world: World) {
    let calls = (0..20).map(|number| {
        let world = world.clone();
        tokio::spawn(async move { world.admitted(&request(&format!("call-{number}"), vec![limit(did(1), 1)])).await })
    });
    let admitted = join_all(calls).await.into_iter().filter(|admitted| *admitted.as_ref().unwrap()).count();
    assert_eq!(admitted, 1);
    assert_eq!(world.in_use(&did(1)).await, 1);
}

async fn lowered_limit_ends_no_call(world: World) {
    for call in ["a", "b", "c"] {
        assert!(world.admitted(&request(call, vec![limit(did(1), 3)])).await);
    }
    let refused = world.admit(&request("d", vec![limit(did(1), 1)])).await;
    assert_eq!(refused, Admission::Refused(Refusal::Channels { dimension: did(1), max: 1, in_use: 3 }));
    assert_eq!(world.live.open_calls(&world.account).await.unwrap().len(), 3);
}

async fn first_free_alternative_is_used(world: World) {
    let via_carriers = |call| AdmitRequest {
        alternatives: vec![limit(carrier(1), 1), limit(carrier(2), 1)],
        ..request(call, vec![limit(Dimension::AccountOut, 9)])
    };
    for (call, alternative) in [("a", 0), ("b", 1)] {
        let admitted = Admitted { alternative: Some(alternative), ..Admitted::default() };
        assert_eq!(world.admit(&via_carriers(call)).await, Admission::Admitted(admitted));
    }
    assert_eq!(world.in_use(&Dimension::AccountOut).await, 2);
}

async fn without_free_alternative_is_refused(world: World) {
    let call = AdmitRequest {
        alternatives: vec![limit(carrier(1), 0), limit(carrier(2), 0)],
        ..request("a", vec![limit(Dimension::AccountOut, 9)])
    };
    let refusal = Refusal::Channels { dimension: carrier(2), max: 0, in_use: 0 };
    assert_eq!(world.admit(&call).await, Admission::Refused(refusal));
    assert_eq!(world.in_use(&Dimension::AccountOut).await, 0);
}

async fn expired_lease_frees_the_channel(world: World) {
    assert!(world.admitted(&request("a", vec![limit(did(1), 1)])).await);
    world.advance(LEASE_MILLIS + 1);
    assert!(world.admitted(&request("b", vec![limit(did(1), 1)])).await);
    assert!(!world.live.renew(&world.account, "a", Duration::from_secs(60)).await.unwrap());
    let expired = world.live.expired_calls(&world.account).await.unwrap();
    assert_eq!(expired.iter().map(|call| call.call_id.as_str()).collect::<Vec<_>>(), ["a"]);
    assert!(world.live.expired_calls(&world.account).await.unwrap().is_empty());
}

async fn renewed_lease_stays_open(world: World) {
    assert!(world.admitted(&request("a", vec![limit(did(1), 1)])).await);
    world.advance(LEASE_MILLIS / 2);
    assert!(world.live.renew(&world.account, "a", Duration::from_secs(60)).await.unwrap());
    world.advance(LEASE_MILLIS / 2 + 1000);
    assert!(!world.admitted(&request("b", vec![limit(did(1), 1)])).await);
}

async fn reset_forgets_open_calls(world: World) {
    for call in ["a", "b"] {
        assert!(world.admitted(&request(call, vec![limit(did(1), 2)])).await);
    }
    assert_eq!(world.live.reset(&world.account).await.unwrap(), 2);
    assert!(world.admitted(&request("c", vec![limit(did(1), 1)])).await);
    assert_eq!(world.live.release(&world.account, "a").await.unwrap(), None);
    assert_eq!(world.in_use(&did(1)).await, 1);
}

async fn restored_call_is_released_like_others(world: World) {
    assert!(world.admitted(&request("a", vec![limit(did(1), 1), limit(user(1), 1)])).await);
    let open = world.live.open_calls(&world.account).await.unwrap();
    world.live.clear(&world.account).await.unwrap();
    assert!(world.live.restore_call(&world.account, &open[0]).await.unwrap());
    assert!(!world.live.restore_call(&world.account, &open[0]).await.unwrap());
    assert_eq!(world.live.open_calls(&world.account).await.unwrap(), open);
    assert!(!world.admitted(&request("b", vec![limit(did(1), 1)])).await);
    assert_eq!(world.live.release(&world.account, "a").await.unwrap().as_ref(), Some(&open[0]));
    assert!(world.live.counters(&world.account).await.unwrap().channels.is_empty());
}

async fn open_calls_are_listed_oldest_first(world: World) {
    for call in ["z", "a", "m"] {
        assert!(world.admitted(&request(call, vec![limit(did(1), 9)])).await);
        world.advance(10);
    }
    let open = world.live.open_calls(&world.account).await.unwrap();
    assert_eq!(open.iter().map(|call| call.call_id.as_str()).collect::<Vec<_>>(), ["z", "a", "m"]);
    assert_eq!(open[0].parties, request("z", vec![]).parties);
    assert_eq!(open[0].expires_at, open[0].admitted_at.plus_millis(LEASE_MILLIS));
}

async fn one_server_rebuilds_the_state(world: World) {
    assert!(world.live.begin_rebuild(&world.account).await.unwrap());
    world.live.finish_rebuild(&world.account).await.unwrap();
    assert!(!world.live.begin_rebuild(&world.account).await.unwrap());
    world.live.clear(&world.account).await.unwrap();
    assert!(world.live.begin_rebuild(&world.account).await.unwrap());
}
