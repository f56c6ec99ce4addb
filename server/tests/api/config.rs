//! What workers load when a call begins.

use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::harness::{Answer, CORE_SECRET, TestServer, answer};

/// A bot with these fields, and the path of its configuration.
async fn bot(server: &TestServer, fields: Value) -> String {
    let mut body = json!({ "name": "Concierge", "answered_by": "fleet" });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    server.post("/api/v1/bots", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn get(server: &TestServer, bot_id: &str, query: &[(&str, &str)]) -> Answer {
    let query = serde_urlencoded::to_string(query).unwrap();
    let address = format!("{}/api/v1/config/{bot_id}?{query}", server.url);
    answer(reqwest::Client::new().get(address).header("X-CXB-Core-Secret", CORE_SECRET).send().await.unwrap()).await
}

async fn post(server: &TestServer, body: Value) -> Answer {
    let request = reqwest::Client::new().post(format!("{}/api/v1/config", server.url));
    answer(request.header("X-CXB-Core-Secret", CORE_SECRET).json(&body).send().await.unwrap()).await
}

fn allowed(names: &[&str], transfer: &[&str]) -> Value {
    json!({ "enabled": true, "allowed_headers": names, "transfer_passthrough_headers": transfer })
}

#[tokio::test]
async fn answer_has_the_configuration_and_its_defaults() {
    let server = TestServer::start().await;
    let config =
        json!({ "system_prompt": "You are a concierge.", "voice": { "id": 7 }, "max_call_duration_seconds": 90 });
    let bot_id = bot(&server, json!({ "runtime_config": config })).await;
    let answered = get(&server, &bot_id, &[("caller_id", "+14155550100"), ("stream_id", "s-1")]).await.expect(200);
    assert_eq!(answered["bot_id"], json!(bot_id));
    assert_eq!((&answered["system_prompt"], &answered["voice"]["id"]), (&config["system_prompt"], &json!(7)));
    assert_eq!((&answered["timezone"], &answered["min_words_interruption"]), (&json!("UTC"), &json!(3)));
    assert_eq!((&answered["max_call_duration_seconds"], &answered["opening_message"]), (&json!(90), &json!("")));
    assert_eq!(answered["sip_context"], json!({ "headers": {}, "variables": {}, "transfer_headers": {} }));
    let again = post(&server, json!({ "bot_id": bot_id })).await.expect(200);
    assert_ne!(answered["session_id"], again["session_id"], "each request has a session of its own");
    assert!(!answered["session_id"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn default_duration_is_600_seconds() {
    let server = TestServer::start().await;
    let answered = get(&server, &bot(&server, json!({})).await, &[]).await.expect(200);
    assert_eq!(answered["max_call_duration_seconds"], 600);
    assert_eq!((&answered["tools"], &answered["transfer_numbers"]), (&json!([]), &json!({})));
}

#[tokio::test]
async fn headers_of_the_connected_event_become_variables() {
    let server = TestServer::start().await;
    let headers = allowed(&["X-Customer-ID", "User-to-User"], &["X-Customer-ID"]);
    let bot_id = bot(&server, json!({ "sip_header_config": headers })).await;
    let event = json!({
        "_campaign_session_id": "session-7",
        "sip_candidate_headers": { "sip.h.x-customer-id": "C-7", "sip.h.user-to-user": "00", "X-Other": "no", "Via": "no" },
    });
    let expected = json!({
        "headers": { "X-Customer-ID": "C-7", "User-to-User": "00" },
        "variables": { "sip_header_x_customer_id": "C-7", "sip_header_user_to_user": "00" },
        "transfer_headers": { "X-Customer-ID": "C-7" },
    });
    let got = get(&server, &bot_id, &[("connected_event", &event.to_string())]).await.expect(200);
    assert_eq!((&got["sip_context"], &got["session_id"]), (&expected, &json!("session-7")));
    let posted = post(&server, json!({ "bot_id": bot_id, "connected_event": event })).await.expect(200);
    assert_eq!((&posted["sip_context"], &posted["session_id"]), (&expected, &json!("session-7")));
}

#[tokio::test]
async fn posted_headers_take_precedence_over_those_of_the_event() {
    let server = TestServer::start().await;
    let bot_id = bot(&server, json!({ "sip_header_config": allowed(&["X-A"], &[]) })).await;
    let event = json!({ "sip_candidate_headers": { "X-A": "event" } });
    let headers = |headers: Value| json!({ "bot_id": bot_id, "connected_event": event, "headers": headers });
    let variables = async |body: Value| post(&server, body).await.expect(200)["sip_context"]["variables"].clone();
    assert_eq!(variables(headers(json!({ "x-a": "posted" }))).await, json!({ "sip_header_x_a": "posted" }));
    assert_eq!(variables(headers(json!({}))).await, json!({}));
    assert_eq!(variables(headers(json!(null))).await, json!({ "sip_header_x_a": "event" }));
}

#[tokio::test]
async fn values_are_cut_and_have_no_line_break() {
    let server = TestServer::start().await;
    let bot_id = bot(&server, json!({ "sip_header_config": allowed(&["X-A"], &["X-A"]) })).await;
    let value = format!("a\r\nX-Evil: 1\r\n{}", "é".repeat(400));
    let body = json!({ "bot_id": bot_id, "headers": { "X-A": value } });
    let answered = post(&server, body).await.expect(200);
    for map in ["headers", "transfer_headers"] {
        let sent = answered["sip_context"][map]["X-A"].as_str().unwrap();
        assert!(sent.starts_with("a X-Evil: 1 é") && sent.chars().count() == 256, "{sent:?}");
    }
}

#[tokio::test]
async fn malformed_connected_event_counts_as_empty() {
    let server = TestServer::start().await;
    let bot_id = bot(&server, json!({})).await;
    for event in ["{", "[1]", "nonsense", "null", "\"text\""] {
        get(&server, &bot_id, &[("connected_event", event)]).await.expect(200);
        post(&server, json!({ "bot_id": bot_id, "connected_event": event })).await.expect(200);
    }
    for event in [json!([1]), json!(7), json!(null)] {
        post(&server, json!({ "bot_id": bot_id, "connected_event": event })).await.expect(200);
    }
}

#[tokio::test]
async fn wrong_secret_is_refused_before_the_bot_is_looked_up() {
    let server = TestServer::start().await;
    let bot_id = bot(&server, json!({})).await;
    let address = |id: &str| format!("{}/api/v1/config/{id}", server.url);
    let client = reqwest::Client::new();
    for id in [bot_id.as_str(), "bot_unknown"] {
        let none = client.get(address(id)).send().await.unwrap();
        assert_eq!(answer(none).await.expect(403)["code"], "wrong_core_secret");
        let wrong = client.get(address(id)).header("X-CXB-Core-Secret", "wrong").send().await.unwrap();
        answer(wrong).await.expect(403);
    }
    // A session does not replace the secret.
    server.post("/api/v1/config", json!({ "bot_id": bot_id })).await.expect(403);
}

#[tokio::test]
async fn unknown_bot_is_404() {
    let server = TestServer::start().await;
    for id in ["bot_01hf7yat000000000000000000", "car_01hf7yat000000000000000000", "nobody", "%00", "😀"] {
        get(&server, id, &[]).await.expect(404);
        post(&server, json!({ "bot_id": id })).await.expect(404);
    }
}

/// Neither today nor yesterday, so that no hour of it is now in any time zone.
fn another_day() -> &'static str {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
    // 1 January 1970 was a Thursday.
    ["thu", "fri", "sat", "sun", "mon", "tue", "wed"][usize::try_from((days + 3) % 7).unwrap()]
}

#[tokio::test]
async fn bot_does_not_answer_outside_its_active_hours() {
    let server = TestServer::start().await;
    let hours = json!({ "enabled": true, "days": [another_day()], "start_time": "22:00", "end_time": "06:00" });
    let config = json!({ "timezone": "Asia/Kolkata", "active_hours": hours });
    let bot_id = bot(&server, json!({ "runtime_config": config })).await;
    let refused = get(&server, &bot_id, &[]).await.expect(503);
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.starts_with("outside_active_hours: ") && detail.contains("Asia/Kolkata"), "{detail}");
    assert_eq!(refused["code"], "outside_active_hours");
    post(&server, json!({ "bot_id": bot_id })).await.expect(503);
    let address = format!("{}/api/v1/config/{bot_id}", server.url);
    let response = reqwest::Client::new().get(address).header("X-CXB-Core-Secret", CORE_SECRET).send().await.unwrap();
    let seconds: u32 = response.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((86_400..7 * 86_400).contains(&seconds), "{seconds}");

    let always = json!({ "runtime_config": { "active_hours": { "enabled": false } } });
    server.put(&format!("/api/v1/bots/{bot_id}"), always).await.expect(200);
    get(&server, &bot_id, &[]).await.expect(200);
}

#[tokio::test]
async fn bad_input_has_a_clear_error() {
    let server = TestServer::start().await;
    let bot_id = bot(&server, json!({})).await;
    let long = "1".repeat(300);
    assert_eq!(get(&server, &bot_id, &[("caller_id", &long)]).await.errors(422)[0].0, "caller_id");
    assert_eq!(get(&server, &bot_id, &[("stream_id", "a\r\nb")]).await.errors(422)[0].0, "stream_id");
    get(&server, &bot_id, &[("caller_id", "٠١٢٣٤٥٦٧٨٩")]).await.expect(200);
    assert_eq!(post(&server, json!({})).await.errors(422)[0].0, "bot_id");
    post(&server, json!({ "bot_id": bot_id, "headers": { "X-A": {} } })).await.expect(400);
    post(&server, json!({ "bot_id": bot_id, "headers": ["X-A"] })).await.expect(400);
    post(&server, json!({ "bot_id": bot_id, "headers": { "X-A": "x".repeat(70_000) } })).await.expect(413);
    let nearly = json!({ "bot_id": bot_id, "headers": { "X-A": "x".repeat(60_000) } });
    post(&server, nearly).await.expect(200);
    let request = reqwest::Client::new().request(Method::POST, format!("{}/api/v1/config", server.url));
    let text = request.header("X-CXB-Core-Secret", CORE_SECRET).body("{}").send().await.unwrap();
    answer(text).await.expect(415);
}
