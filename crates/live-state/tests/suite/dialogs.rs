//! Dialogs: events twice and out of order.

use domain::{
    Timestamp,
    edge::dialog::{DialogChange, DialogEvent, DialogState, TERMINATED_KEPT_MILLIS},
};

use crate::{engine::World, on_both};

const LEASE_MILLIS: i64 = 60_000;

on_both! {
    dialog_moves_forward
    earlier_state_is_out_of_order
    ended_dialog_does_not_come_back
    dialog_without_events_expires
}

fn event(state: DialogState, at: i64) -> DialogEvent {
    DialogEvent {
        call_id: "a".to_owned(),
        state,
        caller: "1001@acme.example".to_owned(),
        callee: String::new(),
        at: Timestamp::from_millis(at),
        lease_millis: LEASE_MILLIS,
    }
}

async fn apply(world: &World, event: &DialogEvent) -> DialogChange {
    world.live.apply_dialog(&world.account, event).await.unwrap()
}

async fn dialog_moves_forward(world: World) {
    assert!(matches!(apply(&world, &event(DialogState::Early, 1)).await, DialogChange::Changed(_)));
    assert!(matches!(apply(&world, &event(DialogState::Early, 1)).await, DialogChange::Renewed(_)));
    let answered = DialogEvent { callee: "1002@acme.example".to_owned(), ..event(DialogState::Confirmed, 2) };
    let DialogChange::Changed(dialog) = apply(&world, &answered).await else { panic!("no change") };
    assert_eq!((dialog.started_at.millis(), dialog.answered_at.map(Timestamp::millis)), (1, Some(2)));
    assert_eq!((dialog.caller.as_str(), dialog.callee.as_str()), ("1001@acme.example", "1002@acme.example"));
    assert_eq!(world.live.dialogs(&world.account).await.unwrap(), std::slice::from_ref(&dialog));
    assert_eq!(world.live.dialog(&world.account, "a").await.unwrap(), Some(dialog));
}

async fn earlier_state_is_out_of_order(world: World) {
    apply(&world, &event(DialogState::Confirmed, 2)).await;
    assert_eq!(apply(&world, &event(DialogState::Early, 1)).await, DialogChange::OutOfOrder);
    assert_eq!(world.live.dialogs(&world.account).await.unwrap()[0].state, DialogState::Confirmed);
}

async fn ended_dialog_does_not_come_back(world: World) {
    apply(&world, &event(DialogState::Terminated, 3)).await;
    assert_eq!(apply(&world, &event(DialogState::Confirmed, 2)).await, DialogChange::OutOfOrder);
    assert!(world.live.dialogs(&world.account).await.unwrap().is_empty());
    let ended = world.live.dialog(&world.account, "a").await.unwrap().unwrap();
    assert_eq!(ended.ended_at.map(Timestamp::millis), Some(3));
    world.advance(TERMINATED_KEPT_MILLIS + 1);
    assert_eq!(world.live.dialog(&world.account, "a").await.unwrap(), None);
}

async fn dialog_without_events_expires(world: World) {
    apply(&world, &event(DialogState::Confirmed, 2)).await;
    world.advance(LEASE_MILLIS + 1);
    assert!(world.live.dialogs(&world.account).await.unwrap().is_empty());
    assert_eq!(world.live.dialog(&world.account, "a").await.unwrap(), None);
}
