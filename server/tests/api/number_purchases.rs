//! Purchases of numbers from the simulated Twilio.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use twilio_fake::{Fake, Fault};

use crate::harness::{TestServer, answer};

const PATIENCE: Duration = Duration::from_secs(30);
const BUY: &str = "POST /2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/IncomingPhoneNumbers.json";
const NUMBER: &str = "+16505551234";

fn offer(number: &str) -> Value {
    json!({ "friendly_name": number, "phone_number": number, "iso_country": "US", "address_requirements": "none",
            "beta": false, "capabilities": { "voice": true, "SMS": true } })
}

/// The body of the specification's example.
fn example() -> Value {
    json!({ "phone_number": NUMBER, "provider": "twilio", "country_code": "US" })
}

impl TestServer {
    async fn with_twilio() -> Self {
        let server = Self::start().await;
        let settings = json!({ "account": Fake::USER, "secret": Fake::SECRET });
        server.put("/api/v1/integrations/twilio", settings).await.expect(200);
        server.twilio.add_available("Local", offer(NUMBER));
        server
    }

    fn purchases_at_twilio(&self) -> usize {
        self.twilio.calls().iter().filter(|call| call.starts_with(BUY)).count()
    }

    async fn purchases(&self) -> Vec<Value> {
        self.get("/api/v1/number-purchases").await.expect(200)["items"].as_array().unwrap().clone()
    }

    async fn purchase_until(&self, state: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let purchases = self.purchases().await;
            if purchases[0]["state"] == state {
                return purchases[0].clone();
            }
            assert!(Instant::now() < deadline, "not {state}: {purchases:#?}");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn bought_number_has_its_three_livekit_objects() {
    let server = TestServer::with_twilio().await;
    let bot = server.bot("Concierge").await;
    let mut body = example();
    body["agent_id"] = bot.clone().into();
    let number = server.post("/sip/purchase-number", body).await.expect(201);
    assert_eq!((&number["phone_number"], &number["sip_provider"]), (&json!(NUMBER), &json!("twilio")));
    assert_eq!((&number["status"], &number["agent_id"]), (&json!("synced"), &json!(bot)));
    for id in ["livekit_inbound_trunk_id", "livekit_outbound_trunk_id", "livekit_dispatch_rule_id"] {
        assert!(number[id].is_string(), "{id}: {number:#}");
    }
    assert_eq!(server.twilio.owned()[0]["phone_number"], NUMBER);
    let trunk = &server.twilio.trunks()[0];
    assert!(trunk["origination_urls"].to_string().contains("sip.example.com"), "{trunk:#}");
    // The carrier is an ordinary one, closed to other sources than Twilio's.
    let carrier = &server.get("/api/v1/carriers").await.expect(200)["items"][0];
    assert_eq!((&carrier["name"], &carrier["inbound_auth"]), (&json!("Twilio"), &json!("ip")));
    assert_eq!(carrier["sip_address"], number["sip_address"]);
    let purchase = &server.purchases().await[0];
    assert_eq!((&purchase["state"], &purchase["sip_id"]), (&json!("completed"), &number["sip_id"]));
    assert!(purchase["steps"].as_array().unwrap().iter().all(|step| step["status"] == "done"), "{purchase:#}");
}

#[tokio::test]
async fn second_number_joins_the_carrier_of_the_first() {
    let server = TestServer::with_twilio().await;
    server.twilio.add_available("Local", offer("+16505551235"));
    server.post("/sip/purchase-number", example()).await.expect(201);
    let mut body = example();
    body["phone_number"] = "+16505551235".into();
    server.post("/sip/purchase-number", body).await.expect(201);
    let carriers = server.get("/api/v1/carriers").await.expect(200);
    assert_eq!((&carriers["total"], &carriers["items"][0]["did_count"]), (&json!(1), &json!(2)));
    assert_eq!(server.twilio.trunks().len(), 1);
}

#[tokio::test]
async fn number_of_a_carrier_is_yours_already() {
    let server = TestServer::with_twilio().await;
    server.post("/sip/purchase-number", example()).await.expect(201);
    let refused = server.post("/sip/purchase-number", example()).await.expect(409);
    assert_eq!(refused["code"], "number_owned");
    assert!(refused["detail"].as_str().unwrap().contains("yours already, on the carrier Twilio"), "{refused:#}");
    assert_eq!(server.purchases_at_twilio(), 1);
}

#[tokio::test]
async fn number_owned_at_the_provider_keeps_its_settings() {
    let server = TestServer::with_twilio().await;
    server.twilio.add_owned(NUMBER);
    let before = server.twilio.owned();
    let refused = server.post("/sip/purchase-number", example()).await.expect(409);
    assert_eq!(refused["code"], "number_owned");
    assert_eq!(server.twilio.owned(), before);
    assert_eq!(server.purchases_at_twilio(), 0);
    assert_eq!(server.get("/sip").await.expect(200), json!([]));
}

#[tokio::test]
async fn lost_answer_is_checked_and_not_bought_twice() {
    let server = TestServer::with_twilio().await;
    server.twilio.fail_at(BUY, Fault::Drop);
    server.post("/sip/purchase-number", example()).await.expect(201);
    assert_eq!(server.purchases_at_twilio(), 1);
    assert_eq!(server.twilio.owned().len(), 1);
}

#[tokio::test]
async fn concurrent_requests_buy_once() {
    let server = TestServer::with_twilio().await;
    let requests = (0..4).map(|_| server.post("/sip/purchase-number", example()));
    let answers = futures::future::join_all(requests).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{answers:#?}");
    assert!(statuses.iter().all(|status| [200, 201, 409].contains(status)), "{answers:#?}");
    assert_eq!((server.purchases_at_twilio(), server.twilio.owned().len()), (1, 1));
    assert_eq!(server.purchases().await.len(), 1);
}

#[tokio::test]
async fn repetition_with_an_idempotency_key_gets_the_first_answer() {
    let server = TestServer::with_twilio().await;
    let send = async || {
        let request = server.client.request(Method::POST, format!("{}/sip/purchase-number", server.url));
        answer(request.header("idempotency-key", "k1").json(&example()).send().await.unwrap()).await.expect(201)
    };
    assert_eq!(send().await, send().await);
    assert_eq!(server.purchases_at_twilio(), 1);
}

#[tokio::test]
async fn refusal_of_the_provider_ends_the_purchase() {
    let server = TestServer::with_twilio().await;
    server.twilio.clear_available();
    let refused = server.post("/sip/purchase-number", example()).await;
    assert!([409, 422].contains(&refused.status.as_u16()), "{refused:?}");
    assert!(!refused.body["detail"].as_str().unwrap().is_empty());
    let purchase = &server.purchases().await[0];
    assert_eq!(purchase["state"], "failed");
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn unconnected_provider_is_not_asked() {
    let server = TestServer::start().await;
    let refused = server.post("/sip/purchase-number", example()).await.expect(409);
    assert_eq!(refused["code"], "not_connected");
    assert!(server.purchases().await.is_empty() && server.twilio.calls().is_empty());
    let fields: Vec<String> = server
        .post("/sip/purchase-number", json!({ "provider": "plivo" }))
        .await
        .errors(422)
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(fields, ["phone_number", "provider", "country_code"]);
}

#[tokio::test]
async fn deleted_number_is_released_only_if_asked() {
    let server = TestServer::with_twilio().await;
    let number = server.post("/sip/purchase-number", example()).await.expect(201);
    server.delete(&format!("/sip/{}", number["sip_id"].as_str().unwrap())).await.expect(204);
    assert_eq!(server.twilio.owned().len(), 1, "it is kept");

    server.twilio.add_available("Local", offer("+16505551235"));
    let mut body = example();
    body["phone_number"] = "+16505551235".into();
    let number = server.post("/sip/purchase-number", body).await.expect(201);
    // The first attempts fail.
    server.twilio.fail_at("DELETE /2010-04-01", Fault::Status(503));
    server.delete(&format!("/sip/{}?release=true", number["sip_id"].as_str().unwrap())).await.expect(204);
    let released = server.purchase_until("released").await;
    assert_eq!(released["phone_number"], "+16505551235");
    assert_eq!(server.twilio.owned().len(), 1);
}

#[tokio::test]
async fn stuck_purchase_is_given_up_and_released() {
    let server = TestServer::with_twilio().await;
    server.twilio.fail_always("POST /v1/Trunks", Fault::Status(500));
    let requested = server.post("/api/v1/number-purchases", example()).await.expect(202);
    let path = format!("/api/v1/number-purchases/{}", requested["id"].as_str().unwrap());
    let deadline = Instant::now() + PATIENCE;
    let stuck = loop {
        let purchase = server.get(&path).await.expect(200);
        if purchase["state"] == "bought" && !purchase["error"].is_null() {
            break purchase;
        }
        assert!(Instant::now() < deadline, "{purchase:#}");
        sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((&stuck["steps"][2]["status"], &stuck["can_be_given_up"]), (&json!("stuck"), &json!(true)));
    server.post(&format!("{path}/retry"), json!({})).await.expect(200);
    server.post(&format!("{path}/give-up"), json!({})).await.expect(200);
    server.purchase_until("released").await;
    assert!(server.twilio.owned().is_empty());
    let ended = server.post(&format!("{path}/give-up"), json!({})).await.expect(409);
    assert_eq!(ended["code"], "purchase_ended");
    assert_eq!(server.get("/sip").await.expect(200), json!([]));
}
