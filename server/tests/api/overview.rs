use serde_json::{Value, json};

use crate::harness::{TestServer, id};

fn totals(overview: &Value) -> Vec<(String, i64)> {
    let groups = overview["attention"].as_array().expect("groups");
    groups.iter().map(|group| (group["kind"].as_str().unwrap().to_owned(), group["total"].as_i64().unwrap())).collect()
}

#[tokio::test]
async fn attention_matches_the_filtered_list() {
    let server = TestServer::start().await;
    let empty = server.get("/api/v1/overview").await.expect(200);
    let setup = json!({ "livekit": true, "bot": false, "carrier": false, "number": false, "synced": false });
    assert_eq!((&empty["setup"], &empty["livekit"]), (&setup, &json!({ "state": "connected" })));
    assert!(totals(&empty).iter().all(|(_, total)| *total == 0));

    let twilio = id(&server.carrier(json!({ "name": "Twilio" })).await);
    let path = format!("/api/v1/carriers/{twilio}/dids");
    let did = id(&server.post(&path, json!({ "number": "+14155550134", "label": "Desk" })).await.expect(201));
    let open = json!({ "name": "Old PBX", "sip_address": "pbx.example", "auth_username": null, "auth_password": null, "accept_any_source": true });
    let open = id(&server.carrier(open).await);
    server.synced(&twilio).await;
    server.synced(&open).await;
    let overview = server.get("/api/v1/overview").await.expect(200);
    let expected = [("sync_error", 0), ("no_bot", 1), ("open", 1), ("no_numbers", 1)];
    assert_eq!(totals(&overview), expected.map(|(kind, total)| (kind.to_owned(), total)));
    assert_eq!(
        overview["attention"][1]["items"],
        json!([{ "carrier_id": twilio, "carrier_name": "Twilio", "detail": "Desk", "did_id": did, "number": "+14155550134",
                 "formatted": "+1 415-555-0134" }])
    );
    assert_eq!(overview["carrier_total"], 2);
    for (kind, total) in totals(&overview) {
        let page = server.get(&format!("/api/v1/carriers?attention={kind}&sort=-name&limit=1")).await.expect(200);
        assert_eq!((&page["total"], &page["next_cursor"]), (&json!(total), &json!(null)), "{kind}");
    }
    let page = server.get("/api/v1/carriers?attention=open&q=twilio").await.expect(200);
    assert_eq!(page["total"], 0);
    let refused = server.get("/api/v1/carriers?attention=boredom").await.errors(422);
    assert_eq!(refused, [("attention".to_owned(), "unknown_attention".to_owned())]);
}

#[tokio::test]
async fn unreachable_livekit_is_published_at_once() {
    let server = TestServer::start().await;
    server.faults(json!([{ "fault": "html502", "sticky": true }])).await;
    let overview = server.get("/api/v1/overview").await.expect(200);
    assert_eq!(overview["livekit"]["state"], "failing");
    assert!(!overview["livekit"]["error"].as_str().unwrap().is_empty());
    assert_eq!(overview["setup"]["livekit"], false);
}
