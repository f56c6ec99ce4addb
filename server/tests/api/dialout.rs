use std::time::Duration;

use fleet_fake::{Fake, Fault, Route};
use reqwest::{RequestBuilder, Response, header};
use serde_json::{Value, json};

use crate::{
    calls::{event, send, signature},
    harness::{Answer, CORE_SECRET, TestServer, answer, id},
};

const DIALOUT: &str = "/api/v1/sip/dialout";

/// A server with a synced carrier, its number, a bot and a fleet of one server.
struct Line {
    server: TestServer,
    fake: Fake,
    bot: String,
}

impl Line {
    async fn new(settings: Value) -> Self {
        let server = TestServer::start().await;
        let mut fields = json!({ "destination_country": "US", "outbound_burst": 1000, "outbound_channels": 100 });
        for (name, value) in settings.as_object().expect("settings") {
            fields[name] = value.clone();
        }
        let (carrier, bot) = (id(&server.carrier(fields).await), server.bot("Concierge").await);
        let did = json!({ "number": "+14155550100", "bot_id": bot });
        server.post(&format!("/api/v1/carriers/{carrier}/dids"), did).await.expect(201);
        server.synced(&carrier).await;
        let fake = Fake::start().await;
        fake.report(100, 100, 0);
        let line = Self { server, fake, bot };
        line.set_fleet(json!([line.fake.url()])).await;
        line
    }

    async fn set_fleet(&self, core_fleet: Value) {
        self.server.put("/api/v1/settings/fleet", json!({ "core_fleet": core_fleet })).await.expect(200);
    }

    fn body(&self, fields: Value) -> Value {
        let mut body = json!({ "bot_id": self.bot, "to_number": "+14155550123" });
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        body
    }

    async fn dial(&self, fields: Value) -> Answer {
        self.server.post(DIALOUT, self.body(fields)).await
    }

    fn request(&self, fields: Value) -> RequestBuilder {
        self.server.client.post(format!("{}{DIALOUT}", self.server.url)).json(&self.body(fields))
    }

    async fn with_key(&self, key: &str, fields: Value) -> Response {
        self.request(fields).header("Idempotency-Key", key).send().await.unwrap()
    }

    fn dialed(&self) -> Vec<Value> {
        self.fake.received(Route::Dialout).into_iter().map(|received| received.body).collect()
    }
}

fn refusal(status: u16, error: &str) -> Fault {
    Fault::Answer { status, body: json!({ "error": error }).to_string() }
}

#[tokio::test]
async fn answer_of_the_fleet_is_passed_on() {
    let line = Line::new(json!({})).await;
    let placed = line.dial(json!({ "variables": { "customer_name": "Ada" } })).await.expect(200);
    assert_eq!(placed, json!({ "status": "accepted", "call_id": "call-1", "room_name": "dialout-call-1" }));
    let expected = json!({
        "bot_id": line.bot, "to_number": "+14155550123", "from_number": "+14155550100",
        "connected_event": { "customer_name": "Ada" }, "config_url": format!("{}/api/v1/config", line.server.url),
    });
    assert_eq!(line.dialed(), [expected]);
    assert_eq!(line.fake.received(Route::Dialout)[0].secret.as_deref(), Some(CORE_SECRET));
}

#[tokio::test]
async fn each_refusal_has_its_status_and_code() {
    let line = Line::new(json!({})).await;
    let refused = async |fields: Value, status: u16, code: &str| {
        let problem = line.dial(fields).await.expect(status);
        assert_eq!(problem["code"], code, "{problem:#}");
        problem
    };
    let both = json!({ "variables": {}, "connected_event": {} });
    refused(both.clone(), 422, "invalid_input").await;
    refused(json!({ "bot_id": "bot_01hf7yat000000000000000000" }), 404, "not_found").await;
    refused(json!({ "bot_id": "nobody" }), 404, "not_found").await;
    refused(json!({ "to_number": "911" }), 422, "emergency_number").await;
    refused(json!({ "to_number": "1".repeat(300) }), 422, "invalid_input").await;
    refused(json!({ "to_number": "+1415555\u{660}123" }), 422, "invalid_input").await;
    refused(json!({ "from_number": "+14155550199" }), 422, "invalid_input").await;
    refused(json!({ "variables": [] }), 422, "invalid_input").await;
    line.set_fleet(json!([{ "url": "http://127.0.0.1:9" }])).await;
    let none = refused(both.clone(), 503, "no_healthy_fleet").await;
    assert_eq!(none["detail"], "No healthy fleet server available");
    line.set_fleet(json!([])).await;
    refused(both, 503, "no_fleet").await;
    assert!(line.dialed().is_empty());
}

#[tokio::test]
async fn refusal_of_the_fleet_keeps_status_and_error() {
    let line = Line::new(json!({})).await;
    for (status, error) in [(403, "Invalid core secret"), (404, "bot not found"), (429, "at capacity"), (500, "oops")] {
        line.fake.fail(Route::Dialout, refusal(status, error));
        let problem = line.dial(json!({})).await.expect(status);
        assert_eq!((&problem["code"], &problem["detail"]), (&json!("fleet_refused"), &json!(error)));
    }
    line.fake.fail(Route::Dialout, Fault::Drop);
    assert_eq!(line.dial(json!({})).await.expect(502)["code"], "outcome_unknown");
    assert_eq!(line.dialed().len(), 5, "nothing was repeated");
}

#[tokio::test]
async fn pacing_names_its_limit_and_the_wait() {
    let line = Line::new(json!({ "outbound_cps": 0.5, "outbound_burst": 1 })).await;
    line.dial(json!({})).await.expect(200);
    let response = line.request(json!({})).send().await.unwrap();
    let wait: u64 = response.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    let problem = answer(response).await.expect(429);
    assert_eq!(problem["code"], "rate_limited");
    assert!(problem["detail"].as_str().unwrap().contains("0.5 calls per second"), "{problem:#}");

    let line = Line::new(json!({ "outbound_channels": 1 })).await;
    line.dial(json!({})).await.expect(200);
    let response = line.request(json!({})).send().await.unwrap();
    assert!(response.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(answer(response).await.expect(429)["code"], "channels_busy");
}

#[tokio::test]
async fn repetition_gets_the_first_answer() {
    let line = Line::new(json!({})).await;
    let first = answer(line.with_key("a", json!({})).await).await.expect(200);
    let again = line.with_key("a", json!({})).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(answer(again).await.expect(200), first);
    let other = answer(line.with_key("a", json!({ "to_number": "+14155550124" })).await).await.expect(409);
    assert_eq!(other["code"], "idempotency_key_reused");
    assert_eq!(line.dialed().len(), 1);
}

#[tokio::test]
async fn repetition_after_a_failure_of_the_fleet_is_not_dialed() {
    let line = Line::new(json!({})).await;
    for (key, fault, status) in [("lost", Fault::Drop, 502), ("busy", refusal(400, "SIP 486"), 400)] {
        line.fake.fail(Route::Dialout, fault);
        let first = answer(line.with_key(key, json!({})).await).await.expect(status);
        let again = line.with_key(key, json!({})).await;
        assert_eq!(again.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(answer(again).await.expect(status), first);
    }
    assert_eq!(line.dialed().len(), 2);
}

#[tokio::test]
async fn key_of_an_unasked_request_can_be_used_again() {
    let line = Line::new(json!({})).await;
    line.set_fleet(json!([])).await;
    answer(line.with_key("a", json!({})).await).await.expect(503);
    line.set_fleet(json!([line.fake.url()])).await;
    answer(line.with_key("a", json!({})).await).await.expect(200);
}

#[tokio::test]
async fn report_after_a_lost_answer_completes_the_call() {
    let line = Line::new(json!({})).await;
    line.fake.fail(Route::Dialout, Fault::Drop);
    line.dial(json!({})).await.expect(502);
    let participant = json!({ "sid": "PA_1", "identity": "sip_+14155550123", "kind": "SIP",
                              "attributes": { "sip.callStatus": "ringing", "sip.phoneNumber": "+14155550123",
                                              "sip.trunkPhoneNumber": "+14155550100" } });
    let report = async |id: &str, sid: &str| {
        let mut participant = participant.clone();
        participant["sid"] = json!(sid);
        let body = event(id, "participant_joined", &format!("dialout-{sid}"), participant);
        send(&line.server, &body, Some(&signature(&body, "devkey", "secret"))).await.expect(200);
    };
    let calls = async || line.server.get("/api/v1/calls").await.expect(200)["items"].as_array().unwrap().clone();
    report("EV_1", "PA_1").await;
    let completed = calls().await;
    assert_eq!(completed.len(), 1, "{completed:#?}");
    assert_eq!((&completed[0]["state"], &completed[0]["bot"]["id"]), (&json!("ringing"), &json!(line.bot)));

    for _ in 0..2 {
        line.fake.fail(Route::Dialout, Fault::Drop);
        line.dial(json!({})).await.expect(502);
    }
    report("EV_2", "PA_2").await;
    assert_eq!(calls().await.len(), 4, "which of two requests is meant is not known");
}

#[tokio::test]
async fn repetition_during_the_first_request_is_refused() {
    let line = Line::new(json!({})).await;
    line.fake.fail(Route::Dialout, Fault::Delay(Duration::from_millis(600)));
    let (first, second) = tokio::join!(line.with_key("a", json!({})), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        line.with_key("a", json!({})).await
    });
    answer(first).await.expect(200);
    assert_eq!(answer(second).await.expect(409)["code"], "request_in_progress");
    assert_eq!(line.dialed().len(), 1);
}

#[tokio::test]
async fn config_url_is_the_address_of_the_request() {
    let line = Line::new(json!({})).await;
    let dialed = async |headers: &[(&str, &str)]| {
        let request =
            headers.iter().fold(line.request(json!({})), |request, (name, value)| request.header(*name, *value));
        answer(request.send().await.unwrap()).await.expect(200);
        line.dialed().pop().unwrap()["config_url"].clone()
    };
    assert_eq!(dialed(&[("host", "core.example.com:8443")]).await, "http://core.example.com:8443/api/v1/config");
    // The test's address is that of a trusted proxy.
    let forwarded = [("x-forwarded-proto", "https"), ("x-forwarded-host", "trunkline.example.com")];
    assert_eq!(dialed(&forwarded).await, "https://trunkline.example.com/api/v1/config");
    let bad = line.request(json!({})).header("host", "a@b").send().await.unwrap();
    answer(bad).await.expect(400);
}

#[tokio::test]
async fn developer_key_and_administrator_may_dial() {
    let mut line = Line::new(json!({})).await;
    let key = async |role: &str| {
        let body = json!({ "name": role, "role": role });
        let created = line.server.post("/api/v1/api-keys", body).await.expect(201);
        created["key"].as_str().unwrap().to_owned()
    };
    let (developer, viewer) = (key("developer").await, key("viewer").await);
    let anonymous = reqwest::Client::new();
    let with = async |key: &str| {
        let request = anonymous.post(format!("{}{DIALOUT}", line.server.url)).json(&line.body(json!({})));
        answer(request.header("X-API-Key", key).send().await.unwrap()).await
    };
    with(&developer).await.expect(200);
    with(&viewer).await.expect(403);
    with("tl_00000000000000000000000000000000").await.expect(401);
    line.server.become_viewer().await;
    line.dial(json!({})).await.expect(403);
}
