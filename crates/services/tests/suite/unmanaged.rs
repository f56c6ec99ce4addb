//! Limits of the search for the carriers of unmanaged objects.

use api_types::view::UnmanagedView;
use domain::livekit::{DispatchRule, InboundTrunk};

use crate::world::World;

/// A number that no carrier has.
fn number(index: u32) -> String {
    format!("+4479{index:08}")
}

async fn trunk(world: &World, numbers: Vec<String>) -> String {
    let trunk = InboundTrunk { name: "By unmanaged".to_owned(), numbers, ..InboundTrunk::default() };
    world.client().create_inbound(&trunk).await.unwrap()
}

async fn rule(world: &World, trunk_ids: Vec<String>) -> String {
    let rule = DispatchRule { trunk_ids, room_prefix: "r-".to_owned(), ..DispatchRule::default() };
    world.client().create_rule(&rule).await.unwrap()
}

fn of<'a>(views: &'a [UnmanagedView], id: &str) -> Option<&'a UnmanagedView> {
    views.iter().find(|view| view.id == id)
}

#[tokio::test(flavor = "multi_thread")]
async fn trunk_with_too_many_numbers_is_not_searched() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    world.assert_in_sync().await;
    let huge = trunk(&world, (0..5_001).map(number).collect()).await;
    let small = trunk(&world, vec![world.punctuated(1)]).await;
    let (on_huge, on_small) = (rule(&world, vec![huge.clone()]).await, rule(&world, vec![small.clone()]).await);

    let all = world.services.drift.orphans(&world.admin).await.unwrap();
    assert_eq!((all.unmanaged.len(), all.unmanaged_left_out), (4, 0));
    for (id, candidates_complete, candidates, note) in [
        (&huge, false, 0, "not searched"),
        (&on_huge, false, 0, "not searched"),
        (&small, true, 1, "Twilio"),
        (&on_small, true, 1, "Twilio"),
    ] {
        let view = of(&all.unmanaged, id).unwrap();
        assert_eq!((view.candidates_complete, view.candidates.len()), (candidates_complete, candidates), "{view:?}");
        assert!(view.note.contains(note), "{}", view.note);
    }

    let report = world.drift(&twilio).await;
    assert_eq!((report.unmanaged.len(), report.unmanaged_left_out), (2, 2), "{:?}", report.unmanaged);
    assert!(of(&report.unmanaged, &small).is_some() && of(&report.unmanaged, &on_small).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn trunk_with_the_carriers_number_is_always_shown() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    world.assert_in_sync().await;
    let huge = trunk(&world, (0..5_001).map(number).chain([world.punctuated(1)]).collect()).await;
    let on_huge = rule(&world, vec![huge.clone()]).await;
    let report = world.drift(&twilio).await;
    assert_eq!((report.unmanaged.len(), report.unmanaged_left_out), (2, 0));
    for id in [&huge, &on_huge] {
        let view = of(&report.unmanaged, id).unwrap();
        assert!(!view.candidates_complete && view.note.contains("Twilio"), "{view:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_beyond_the_limit_are_counted() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let mut trunks = Vec::new();
    for index in 0..201 {
        trunks.push(trunk(&world, vec![number(index)]).await);
    }
    let on_all = rule(&world, trunks).await;
    let all = world.services.drift.orphans(&world.admin).await.unwrap();
    assert_eq!((all.unmanaged.len(), all.unmanaged_left_out), (201, 1));
    let view = of(&all.unmanaged, &on_all).unwrap();
    assert!(
        !view.candidates_complete && view.note.contains("not searched"),
        "one of its trunks was left out: {}",
        view.note
    );
    let report = world.drift(&twilio).await;
    assert_eq!((report.unmanaged.len(), report.unmanaged_left_out), (200, 2));
    assert!(report.unmanaged.iter().all(|view| view.candidates_complete));
}
