//! Calls at the SIP edge: events twice, late or missing; the journal and the live state after a crash.

use api_types::{
    input::{CallQuery, PresenceEvent},
    view::CallDetail,
};
use domain::{
    CallDirection, CallOutcome,
    edge::{CallStart, HangupCause, cac::EdgeDirection},
};
use serde_json::{Value, json};
use services::edge::calls::CALL_LEASE;

use crate::world::World;

const CALL: &str = "3c26700@192.0.2.7";

async fn receive(world: &World, event: Value) -> String {
    let event: PresenceEvent = serde_json::from_value(event).unwrap();
    world.services.edge.presence().receive(&event).await.unwrap().result
}

async fn dialog(world: &World, event: &str, code: u16) -> String {
    receive(world, json!({ "type": "dialog", "event": event, "callId": CALL, "code": code, "node": "edge-1" })).await
}

async fn register(world: &World, contact: &str, call_id: &str, cseq: u32, expires: u32) -> String {
    receive(
        world,
        json!({ "type": "register", "aor": "1001@acme.example", "contact": contact, "callId": call_id, "cseq": cseq,
                "expires": expires.to_string(), "node": "edge-1" }),
    )
    .await
}

async fn contacts(world: &World) -> Vec<String> {
    world.services.recover_edge().await.unwrap();
    let page = world.services.edge.cac().registrations(&world.admin, "", "").await.unwrap();
    page.items.into_iter().flat_map(|item| item.contacts).map(|contact| contact.uri).collect()
}

/// Opens a call as routing does, in the journal of a server that was killed, and starts the next server.
async fn admitted_before_a_crash(world: &World) {
    let (folder, _) = world.dependencies();
    let journal = folder.path().join("edge-journal");
    std::fs::create_dir_all(&journal).unwrap();
    let start = CallStart {
        call_id: CALL.to_owned(),
        direction: EdgeDirection::Inbound,
        from: "+14155550123".to_owned(),
        to: "+14155550100".to_owned(),
        carrier: None,
        did_id: None,
        bot: None,
        at: world.clock.now(),
    };
    let mut started = serde_json::to_value(&start).unwrap();
    started["kind"] = json!("started");
    started["id"] = json!(world.clock.ulid().to_string());
    let opened = json!({
        "kind": "opened", "id": world.clock.ulid().to_string(), "call_id": CALL, "dimensions": ["account_in"],
        "parties": { "direction": "inbound", "from": start.from, "to": start.to },
        "admitted_at": world.clock.now(), "expires_at": world.clock.now(),
    });
    let torn = r#"{"id":"01JDN","kind":"ended","call_id":"3c2"#;
    std::fs::write(journal.join("00000000000000000000000000.jsonl"), format!("{started}\n{opened}\n{torn}")).unwrap();
    world.services.recover_edge().await.unwrap();
    assert_eq!(std::fs::read_dir(&journal).unwrap().count(), 0);
}

async fn open_calls(world: &World) -> (usize, u32) {
    let usage = world.services.edge.cac().usage().await.unwrap();
    (usage.calls.len(), usage.channels.iter().map(|counter| counter.in_use).sum())
}

async fn call(world: &World) -> CallDetail {
    world.services.recover_edge().await.unwrap();
    let calls = world.services.calls.list(&world.admin, &CallQuery::default()).await.unwrap().items;
    assert_eq!(calls.len(), 1, "{calls:?}");
    world.services.calls.get(&world.admin, &calls[0].id).await.unwrap()
}

#[tokio::test]
async fn doubled_and_late_events_count_once() {
    let world = World::new().await;
    admitted_before_a_crash(&world).await;
    assert_eq!(open_calls(&world).await, (1, 1));
    for (event, code, result) in [
        ("start", 100, "applied"),
        ("early", 180, "repeated"),
        ("confirmed", 200, "applied"),
        ("renew", 200, "repeated"),
        ("end", 200, "applied"),
        ("end", 200, "repeated"),
        ("confirmed", 200, "out_of_order"),
        ("renew", 200, "out_of_order"),
    ] {
        assert_eq!(dialog(&world, event, code).await, result, "{event}");
    }
    assert_eq!(open_calls(&world).await, (0, 0));
    let call = call(&world).await;
    assert_eq!((call.call.direction, call.call.outcome), (CallDirection::Inbound, CallOutcome::Answered));
    assert_eq!(call.hangup_cause, Some(HangupCause::Bye));
    assert_eq!((call.call.from.as_str(), call.edge_call_id.as_deref()), ("+14155550123", Some(CALL)));
    let trace = world.services.edge.cac().trace(CALL).await.unwrap();
    let steps: Vec<&str> = trace.steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(steps, ["start", "early", "confirmed", "end", "end"]);
    let console = world.services.edge.cac().trace_of(&world.admin, &call.call.id).await.unwrap();
    assert_eq!(console, trace);
}

#[tokio::test]
async fn unanswered_call_ends_with_its_cause() {
    for (code, outcome, cause) in [
        (487, CallOutcome::Canceled, HangupCause::Cancel),
        (486, CallOutcome::Rejected, HangupCause::Reject),
        (408, CallOutcome::NoAnswer, HangupCause::NoAnswer),
        (503, CallOutcome::Failed, HangupCause::Reject),
    ] {
        let world = World::new().await;
        admitted_before_a_crash(&world).await;
        dialog(&world, "start", 100).await;
        dialog(&world, "end", code).await;
        assert_eq!(open_calls(&world).await, (0, 0));
        let call = call(&world).await;
        assert_eq!((call.call.outcome, call.hangup_cause, call.call.sip_status), (outcome, Some(cause), Some(code)));
    }
}

#[tokio::test]
async fn call_without_an_end_ends_with_its_lease() {
    let world = World::new().await;
    admitted_before_a_crash(&world).await;
    let lease = i64::try_from(CALL_LEASE.as_millis()).unwrap();
    world.clock.advance(lease - 1_000);
    dialog(&world, "renew", 200).await;
    world.clock.advance(lease - 1_000);
    world.services.lease_worker().pass().await.unwrap();
    assert_eq!(open_calls(&world).await, (1, 1));
    world.clock.advance(2_000);
    world.services.lease_worker().pass().await.unwrap();
    assert_eq!(open_calls(&world).await, (0, 0));
    let expired = call(&world).await;
    assert_eq!((expired.call.outcome, expired.hangup_cause), (CallOutcome::Unknown, Some(HangupCause::LeaseExpired)));
    dialog(&world, "end", 486).await;
    assert_eq!(open_calls(&world).await, (0, 0));
    let call = call(&world).await;
    assert_eq!((call.call.outcome, call.hangup_cause), (CallOutcome::Rejected, Some(HangupCause::Reject)));
}

#[tokio::test]
async fn reset_counts_no_call_and_its_end_releases_nothing() {
    let world = World::new().await;
    admitted_before_a_crash(&world).await;
    let reset = world.services.edge.cac().reset(Some(&world.admin)).await.unwrap();
    assert_eq!((reset.released, open_calls(&world).await), (1, (0, 0)));
    dialog(&world, "end", 200).await;
    assert_eq!(open_calls(&world).await, (0, 0));
    world.services.recover_edge().await.unwrap();
    let restarted = world.second_services().await;
    restarted.recover_edge().await.unwrap();
    assert_eq!(restarted.edge.cac().usage().await.unwrap().calls.len(), 0);
}

#[tokio::test]
async fn second_phone_stays_registered() {
    let world = World::new().await;
    let (desk, mobile) = ("<sip:1001@192.0.2.7:5060>", "<sip:1001@192.0.2.8:5062;transport=tcp>");
    assert_eq!(register(&world, desk, "desk", 1, 3600).await, "applied");
    assert_eq!(register(&world, mobile, "mobile", 1, 3600).await, "applied");
    assert_eq!(register(&world, desk, "desk", 3, 0).await, "applied");
    assert_eq!(register(&world, desk, "desk", 2, 3600).await, "out_of_order");
    assert_eq!(register(&world, desk, "desk", 3, 0).await, "repeated");
    assert_eq!(contacts(&world).await, ["sip:1001@192.0.2.8:5062;transport=tcp"]);
    assert_eq!(register(&world, mobile, "mobile", 2, 0).await, "applied");
    assert!(contacts(&world).await.is_empty());
}

#[tokio::test]
async fn event_without_its_fields_is_refused() {
    let world = World::new().await;
    for event in [
        json!({ "type": "call" }),
        json!({ "type": "dialog", "event": "start" }),
        json!({ "type": "dialog", "event": "start", "callId": "a\r\nb" }),
        json!({ "type": "dialog", "event": "paused", "callId": "a" }),
        json!({ "type": "register", "aor": "1001", "contact": "*", "callId": "a", "cseq": 1 }),
        json!({ "type": "register", "aor": "1001@a.example", "contact": "<tel:1>", "callId": "a", "cseq": 1 }),
        json!({ "type": "agent", "event": "login", "userId": "usr_1" }),
    ] {
        let parsed: PresenceEvent = serde_json::from_value(event.clone()).unwrap();
        let refused = world.services.edge.presence().receive(&parsed).await;
        assert!(matches!(refused, Err(services::Error::Invalid(_))), "{event}");
    }
}
