//! Digest nonces: each count is used once.

use std::time::Duration;

use live_state::NonceUse;

use crate::{
    engine::{World, unique},
    on_both,
};

const LIFETIME: Duration = Duration::from_secs(300);

on_both! {
    higher_counts_are_fresh
    retransmission_is_recognised
    used_count_is_a_replay
    count_is_forgotten_after_its_lifetime
    twenty_uses_at_once_are_fresh_once
}

async fn higher_counts_are_fresh(world: World) {
    let nonce = unique("n");
    for count in [1, 2, 7] {
        let used = world.live.use_nonce(&nonce, count, &format!("r{count}"), LIFETIME).await.unwrap();
        assert_eq!(used, NonceUse::Fresh);
    }
}

async fn retransmission_is_recognised(world: World) {
    let nonce = unique("n");
    world.live.use_nonce(&nonce, 2, "r", LIFETIME).await.unwrap();
    assert_eq!(world.live.use_nonce(&nonce, 2, "r", LIFETIME).await.unwrap(), NonceUse::Retransmission);
}

async fn used_count_is_a_replay(world: World) {
    let nonce = unique("n");
    world.live.use_nonce(&nonce, 2, "r2", LIFETIME).await.unwrap();
    assert_eq!(world.live.use_nonce(&nonce, 2, "another", LIFETIME).await.unwrap(), NonceUse::Replay);
    assert_eq!(world.live.use_nonce(&nonce, 1, "r1", LIFETIME).await.unwrap(), NonceUse::Replay);
    assert_eq!(world.live.use_nonce(&nonce, 3, "r3", LIFETIME).await.unwrap(), NonceUse::Fresh);
}

async fn count_is_forgotten_after_its_lifetime(world: World) {
    let nonce = unique("n");
    world.live.use_nonce(&nonce, 5, "r", LIFETIME).await.unwrap();
    world.advance(300_001);
    assert_eq!(world.live.use_nonce(&nonce, 1, "r", LIFETIME).await.unwrap(), NonceUse::Fresh);
}

async fn twenty_uses_at_once_are_fresh_once(world: World) {
    let nonce = unique("n");
    let uses = (0..20).map(|number| {
        let (live, nonce) = (world.live.clone(), nonce.clone());
        tokio::spawn(async move { live.use_nonce(&nonce, 1, &format!("r{number}"), LIFETIME).await.unwrap() })
    });
    let uses = futures::future::join_all(uses).await;
    assert_eq!(uses.iter().filter(|used| *used.as_ref().unwrap() == NonceUse::Fresh).count(), 1);
}
