//! Calls: rows, history, hand-over, retention.

use domain::{
    AccountId, Call, CallDirection, CallEvent, CallEventKind, CallId, CallOutcome, CallParty, CallState, EventId,
    Handover, LiveKitCall, NamedId, SipStatus,
};
use store::{AgentJoin, LiveKitEvent, Store};

use crate::{
    database::Database,
    on_both,
    rows::{NOW, account, saved_bot, saved_carrier, ulid},
};

pub fn call(account: &AccountId, second: i64) -> Call {
    Call {
        id: CallId::new(ulid()),
        account_id: account.clone(),
        direction: CallDirection::Inbound,
        state: CallState::Ringing,
        outcome: CallOutcome::InProgress,
        carrier: None,
        did_id: None,
        bot: None,
        from: CallParty::new("+14155550123", None),
        to: CallParty::new("+14155550100", None),
        room_name: "call-1".to_owned(),
        livekit: LiveKitCall::default(),
        edge: None,
        fleet_url: None,
        fleet_call_id: None,
        sip_status: None,
        sip_reason: None,
        disconnect_reason: None,
        error: None,
        created_at: NOW.plus_millis(second * 1000),
        ringing_at: None,
        answered_at: None,
        ended_at: None,
    }
}

pub async fn save(store: &Store, calls: &[Call]) {
    let mut tx = store.write().await.unwrap();
    for call in calls {
        tx.save_call(call).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn saved_call_is_read_in_full(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let (carrier, bot) = (saved_carrier(&store, &account, "Twilio").await, saved_bot(&store, &account, "Ann").await);
    let full = Call {
        carrier: Some(NamedId { id: carrier.id.clone(), name: "Twilio".to_owned() }),
        did_id: Some("did_01hf7yat000000000000000000".parse().unwrap()),
        bot: Some(NamedId { id: bot.id.clone(), name: "Ann".to_owned() }),
        livekit: LiveKitCall {
            call_id: Some("SCL_1".to_owned()),
            participant_id: Some("PA_1".to_owned()),
            trunk_id: Some("ST_1".to_owned()),
            rule_id: Some("SDR_1".to_owned()),
            sip_call_id: Some("abc@host".to_owned()),
        },
        ringing_at: Some(NOW),
        ..call(&account, 0)
    };
    save(&store, std::slice::from_ref(&full)).await;
    let ended = Call {
        state: CallState::Ended,
        outcome: CallOutcome::Rejected,
        fleet_url: Some("https://fleet.example.com".to_owned()),
        fleet_call_id: Some("7".to_owned()),
        sip_status: SipStatus::new(486),
        sip_reason: Some("Busy Here".to_owned()),
        disconnect_reason: Some("USER_REJECTED".to_owned()),
        error: Some("busy".to_owned()),
        answered_at: Some(NOW),
        ended_at: Some(NOW.plus_millis(1)),
        ..full.clone()
    };
    save(&store, std::slice::from_ref(&ended)).await;
    // The carrier and the bot may be gone: the call keeps their names.
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_bot(&account, &bot.id).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.call(&account, &full.id).await.unwrap().as_ref(), Some(&ended));
    assert_eq!(tx.call_of_livekit(&account, "SCL_1").await.unwrap().as_ref(), Some(&ended));
    assert_eq!(tx.call_of_participant(&account, "PA_1").await.unwrap().as_ref(), Some(&ended));
    assert_eq!(tx.calls_in_room(&account, "call-1").await.unwrap(), [ended]);
    assert_eq!(tx.call_of_livekit(&account, "SCL_2").await.unwrap(), None);
}

async fn events_are_read_in_order(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let (first, second) = (call(&account, 0), call(&account, 1));
    save(&store, &[first.clone(), second.clone()]).await;
    let event = |call: &Call, kind, second: i64| CallEvent {
        id: EventId::new(ulid()),
        call_id: call.id.clone(),
        at: NOW.plus_millis(second * 1000),
        kind,
        detail: "x".to_owned(),
    };
    let mut tx = store.write().await.unwrap();
    for event in [
        event(&first, CallEventKind::Ended, 2),
        event(&first, CallEventKind::Joined, 1),
        event(&first, CallEventKind::Ringing, 1),
        event(&second, CallEventKind::Requested, 0),
    ] {
        tx.insert_call_event(&event).await.unwrap();
    }
    tx.merge_calls(&first.id, &second.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let kinds: Vec<_> = tx.call_events(&first.id).await.unwrap().into_iter().map(|event| event.kind).collect();
    use CallEventKind::{Ended, Joined, Requested, Ringing};
    assert_eq!(kinds, [Requested, Joined, Ringing, Ended]);
    assert_eq!(tx.call(&account, &second.id).await.unwrap(), None);
}

async fn handover_is_claimed_once(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let call = call(&account, 0);
    save(&store, std::slice::from_ref(&call)).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.claim_handover(&call.id).await.unwrap(), Handover::None);
    assert_eq!(tx.claim_handover(&call.id).await.unwrap(), Handover::Claimed);
    tx.set_handover(&call.id, Handover::None).await.unwrap();
    assert_eq!(tx.claim_handover(&call.id).await.unwrap(), Handover::None);
    tx.set_handover(&call.id, Handover::Done).await.unwrap();
    // A change of the call leaves the claim as it is.
    tx.save_call(&call).await.unwrap();
    assert_eq!(tx.claim_handover(&call.id).await.unwrap(), Handover::Done);
    tx.commit().await.unwrap();
}

async fn oldest_calls_are_pruned_with_their_events(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let calls: Vec<_> = (0..5).map(|second| call(&account, second)).collect();
    save(&store, &calls).await;
    let mut tx = store.write().await.unwrap();
    let event = CallEvent {
        id: EventId::new(ulid()),
        call_id: calls[0].id.clone(),
        at: NOW,
        kind: CallEventKind::Joined,
        detail: String::new(),
    };
    tx.insert_call_event(&event).await.unwrap();
    assert_eq!(tx.prune_calls(&account, NOW.plus_millis(3000), 2).await.unwrap(), 2);
    assert_eq!(tx.prune_calls(&account, NOW.plus_millis(3000), 2).await.unwrap(), 1);
    assert_eq!(tx.call_events(&calls[0].id).await.unwrap(), []);
    tx.commit().await.unwrap();
}

async fn overdue_calls_are_open_and_old(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let requested = |call: Call| Call { state: CallState::Requested, ..call };
    let ended = Call { outcome: CallOutcome::Answered, ..call(&account, 1) };
    let calls =
        [call(&account, 0), ended, requested(call(&account, 20)), call(&account, 21), requested(call(&account, 40))];
    save(&store, &calls).await;
    let (day, minute) = (NOW.plus_millis(10_000), NOW.plus_millis(30_000));
    let overdue = store.read().await.unwrap().overdue_calls(&account, day, minute, 10).await.unwrap();
    assert_eq!(overdue, [calls[0].clone(), calls[2].clone()]);
    let first = store.read().await.unwrap().overdue_calls(&account, day, minute, 1).await.unwrap();
    assert_eq!(first, calls[..1]);
}

async fn livekit_event_is_recorded_once(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let event = |id, kind, second: i64| LiveKitEvent {
        id,
        event: "participant_joined",
        room_name: "call-1",
        participant_kind: kind,
        participant_identity: "agent-1",
        at: NOW.plus_millis(second * 1000),
    };
    let mut tx = store.write().await.unwrap();
    assert!(tx.record_livekit_event(&account, &event("EV_1", "AGENT", 1), NOW).await.unwrap());
    assert!(!tx.record_livekit_event(&account, &event("EV_1", "AGENT", 1), NOW).await.unwrap());
    assert!(tx.record_livekit_event(&account, &event("EV_2", "SIP", 2), NOW).await.unwrap());
    let agents = tx.agents_in_room(&account, "call-1").await.unwrap();
    assert_eq!(agents, [AgentJoin { identity: "agent-1".to_owned(), at: NOW.plus_millis(1000) }]);
    assert_eq!(tx.prune_livekit_events(NOW).await.unwrap(), 0);
    assert_eq!(tx.prune_livekit_events(NOW.plus_millis(1)).await.unwrap(), 2);
    tx.commit().await.unwrap();
}

on_both! {
    saved_call_is_read_in_full
    events_are_read_in_order
    handover_is_claimed_once
    oldest_calls_are_pruned_with_their_events
    overdue_calls_are_open_and_old
    livekit_event_is_recorded_once
}
