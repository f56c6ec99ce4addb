//! Calls of bots that the fleet answers: handed over once, however often LiveKit reports the caller.

use fleet_fake::{Fake, Fault, Route};
use serde_json::json;

use crate::{
    calls::{event, send, signature},
    harness::{Answer, CORE_SECRET, TestServer},
};

/// A server with a number whose bot is answered by the fleet.
async fn server() -> TestServer {
    let server = TestServer::start().await;
    let bot = server.post("/api/v1/bots", json!({ "name": "Concierge", "answered_by": "fleet" })).await.expect(201);
    let carrier = server.carrier(json!({})).await;
    let dids = format!("/api/v1/carriers/{}/dids", carrier["id"].as_str().unwrap());
    server.post(&dids, json!({ "number": "+14155551234", "bot_id": bot["id"] })).await.expect(201);
    server
}

async fn use_fleet(server: &TestServer, fleet: &Fake) {
    server.put("/api/v1/settings/fleet", json!({ "core_fleet": [fleet.url()] })).await.expect(200);
}

/// LiveKit's report that the caller has joined; the same each time, as LiveKit repeats it.
async fn joined(server: &TestServer) -> Answer {
    let participant = json!({ "sid": "PA_1", "identity": "sip_+14155550123", "kind": "SIP",
                              "attributes": { "sip.callID": "SCL_1", "sip.callStatus": "ringing", "sip.ruleID": "SDR_1",
                                              "sip.phoneNumber": "+14155550123",
                                              "sip.trunkPhoneNumber": "+14155551234" } });
    let body = event("EV_1", "participant_joined", "call-_1", participant);
    send(server, &body, Some(&signature(&body, "devkey", "secret"))).await
}

async fn kinds(server: &TestServer) -> Vec<String> {
    let calls = server.get("/api/v1/calls").await.expect(200);
    let id = calls["items"][0]["id"].as_str().unwrap().to_owned();
    let call = server.get(&format!("/api/v1/calls/{id}")).await.expect(200);
    let events = call["events"].as_array().unwrap();
    events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn caller_is_handed_over_once() {
    let (server, fleet) = (server().await, Fake::start().await);
    use_fleet(&server, &fleet).await;
    let answer = joined(&server).await.expect(200);
    assert_eq!(answer["status"], "accepted");
    for _ in 0..3 {
        assert_eq!(joined(&server).await.expect(200), json!({ "ok": true }));
    }
    let received = fleet.received(Route::Dispatch);
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].secret.as_deref(), Some(CORE_SECRET));
    assert_eq!(
        received[0].body,
        json!({ "room_name": "call-_1", "caller_number": "+14155550123", "dialed_number": "+14155551234",
                "call_id": "SCL_1" })
    );
    assert_eq!(kinds(&server).await, ["joined", "ringing", "handed_over"]);
}

#[tokio::test]
async fn without_a_fleet_livekit_is_to_repeat_the_event() {
    let server = server().await;
    assert_eq!(joined(&server).await.expect(503)["detail"], "No fleet");
    let fleet = Fake::start().await;
    fleet.report(10, 0, 10);
    use_fleet(&server, &fleet).await;
    assert_eq!(joined(&server).await.expect(503)["detail"], "No healthy fleet");
    assert!(fleet.received(Route::Dispatch).is_empty());
    let free = Fake::start().await;
    use_fleet(&server, &free).await;
    assert_eq!(joined(&server).await.expect(200)["status"], "accepted");
    assert_eq!(kinds(&server).await, ["joined", "ringing", "handover_failed", "handover_failed", "handed_over"]);
}

#[tokio::test]
async fn refusal_is_relayed_and_asked_again() {
    let (server, fleet) = (server().await, Fake::start().await);
    use_fleet(&server, &fleet).await;
    for (status, body) in [(429, r#"{"error":"at capacity"}"#), (404, r#"{"error":"no bot for DID"}"#), (503, "busy")] {
        fleet.fail(Route::Dispatch, Fault::Answer { status, body: body.to_owned() });
        let refused = joined(&server).await.expect(status);
        let expected = serde_json::from_str(body).unwrap_or(json!({ "error": body }));
        assert_eq!(refused, expected, "{status}");
    }
    assert_eq!(joined(&server).await.expect(200)["status"], "accepted");
    assert_eq!(fleet.received(Route::Dispatch).len(), 4);
}

#[tokio::test]
async fn call_with_a_lost_answer_is_not_handed_over_again() {
    let (server, fleet) = (server().await, Fake::start().await);
    use_fleet(&server, &fleet).await;
    fleet.fail(Route::Dispatch, Fault::Drop);
    assert_eq!(joined(&server).await.expect(502)["code"], "fleet_failed");
    assert_eq!(joined(&server).await.expect(502)["code"], "fleet_failed");
    assert_eq!(fleet.received(Route::Dispatch).len(), 1);
    assert_eq!(kinds(&server).await, ["joined", "ringing", "handover_failed"]);
}

#[tokio::test]
async fn bot_with_an_agent_is_not_handed_over() {
    let (server, fleet) = (server().await, Fake::start().await);
    use_fleet(&server, &fleet).await;
    let bots = server.get("/api/v1/bots").await.expect(200);
    let path = format!("/api/v1/bots/{}", bots["items"][0]["id"].as_str().unwrap());
    server.put(&path, json!({ "answered_by": "agent", "agent_name": "concierge" })).await.expect(200);
    assert_eq!(joined(&server).await.expect(200), json!({ "ok": true }));
    assert_eq!(fleet.received(Route::Dispatch), [] as [fleet_fake::Received; 0]);
}
