//! The numbers API: register, list, update, map, delete.

use reqwest::{Client, Method, header};
use serde_json::{Value, json};

use crate::harness::{Answer, TestServer, answer, id, send};

const FIELDS: [&str; 14] = [
    "sip_id",
    "phone_number",
    "label",
    "sip_provider",
    "sip_address",
    "auth_username",
    "krisp_enabled",
    "agent_id",
    "livekit_inbound_trunk_id",
    "livekit_outbound_trunk_id",
    "livekit_dispatch_rule_id",
    "status",
    "created_at",
    "updated_at",
];

/// The body of the specification's example.
fn example() -> Value {
    json!({ "sip_address": "custom-sip.provider.com", "phone_number": "+442071234567", "sip_provider": "custom",
            "auth_username": "my_sip_user", "auth_password": "my_sip_pass", "krisp_enabled": true,
            "label": "UK Office Line" })
}

impl TestServer {
    async fn register(&self, fields: Value) -> Value {
        let mut body = example();
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.post("/sip/register", body).await.expect(201)
    }

    async fn map_agent(&self, path: &str, body: Value) -> Answer {
        send(&self.client, Method::PATCH, &format!("{}{path}", self.url), Some(body)).await
    }

    async fn numbers(&self) -> Vec<Value> {
        self.get("/sip").await.expect(200).as_array().unwrap().clone()
    }

    /// The carrier that has the number.
    async fn carrier_of(&self, sip_id: &Value) -> Value {
        let carriers = self.get("/api/v1/carriers").await.expect(200);
        let has = |carrier: &&Value| carrier["dids"].as_array().unwrap().iter().any(|did| did["id"] == *sip_id);
        carriers["items"].as_array().unwrap().iter().find(has).expect("a carrier has the number").clone()
    }
}

fn path(number: &Value) -> String {
    format!("/sip/{}", number["sip_id"].as_str().unwrap())
}

#[tokio::test]
async fn registered_number_has_its_trunks() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let number = server.register(json!({ "agent_id": bot })).await;
    let mut fields: Vec<&str> = number.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = FIELDS.to_vec();
    fields.sort_unstable();
    expected.sort_unstable();
    assert_eq!(fields, expected);
    assert_eq!((&number["status"], &number["sip_provider"]), (&json!("synced"), &json!("custom")));
    assert_eq!((&number["krisp_enabled"], &number["label"]), (&json!(true), &json!("UK Office Line")));
    let livekit = server.livekit().await;
    let one =
        |kind: &str, key: &str| livekit[kind].as_array().unwrap().iter().map(|object| object[key].clone()).collect();
    let ids: [Vec<Value>; 3] =
        [one("inbound", "sip_trunk_id"), one("outbound", "sip_trunk_id"), one("rules", "sip_dispatch_rule_id")];
    assert_eq!(ids[0], [number["livekit_inbound_trunk_id"].clone()]);
    assert_eq!(ids[1], [number["livekit_outbound_trunk_id"].clone()]);
    assert_eq!(ids[2], [number["livekit_dispatch_rule_id"].clone()]);
    assert_eq!(server.numbers().await, std::slice::from_ref(&number));
    assert!(!server.get("/sip").await.body.to_string().contains("my_sip_pass"));

    // In the console, too.
    let carrier = server.carrier_of(&number["sip_id"]).await;
    assert_eq!((&carrier["sip_address"], &carrier["krisp_enabled"]), (&json!("custom-sip.provider.com"), &json!(true)));
}

#[tokio::test]
async fn second_number_of_a_trunk_shares_its_carrier() {
    let server = TestServer::start().await;
    let first = server.register(json!({})).await;
    let second = server.register(json!({ "phone_number": "+442071234568" })).await;
    assert_eq!(server.carrier_of(&first["sip_id"]).await["id"], server.carrier_of(&second["sip_id"]).await["id"]);
    let other = server.register(json!({ "phone_number": "+442071234569", "auth_password": "another" })).await;
    assert_ne!(server.carrier_of(&first["sip_id"]).await["id"], server.carrier_of(&other["sip_id"]).await["id"]);

    let taken = server.post("/sip/register", example()).await.expect(409);
    assert_eq!(taken["errors"][0]["field"], "phone_number");
    assert!(taken["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{taken:#}");
}

#[tokio::test]
async fn known_provider_is_identified_by_its_addresses() {
    let server = TestServer::start().await;
    let twilio = json!({ "sip_address": "acme.pstn.twilio.com", "sip_provider": null });
    let number = server.register(twilio).await;
    assert_eq!(number["sip_provider"], "twilio");
    let carrier = server.carrier_of(&number["sip_id"]).await;
    assert_eq!(carrier["inbound_auth"], "ip");
    assert!(carrier["allowed_addresses"].as_array().unwrap().contains(&json!("54.172.60.0/30")));
}

#[tokio::test]
async fn invalid_registration_names_the_fields() {
    let server = TestServer::start().await;
    let body = json!({ "sip_address": "sip:bad", "phone_number": "12", "sip_provider": "acme", "krisp_enabled": "maybe",
                       "auth_username": "x", "label": "x".repeat(101), "agent_id": "ag_550e8400" });
    let answer = server.post("/sip/register", body).await;
    assert!(!answer.body["detail"].as_str().unwrap().is_empty());
    let fields: Vec<String> = answer.errors(422).into_iter().map(|(field, _)| field).collect();
    for field in ["sip_address", "phone_number", "sip_provider", "krisp_enabled", "auth_password", "label", "agent_id"]
    {
        assert!(fields.iter().any(|known| known == field), "{field}: {fields:?}");
    }
    let gone = json!({ "agent_id": "bot_01hf7yat000000000000000000" });
    let mut body = example();
    body["agent_id"] = gone["agent_id"].clone();
    let errors = server.post("/sip/register", body).await.errors(422);
    assert_eq!(errors, [("agent_id".to_owned(), "unknown_bot".to_owned())]);
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 0, "nothing half-made");
}

#[tokio::test]
async fn update_of_the_only_number_changes_livekit_in_place() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let before = server.register(json!({ "agent_id": bot, "krisp_enabled": false })).await;
    let body = json!({ "sip_address": "new-sip.provider.com", "krisp_enabled": true });
    let after = server.put(&path(&before), body).await.expect(200);
    assert_eq!((&after["sip_address"], &after["krisp_enabled"]), (&json!("new-sip.provider.com"), &json!(true)));
    for kept in [
        "sip_id",
        "livekit_inbound_trunk_id",
        "livekit_outbound_trunk_id",
        "livekit_dispatch_rule_id",
        "label",
        "agent_id",
    ] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    let livekit = server.livekit().await;
    assert_eq!(livekit["outbound"][0]["address"], "new-sip.provider.com");
    assert_eq!(livekit["inbound"][0]["krisp_enabled"], true);
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 1);
}

#[tokio::test]
async fn update_of_a_shared_trunk_moves_the_number() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let stays = server.register(json!({ "agent_id": bot })).await;
    let moves = server.register(json!({ "phone_number": "+442071234568", "agent_id": bot })).await;
    let old = server.carrier_of(&stays["sip_id"]).await;
    let body = json!({ "sip_address": "new-sip.provider.com", "label": "Moved" });
    let moved = server.put(&path(&moves), body).await.expect(200);
    assert_eq!((&moved["sip_id"], &moved["label"]), (&moves["sip_id"], &json!("Moved")));
    let new = server.carrier_of(&moves["sip_id"]).await;
    assert_eq!((&new["sip_address"], &new["did_count"]), (&json!("new-sip.provider.com"), &json!(1)));
    let old = server.get(&format!("/api/v1/carriers/{}", id(&old))).await.expect(200);
    assert_eq!((&old["sip_address"], &old["did_count"]), (&json!("custom-sip.provider.com"), &json!(1)));
    server.synced(&id(&old)).await;
    server.synced(&id(&new)).await;
    let livekit = server.livekit().await;
    let numbers = |kind: &str, address: &str| {
        let trunks = livekit[kind].as_array().unwrap();
        trunks.iter().find(|trunk| trunk["address"] == address).map(|trunk| trunk["numbers"].clone())
    };
    assert_eq!(numbers("outbound", "custom-sip.provider.com"), Some(json!(["+442071234567"])));
    assert_eq!(numbers("outbound", "new-sip.provider.com"), Some(json!(["+442071234568"])));
    // The credentials moved along.
    let again = server.put(&path(&stays), json!({ "sip_address": "new-sip.provider.com" })).await.expect(200);
    assert_eq!(again["auth_username"], "my_sip_user");
}

#[tokio::test]
async fn label_is_removed_and_other_number_refused() {
    let server = TestServer::start().await;
    let number = server.register(json!({})).await;
    let same = json!({ "phone_number": "+44 20 7123 4567", "label": null });
    assert_eq!(server.put(&path(&number), same).await.expect(200)["label"], Value::Null);
    let other = server.put(&path(&number), json!({ "phone_number": "+442071230000" })).await.errors(422);
    assert_eq!(other, [("phone_number".to_owned(), "number_fixed".to_owned())]);
    for missing in ["did_01hf7yat000000000000000000", "sip_001"] {
        server.put(&format!("/sip/{missing}"), json!({})).await.expect(404);
    }
}

#[tokio::test]
async fn mapped_number_gets_its_trunk_and_null_removes_it() {
    let server = TestServer::start().await;
    let number = server.register(json!({})).await;
    assert_eq!(number["livekit_inbound_trunk_id"], Value::Null);
    let bot = server.bot("Concierge").await;
    let map = format!("{}/map-agent", path(&number));
    let mapped = server.map_agent(&map, json!({ "agent_id": bot })).await.expect(200);
    assert_eq!(mapped["agent_id"], bot);
    assert!(mapped["livekit_inbound_trunk_id"].is_string() && mapped["livekit_dispatch_rule_id"].is_string());
    let unmapped = server.map_agent(&map, json!({ "agent_id": null })).await.expect(200);
    assert_eq!((&unmapped["agent_id"], &unmapped["livekit_dispatch_rule_id"]), (&Value::Null, &Value::Null));
    assert_eq!(server.livekit().await["inbound"], json!([]));
    for (body, code) in [(json!({ "agent_id": "ag_550e8400" }), "unknown_bot"), (json!({}), "required")] {
        assert_eq!(server.map_agent(&map, body).await.errors(422), [("agent_id".to_owned(), code.to_owned())]);
    }
}

#[tokio::test]
async fn deleted_number_leaves_nothing_in_livekit() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let number = server.register(json!({ "agent_id": bot })).await;
    let refused = server.delete(&format!("{}?release=true", path(&number))).await.errors(422);
    assert_eq!(refused, [("release".to_owned(), "not_bought_here".to_owned())]);
    server.delete(&format!("{}?release=maybe", path(&number))).await.expect(422);
    server.delete(&path(&number)).await.expect(204);
    server.delete(&path(&number)).await.expect(404);
    let empty = |state: &Value| ["inbound", "outbound", "rules"].iter().all(|kind| state[*kind] == json!([]));
    server.livekit_until(empty).await;
    assert!(server.numbers().await.is_empty());
}

#[tokio::test]
async fn api_key_may_list_and_nothing_else() {
    let server = TestServer::start().await;
    let number = server.register(json!({})).await;
    let created = server.post("/api/v1/api-keys", json!({ "name": "CRM", "role": "admin" })).await.expect(201);
    let key = created["key"].as_str().unwrap();
    let request = |method: Method, path: &str| {
        Client::new().request(method, format!("{}{path}", server.url)).header("x-api-key", key)
    };
    let list = answer(request(Method::GET, "/sip").send().await.unwrap()).await.expect(200);
    assert_eq!(list[0]["sip_id"], number["sip_id"]);
    let one = path(&number);
    for (method, path) in [
        (Method::POST, "/sip/register".to_owned()),
        (Method::POST, "/sip/purchase-number".to_owned()),
        (Method::PUT, one.clone()),
        (Method::DELETE, one.clone()),
        (Method::PATCH, format!("{one}/map-agent")),
    ] {
        let response = request(method.clone(), &path).json(&json!({})).send().await.unwrap();
        let refused = answer(response).await.expect(401);
        assert_eq!(refused["code"], "session_required", "{method} {path}");
    }
}

#[tokio::test]
async fn longer_list_names_its_next_page() {
    let server = TestServer::start().await;
    for last in 1..=3 {
        server.register(json!({ "phone_number": format!("+44207123456{last}") })).await;
    }
    let mut address = "/sip?limit=2".to_owned();
    let mut numbers = Vec::new();
    loop {
        let response = server.client.get(format!("{}{address}", server.url)).send().await.unwrap();
        let link = response.headers().get(header::LINK).map(|link| link.to_str().unwrap().to_owned());
        numbers.extend(answer(response).await.expect(200).as_array().unwrap().clone());
        let Some(link) = link else { break };
        let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect(&link);
        address = next.to_owned();
    }
    assert_eq!(numbers, server.numbers().await);
    assert_eq!(numbers.len(), 3);
    for query in ["limit=0", "limit=1001", "cursor=x"] {
        server.get(&format!("/sip?{query}")).await.expect(422);
    }
}
