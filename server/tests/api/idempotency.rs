//! Requests with an Idempotency-Key.

use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};

use crate::harness::{TestServer, answer};

const REPLAYED: &str = "idempotency-replayed";

async fn post(server: &TestServer, path: &str, key: &str, body: &Value) -> Response {
    let request = server.client.post(format!("{}{path}", server.url)).header("idempotency-key", key);
    request.json(body).send().await.unwrap()
}

#[tokio::test]
async fn repetition_returns_the_first_response() {
    let server = TestServer::start().await;
    let body = json!({ "name": "Twilio", "sip_address": "acme.pstn.twilio.com" });
    let first = post(&server, "/api/v1/carriers", "key-1", &body).await;
    assert!(!first.headers().contains_key(REPLAYED));
    let location = first.headers()[header::LOCATION].clone();
    let created = answer(first).await.expect(201);

    let server = server.restart().await;
    let again = post(&server, "/api/v1/carriers", "key-1", &body).await;
    assert_eq!(again.headers()[REPLAYED], "true");
    assert_eq!(again.headers()[header::LOCATION], location);
    assert_eq!(again.headers()[header::CONTENT_TYPE], "application/json");
    assert_eq!(answer(again).await.expect(201), created);
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 1);

    let other_key = answer(post(&server, "/api/v1/carriers", "key-2", &body).await).await.expect(201);
    assert_ne!(other_key["id"], created["id"]);
}

#[tokio::test]
async fn other_body_with_the_same_key_is_rejected() {
    let server = TestServer::start().await;
    let bot = |name: &str| json!({ "name": name, "agent_name": "agent" });
    answer(post(&server, "/api/v1/bots", "key", &bot("One")).await).await.expect(201);
    let problem = answer(post(&server, "/api/v1/bots", "key", &bot("Two")).await).await.expect(409);
    assert_eq!(problem["code"], "idempotency_key_reused");
    assert_eq!(server.get("/api/v1/bots").await.expect(200)["total"], 1);
}

#[tokio::test]
async fn failed_request_releases_its_key() {
    let server = TestServer::start().await;
    answer(post(&server, "/api/v1/bots", "key", &json!({ "name": "One" })).await).await.expect(422);
    let corrected = json!({ "name": "One", "agent_name": "agent" });
    answer(post(&server, "/api/v1/bots", "key", &corrected).await).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_repetitions_create_one_row() {
    let server = TestServer::start().await;
    let body = json!({ "name": "One", "agent_name": "agent" });
    let requests = (0..8).map(|_| post(&server, "/api/v1/bots", "key", &body));
    for response in futures::future::join_all(requests).await {
        let status = response.status();
        assert!(status == StatusCode::CREATED || status == StatusCode::CONFLICT, "{status}");
    }
    assert_eq!(server.get("/api/v1/bots").await.expect(200)["total"], 1);
}

#[tokio::test]
async fn invalid_key_is_rejected() {
    let server = TestServer::start().await;
    let body = json!({ "name": "One", "agent_name": "agent" });
    for key in ["", &"k".repeat(256)] {
        answer(post(&server, "/api/v1/bots", key, &body).await).await.expect(400);
    }
    assert_eq!(server.get("/api/v1/bots").await.expect(200)["total"], 0);
}
