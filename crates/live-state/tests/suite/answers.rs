//! Repeated INVITEs get the first answer.

use std::time::Duration;

use live_state::FirstAnswer;

use crate::{engine::World, on_both};

const LIFETIME: Duration = Duration::from_secs(60);

on_both! {
    first_answer_stays
    answer_is_forgotten_after_its_lifetime
    twenty_requests_at_once_get_one_answer
}

async fn first_answer_stays(world: World) {
    assert_eq!(world.live.answer(&world.account, "a").await.unwrap(), None);
    assert_eq!(world.live.first_answer(&world.account, "a", "one", LIFETIME).await.unwrap(), FirstAnswer::Stored);
    let second = world.live.first_answer(&world.account, "a", "two", LIFETIME).await.unwrap();
    assert_eq!(second, FirstAnswer::Existing("one".to_owned()));
    assert_eq!(world.live.answer(&world.account, "a").await.unwrap().as_deref(), Some("one"));
}

async fn answer_is_forgotten_after_its_lifetime(world: World) {
    world.live.first_answer(&world.account, "a", "one", LIFETIME).await.unwrap();
    world.advance(60_001);
    assert_eq!(world.live.answer(&world.account, "a").await.unwrap(), None);
    assert_eq!(world.live.first_answer(&world.account, "a", "two", LIFETIME).await.unwrap(), FirstAnswer::Stored);
}

async fn twenty_requests_at_once_get_one_answer(world: World) {
    let requests = (0..20).map(|number| {
        let World { live, account, .. } = world.clone();
        tokio::spawn(async move {
            let own = format!("answer-{number}");
            match live.first_answer(&account, "a", &own, LIFETIME).await.unwrap() {
                FirstAnswer::Stored => own,
                FirstAnswer::Existing(answer) => answer,
            }
        })
    });
    let answers = futures::future::join_all(requests).await;
    let first = answers[0].as_ref().unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap() == first), "{answers:?}");
}
