//! How much of what was made by hand is looked up and shown, and that the rest is not kept quiet.

use api_types::view::UnmanagedView;
use domain::livekit::{DispatchRule, InboundTrunk};

use crate::world::World;

/// Nobody's.
fn number(index: u32) -> String {
    format!("+4479{index:08}")
}

async fn trunk(world: &World, numbers: Vec<String>) -> String {
    let trunk = InboundTrunk { name: "By hand".to_owned(), numbers, ..InboundTrunk::default() };
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
async fn a_trunk_with_too_many_numbers_is_not_looked_up_and_says_so() {
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
        (&huge, false, 0, "not looked up"),
        (&on_huge, false, 0, "not looked up"),
        (&small, true, 1, "Twilio"),
        (&on_small, true, 1, "Twilio"),
    ] {
        let view = of(&all.unmanaged, id).unwrap();
        assert_eq!((view.candidates_complete, view.candidates.len()), (candidates_complete, candidates), "{view:?}");
        assert!(view.note.contains(note), "{}", view.note);
    }

    let seen = world.drift(&twilio).await;
    assert_eq!((seen.unmanaged.len(), seen.unmanaged_left_out), (2, 2), "{:?}", seen.unmanaged);
    assert!(of(&seen.unmanaged, &small).is_some() && of(&seen.unmanaged, &on_small).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trunk_with_the_carriers_own_number_is_shown_with_its_rule_however_many_numbers_it_has() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    world.assert_in_sync().await;
    let huge = trunk(&world, (0..5_001).map(number).chain([world.punctuated(1)]).collect()).await;
    let on_huge = rule(&world, vec![huge.clone()]).await;
    let seen = world.drift(&twilio).await;
    assert_eq!((seen.unmanaged.len(), seen.unmanaged_left_out), (2, 0));
    for id in [&huge, &on_huge] {
        let view = of(&seen.unmanaged, id).unwrap();
        assert!(!view.candidates_complete && view.note.contains("Twilio"), "{view:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_to_be_shown_is_counted() {
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
        !view.candidates_complete && view.note.contains("not looked up"),
        "one of its trunks was left out: {}",
        view.note
    );
    let seen = world.drift(&twilio).await;
    assert_eq!((seen.unmanaged.len(), seen.unmanaged_left_out), (200, 2));
    assert!(seen.unmanaged.iter().all(|view| view.candidates_complete));
}
