//! Faults of LiveKit, seen through the API.

use serde_json::json;

use crate::harness::{TestServer, id};

#[tokio::test]
async fn changes_are_synced_once_livekit_is_reachable() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    server.faults(json!([{ "fault": "drop", "sticky": true }])).await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}");
    server.post(&format!("{path}/dids"), json!({ "number": "+14155550134", "bot_id": bot })).await.expect(201);
    let failed = server.until(&carrier, |carrier| carrier["lk_sync_error"].is_string()).await;
    assert_eq!(failed["lk_sync_status"], "pending", "an unreachable LiveKit has refused nothing");
    assert!(failed["lk_sync_error"].as_str().is_some_and(|error| error.contains("LiveKit")), "{failed}");
    assert!(failed["lk_next_sync_at"].is_string());
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["error_total"], 0);

    let refused = server.post(&format!("{path}/sync"), json!({})).await.expect(502);
    assert_eq!((&refused["code"], &refused["current"]["id"]), (&json!("livekit_failed"), &json!(carrier)));

    server.clear_faults().await;
    let synced = server.post(&format!("{path}/sync"), json!({})).await.expect(200);
    assert_eq!((&synced["lk_sync_status"], &synced["lk_sync_error"]), (&json!("synced"), &json!(null)));
    let observed = server.livekit().await;
    assert_eq!(observed["inbound"].as_array().unwrap().len(), 1);
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["error_total"], 0);
}

#[tokio::test]
async fn deletion_is_synced_once_livekit_is_reachable() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}");
    server.post(&format!("{path}/dids"), json!({ "number": "+14155550134", "bot_id": bot })).await.expect(201);
    server.synced(&carrier).await;
    server.faults(json!([{ "fault": "html502", "sticky": true }])).await;
    server.delete(&path).await.expect(204);
    server.get(&path).await.expect(404);
    assert_eq!(server.livekit().await["inbound"].as_array().unwrap().len(), 1);
    server.clear_faults().await;
    server.livekit_until(|observed| *observed == json!({ "inbound": [], "outbound": [], "rules": [] })).await;
}
