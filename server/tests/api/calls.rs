//! Calls, and LiveKit's webhooks: those of a real livekit-server, signed anew, and made-up ones.

use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jsonwebtoken::{EncodingKey, Header, encode, get_current_timestamp};
use reqwest::{Client, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{Answer, TestServer, answer};

/// The bodies of ten webhooks, in the order of their arrival.
fn recorded() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/livekit-webhooks");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

pub fn signature(body: &str, key: &str, secret: &str) -> String {
    let now = get_current_timestamp();
    let hash = BASE64.encode(Sha256::digest(body.as_bytes()));
    let claims = json!({ "iss": key, "nbf": now, "exp": now + 300, "sha256": hash });
    encode(&Header::default(), &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

/// As LiveKit sends it: without a session, and without `Bearer`.
pub async fn send(server: &TestServer, body: &str, authorization: Option<&str>) -> Answer {
    let request = Client::new()
        .post(format!("{}/api/v1/livekit/webhook", server.url))
        .header(header::CONTENT_TYPE, "application/webhook+json")
        .body(body.to_owned());
    let request = match authorization {
        Some(value) => request.header(header::AUTHORIZATION, value),
        None => request,
    };
    answer(request.send().await.unwrap()).await
}

async fn receive(server: &TestServer, body: &str) {
    let signature = signature(body, "devkey", "secret");
    assert_eq!(send(server, body, Some(&signature)).await.expect(200), json!({ "ok": true }));
}

async fn calls(server: &TestServer, query: &str) -> Vec<Value> {
    let page = server.get(&format!("/api/v1/calls?{query}")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

async fn call(server: &TestServer, query: &str) -> Value {
    let calls = calls(server, query).await;
    assert_eq!(calls.len(), 1, "{calls:#?}");
    server.get(&format!("/api/v1/calls/{}", calls[0]["id"].as_str().unwrap())).await.expect(200)
}

fn kinds(call: &Value) -> Vec<&str> {
    call["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

/// A participant's event in a room of its own.
pub fn event(id: &str, kind: &str, room: &str, participant: Value) -> String {
    json!({ "id": id, "event": kind, "createdAt": "1795731562", "room": { "name": room }, "participant": participant })
        .to_string()
}

fn outbound(status: &str, reason: &str) -> Value {
    json!({ "sid": "PA_out", "identity": "sip_+14155550199", "kind": "SIP", "disconnectReason": reason,
            "attributes": { "sip.callID": "SCL_out", "sip.callStatus": status, "sip.phoneNumber": "+14155550199",
                            "sip.trunkPhoneNumber": "+14155551234" } })
}

#[tokio::test]
async fn recorded_webhooks_complete_their_calls() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = server.carrier(json!({})).await;
    let dids = format!("/api/v1/carriers/{}/dids", carrier["id"].as_str().unwrap());
    let did = server.post(&dids, json!({ "number": "+14155551234", "bot_id": bot })).await.expect(201);
    for body in recorded() {
        receive(&server, &body).await;
    }
    let inbound = call(&server, "direction=inbound").await;
    assert_eq!((&inbound["state"], &inbound["outcome"]), (&json!("ended"), &json!("answered")));
    assert_eq!((&inbound["from"], &inbound["to"]), (&json!("+14155550123"), &json!("+14155551234")));
    assert_eq!((&inbound["carrier"]["id"], &inbound["carrier"]["name"]), (&carrier["id"], &json!("Twilio")));
    assert_eq!((&inbound["bot"]["id"], &inbound["did_id"]), (&json!(bot), &did["id"]));
    assert_eq!(inbound["livekit_call_id"], "SCL_inbound000001");
    assert_eq!((&inbound["trunk_id"], &inbound["rule_id"]), (&json!("ST_trunk0000001"), &json!("SDR_rule000001")));
    assert_eq!((&inbound["carrier_exists"], &inbound["bot_exists"]), (&json!(true), &json!(true)));
    assert_eq!(inbound["failure"], json!(null));
    assert_eq!(kinds(&inbound), ["joined", "ringing", "agent_joined", "answered", "ended"]);
    assert!(inbound["duration_seconds"].is_i64(), "{inbound:#}");

    let outbound = call(&server, "direction=outbound").await;
    assert_eq!((&outbound["state"], &outbound["outcome"]), (&json!("ended"), &json!("canceled")));
    assert_eq!((&outbound["from"], &outbound["to"]), (&json!("+14155551234"), &json!("+14155550199")));
    assert_eq!(outbound["disconnect_reason"], "CLIENT_INITIATED");
    assert!(outbound["failure"].as_str().unwrap().contains("before it was answered"), "{outbound:#}");
}

#[tokio::test]
async fn repeated_events_change_nothing() {
    let server = TestServer::start().await;
    for body in recorded() {
        receive(&server, &body).await;
    }
    let before = call(&server, "direction=inbound").await;
    for body in recorded().iter().rev() {
        receive(&server, body).await;
    }
    assert_eq!(call(&server, "direction=inbound").await, before);
    assert_eq!(calls(&server, "").await.len(), 2);
}

#[tokio::test]
async fn events_out_of_order_lead_to_the_same_end() {
    let server = TestServer::start().await;
    for body in recorded().iter().rev() {
        receive(&server, body).await;
    }
    let inbound = call(&server, "direction=inbound").await;
    assert_eq!((&inbound["state"], &inbound["outcome"]), (&json!("ended"), &json!("answered")));
    let outbound = call(&server, "direction=outbound").await;
    assert_eq!((&outbound["state"], &outbound["outcome"]), (&json!("ended"), &json!("canceled")));
}

#[tokio::test]
async fn end_of_an_outbound_call_is_explained() {
    for (status, reason, outcome) in [
        ("ringing", "USER_UNAVAILABLE", "no_answer"),
        ("ringing", "USER_REJECTED", "rejected"),
        ("dialing", "SIP_TRUNK_FAILURE", "failed"),
        ("active", "CLIENT_INITIATED", "answered"),
    ] {
        let server = TestServer::start().await;
        receive(&server, &event("EV_1", "participant_joined", "dialout-1", outbound("dialing", ""))).await;
        assert_eq!(call(&server, "outcome=in_progress").await["state"], "dialing");
        receive(&server, &event("EV_2", "participant_left", "dialout-1", outbound(status, reason))).await;
        let call = call(&server, &format!("outcome={outcome}")).await;
        assert_eq!(call["disconnect_reason"], reason);
        assert_eq!(call["failure"].is_null(), outcome == "answered", "{call:#}");
    }
}

#[tokio::test]
async fn closed_room_ends_its_calls() {
    let server = TestServer::start().await;
    receive(&server, &event("EV_1", "participant_joined", "dialout-1", outbound("dialing", ""))).await;
    receive(&server, &event("EV_2", "room_finished", "dialout-1", Value::Null)).await;
    let call = call(&server, "outcome=unknown").await;
    assert_eq!(kinds(&call), ["joined", "room_finished"]);
}

#[tokio::test]
async fn unsigned_webhooks_are_rejected() {
    let server = TestServer::start().await;
    let body = recorded().remove(1);
    let wrong_hash = signature("{}", "devkey", "secret");
    let session = server.client.post(format!("{}/api/v1/livekit/webhook", server.url)).body(body.clone());
    assert_eq!(answer(session.send().await.unwrap()).await.expect(401)["detail"], "Missing auth");
    for (authorization, detail) in [
        (None, "Missing auth"),
        (Some(""), "Missing auth"),
        (Some(" "), "Missing auth"),
        (Some("Bearer"), "Invalid signature"),
        (Some("Bearer x.y.z"), "Invalid signature"),
        (Some("Basic ZGV2a2V5OnNlY3JldA=="), "Invalid signature"),
        (Some(signature(&body, "devkey", "wrong").as_str()), "Invalid signature"),
        (Some(signature(&body, "other", "secret").as_str()), "Invalid signature"),
        (Some(wrong_hash.as_str()), "Invalid signature"),
    ] {
        let problem = send(&server, &body, authorization).await.expect(401);
        assert_eq!(problem["detail"], detail, "{authorization:?}");
    }
    assert_eq!(calls(&server, "").await, [] as [Value; 0]);
    let bearer = format!("Bearer {}", signature(&body, "devkey", "secret"));
    send(&server, &body, Some(&bearer)).await.expect(200);
    assert_eq!(calls(&server, "").await.len(), 1);
}

#[tokio::test]
async fn unknown_events_fields_and_names_are_accepted() {
    let server = TestServer::start().await;
    let participant = json!({ "sid": "PA_1", "identity": "sip_anonymous", "kind": "SIP", "state": "IN_THE_FUTURE",
                              "permission": { "canFly": true }, "disconnectReason": "BECAUSE",
                              "attributes": { "sip.callID": "SCL_1", "sip.ruleID": "SDR_1", "sip.callStatus": "humming" } });
    receive(&server, &event("EV_1", "participant_joined", "call-1", participant.clone())).await;
    receive(&server, &event("EV_2", "participant_teleported", "call-1", participant.clone())).await;
    receive(&server, &event("EV_3", "participant_left", "call-1", participant)).await;
    let call = call(&server, "number=ANONYMOUS").await;
    assert_eq!((&call["outcome"], &call["disconnect_reason"]), (&json!("unknown"), &json!("BECAUSE")));
    for body in ["", "{}", "[]", "null", "not JSON", r#"{"event":"room_started"}"#] {
        send(&server, body, Some(&signature(body, "devkey", "secret"))).await.expect(400);
    }
}

#[tokio::test]
async fn bodies_of_64_kib_are_accepted_up_to_the_limit() {
    let server = TestServer::start().await;
    let attributes: serde_json::Map<String, Value> =
        (0..64).map(|number| (format!("sip.h.x-{number}"), json!("v".repeat(1024)))).collect();
    let participant = json!({ "sid": "PA_1", "identity": "sip_+14155550123", "kind": "SIP", "attributes": attributes });
    let body = event("EV_1", "participant_joined", "call-1", participant.clone());
    assert!(body.len() > 64 * 1024);
    receive(&server, &body).await;
    assert_eq!(call(&server, "number=%2B14155550123").await["direction"], "inbound");
    let long = event("EV_2", "participant_joined", &"x".repeat(600 * 1024), participant);
    let refused = send(&server, &long, Some(&signature(&long, "devkey", "secret"))).await;
    assert_eq!(refused.expect(413)["code"], "too_large");
}

#[tokio::test]
async fn calls_are_filtered_and_paged() {
    let server = TestServer::start().await;
    for number in 0..5 {
        let participant = json!({ "sid": format!("PA_{number}"), "identity": "sip_x", "kind": "SIP",
                                  "attributes": { "sip.callID": format!("SCL_{number}"), "sip.callStatus": "ringing",
                                                  "sip.phoneNumber": format!("+1415555010{number}") } });
        let room = format!("call-{number}");
        receive(&server, &event(&format!("EV_{number}"), "participant_joined", &room, participant)).await;
    }
    let first = server.get("/api/v1/calls?limit=2").await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = server.get(&format!("/api/v1/calls?limit=2&cursor={cursor}")).await.expect(200);
    let numbers = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|call| call["from"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(numbers(&first), ["+14155550104", "+14155550103"]);
    assert_eq!(numbers(&second), ["+14155550102", "+14155550101"]);
    for spelling in ["%2B14155550103", "14155550103", "+1%20(415)%20555-0103", "0014155550103"] {
        assert_eq!(calls(&server, &format!("number={spelling}")).await.len(), 1, "{spelling}");
    }
    for (query, count) in [
        ("direction=inbound", 5),
        ("direction=outbound", 0),
        ("outcome=in_progress", 5),
        ("outcome=failed&direction=inbound", 0),
        ("from=2020-01-01", 5),
        ("to=2020-01-01", 0),
        ("carrier=car_01hf7yat000000000000000000", 0),
        ("number=&carrier=&bot=&direction=&outcome=&from=&to=", 5),
    ] {
        assert_eq!(calls(&server, query).await.len(), count, "{query}");
    }
    let long = format!("number={}", "1".repeat(300));
    for (query, field, code) in [
        (long.as_str(), "number", "too_long"),
        ("number=1%0D%0A2", "number", "unprintable_character"),
        ("direction=sideways", "direction", "unknown_direction"),
        ("outcome=busy", "outcome", "unknown_outcome"),
        ("carrier=1", "carrier", "bad_id"),
        ("cursor=!!", "cursor", "bad_cursor"),
    ] {
        let errors = server.get(&format!("/api/v1/calls?{query}")).await.errors(422);
        assert_eq!(errors, [(field.to_owned(), code.to_owned())], "{query}");
    }
    // Digits of other scripts are no phone number, and nothing is called so.
    assert!(calls(&server, "number=%D9%A1%D9%A2%D9%A3").await.is_empty());
    server.get("/api/v1/calls/call_01hf7yat000000000000000000").await.expect(404);
}

#[tokio::test]
async fn retention_is_changed_by_administrators() {
    let mut server = TestServer::start().await;
    let path = "/api/v1/settings/calls";
    assert_eq!(server.get(path).await.expect(200), json!({ "retention_days": 90 }));
    assert_eq!(server.put(path, json!({ "retention_days": 7 })).await.expect(200), json!({ "retention_days": 7 }));
    assert_eq!(server.put(path, json!({})).await.expect(200), json!({ "retention_days": 7 }));
    let refused = server.put(path, json!({ "retention_days": 0 })).await.errors(422);
    assert_eq!(refused, [("retention_days".to_owned(), "out_of_range".to_owned())]);
    server.become_viewer().await;
    server.put(path, json!({ "retention_days": 8 })).await.expect(403);
    assert_eq!(server.get(path).await.expect(200), json!({ "retention_days": 7 }));
}
