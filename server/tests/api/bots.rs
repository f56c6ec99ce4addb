use serde_json::json;

use crate::harness::{TestServer, id};

#[tokio::test]
async fn changes_are_synced_to_livekit() {
    let server = TestServer::start().await;
    let body = json!({ "name": "Concierge", "agent_name": "concierge", "metadata": "{\"tone\":\"warm\"}" });
    let bot = server.post("/api/v1/bots", body).await.expect(201);
    let (bot_id, path) = (id(&bot), format!("/api/v1/bots/{}", id(&bot)));
    let carrier = id(&server.carrier(json!({})).await);
    let dids = format!("/api/v1/carriers/{carrier}/dids");
    let did = id(&server.post(&dids, json!({ "number": "+14155550134", "bot_id": bot_id })).await.expect(201));
    server.synced(&carrier).await;
    let trunk = server.livekit().await["inbound"][0]["sip_trunk_id"].clone();

    server.put(&path, json!({ "agent_name": "ledger", "version": 1 })).await.expect(200);
    server.synced(&carrier).await;
    let observed = server.livekit().await;
    assert_eq!(observed["rules"][0]["room_config"]["agents"][0]["agent_name"], "ledger");
    assert_eq!(observed["inbound"][0]["sip_trunk_id"], trunk);
    assert_eq!(server.get(&path).await.expect(200)["did_count"], 1);

    server.delete(&path).await.expect(204);
    let carrier_now = server.synced(&carrier).await;
    assert_eq!(carrier_now["dids"][0]["id"], json!(did));
    assert_eq!(carrier_now["dids"][0]["bot_id"], json!(null));
    let observed = server.livekit().await;
    assert_eq!((&observed["inbound"], &observed["rules"]), (&json!([]), &json!([])));
    assert_eq!(server.get("/api/v1/bots").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn name_and_agent_are_required() {
    let server = TestServer::start().await;
    let refused = server.post("/api/v1/bots", json!({ "metadata": "{broken" })).await.errors(422);
    let fields: Vec<&str> = refused.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["name", "agent_name", "metadata"]);
}

#[tokio::test]
async fn bot_of_the_fleet_has_a_rule_without_an_agent() {
    let server = TestServer::start().await;
    let headers = json!({ "enabled": true, "allowed_headers": ["X-Tier"] });
    let body = json!({ "name": "Concierge", "answered_by": "fleet", "sip_header_config": headers });
    let bot = server.post("/api/v1/bots", body).await.expect(201);
    assert_eq!((&bot["answered_by"], &bot["agent_name"]), (&json!("fleet"), &json!(null)));
    assert_eq!(bot["sip_header_config"]["max_value_length"], 256);
    let carrier = id(&server.carrier(json!({})).await);
    let dids = format!("/api/v1/carriers/{carrier}/dids");
    server.post(&dids, json!({ "number": "+14155550134", "bot_id": id(&bot) })).await.expect(201);
    server.synced(&carrier).await;
    let observed = server.livekit().await;
    assert_eq!(observed["rules"][0]["room_config"], json!(null));
    assert_eq!(observed["rules"][0]["rule"]["dispatch_rule_individual"]["room_prefix"], "call-");
    let forwarded = &observed["inbound"][0]["headers_to_attributes"];
    assert_eq!((&forwarded["X-Tier"], &forwarded["X-Call-ID"]), (&json!("sip.h.x-tier"), &json!("sip.h.x-call-id")));
    let listed = &server.get("/api/v1/bots").await.expect(200)["items"][0];
    assert_eq!(listed.get("runtime_config"), None);
    assert_eq!(bot["runtime_config"], json!({}));
}

#[tokio::test]
async fn form_posts_the_nested_settings() {
    let server = TestServer::start().await;
    let fields = [
        ("name", "Concierge"),
        ("answered_by", "agent"),
        ("agent_name", "concierge"),
        ("runtime_config", "{\"timezone\": \"Asia/Kolkata\"}"),
        ("sip_header_config.enabled", "false"),
        ("sip_header_config.enabled", "true"),
        ("sip_header_config.allowed_headers", "X-Tier\r\nX-Lead"),
        ("sip_header_config.transfer_passthrough_headers", "X-Other"),
        ("sip_header_config.max_value_length", "64"),
    ];
    let post = async |fields: &[(&str, &str)]| {
        let address = format!("{}/dashboard/bots/create", server.url);
        server.client.post(address).form(fields).send().await.unwrap()
    };
    let refused = post(&fields).await;
    assert_eq!(refused.status(), 422);
    let page = refused.text().await.unwrap();
    assert!(page.contains("Add X-Other to the allowed headers, too") && page.contains("X-Tier\nX-Lead"), "{page}");
    let mut corrected = fields;
    corrected[7].1 = "x-lead";
    assert_eq!(post(&corrected).await.status(), 303);
    let listed = server.get("/api/v1/bots").await.expect(200)["items"][0].clone();
    let bot = server.get(&format!("/api/v1/bots/{}", id(&listed))).await.expect(200);
    assert_eq!(
        bot["sip_header_config"],
        json!({ "enabled": true, "allowed_headers": ["X-Tier", "X-Lead"], "transfer_passthrough_headers": ["x-lead"],
                "max_value_length": 64 })
    );
    assert_eq!(bot["runtime_config"], json!({ "timezone": "Asia/Kolkata" }));
}
