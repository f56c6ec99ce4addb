//! Sliding windows.

use domain::{
    CallLimitId,
    edge::cac::{Admission, AdmitRequest, Admitted, Refusal, WindowKey, WindowLimit},
};
use ulid::Ulid;

use crate::{
    engine::{World, did, limit, request},
    on_both,
};

on_both! {
    hard_window_refuses_until_the_period_is_over
    counted_only_window_admits_and_reports
    refused_calls_do_not_count
    ended_calls_still_count
    subjects_are_counted_apart
    limit_of_zero_never_admits
    many_calls_are_counted_exactly
}

fn window(number: u64, subject: &str, max_count: u32, hard: bool) -> WindowLimit {
    let limit = CallLimitId::new(Ulid::from_parts(number, 4));
    WindowLimit { key: WindowKey { limit, subject: subject.to_owned() }, period_sec: 60, max_count, hard }
}

fn call(id: &str, windows: Vec<WindowLimit>) -> AdmitRequest {
    AdmitRequest { windows, ..request(id, vec![]) }
}

async fn count(world: &World) -> Vec<u64> {
    world.live.counters(&world.account).await.unwrap().windows.iter().map(|window| window.count).collect()
}

async fn hard_window_refuses_until_the_period_is_over(world: World) {
    let limits = || vec![window(1, "", 2, true)];
    assert!(world.admitted(&call("a", limits())).await);
    world.advance(30_000);
    assert!(world.admitted(&call("b", limits())).await);
    let Admission::Refused(Refusal::Window { max_count: 2, period_sec: 60, retry_after_millis: Some(wait), .. }) =
        world.admit(&call("c", limits())).await
    else {
        panic!("the third call within a minute was admitted")
    };
    assert!((25_000..=30_060).contains(&wait), "{wait}");
    world.advance(wait);
    assert!(world.admitted(&call("c", limits())).await);
    assert!(!world.admitted(&call("d", limits())).await);
}

async fn counted_only_window_admits_and_reports(world: World) {
    let limits = || vec![window(1, "", 1, false)];
    assert_eq!(world.admit(&call("a", limits())).await, Admission::Admitted(Admitted::default()));
    let exceeded = Admitted { exceeded: vec![limits()[0].key.clone()], ..Admitted::default() };
    assert_eq!(world.admit(&call("b", limits())).await, Admission::Admitted(exceeded));
}

async fn refused_calls_do_not_count(world: World) {
    let full = AdmitRequest { channels: vec![limit(did(1), 0)], ..call("a", vec![window(1, "", 1, true)]) };
    assert!(!world.admitted(&full).await);
    assert!(world.admitted(&call("b", vec![window(1, "", 1, true)])).await);
    assert!(!world.admitted(&call("c", vec![window(2, "", 9, false), window(1, "", 1, true)])).await);
    assert_eq!(count(&world).await, [1]);
}

async fn ended_calls_still_count(world: World) {
    assert!(world.admitted(&call("a", vec![window(1, "", 1, true)])).await);
    world.live.release(&world.account, "a").await.unwrap().unwrap();
    assert!(!world.admitted(&call("b", vec![window(1, "", 1, true)])).await);
}

async fn subjects_are_counted_apart(world: World) {
    assert!(world.admitted(&call("a", vec![window(1, "+14155550123", 1, true)])).await);
    assert!(world.admitted(&call("b", vec![window(1, "+14155550124", 1, true)])).await);
    assert!(!world.admitted(&call("c", vec![window(1, "+14155550123", 1, true)])).await);
    assert_eq!(count(&world).await, [1, 1]);
    world.advance(61_000);
    assert!(count(&world).await.is_empty());
}

async fn limit_of_zero_never_admits(world: World) {
    let refused = world.admit(&call("a", vec![window(1, "", 0, true)])).await;
    assert!(matches!(refused, Admission::Refused(Refusal::Window { retry_after_millis: None, .. })), "{refused:?}");
}

async fn many_calls_are_counted_exactly(world: World) {
    for number in 0..300 {
        assert!(world.admitted(&call(&number.to_string(), vec![window(1, "", 300, true)])).await);
        world.advance(20);
    }
    assert_eq!(count(&world).await, [300]);
    assert!(!world.admitted(&call("over", vec![window(1, "", 300, true)])).await);
    world.advance(61_000);
    assert!(count(&world).await.is_empty());
}
