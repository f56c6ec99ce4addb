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
