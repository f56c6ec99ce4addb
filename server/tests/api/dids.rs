use futures::future::join_all;
use serde_json::json;

use crate::harness::{TestServer, id};

#[tokio::test]
async fn did_is_added_updated_and_removed() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({ "destination_country": "IN" })).await);
    let path = format!("/api/v1/carriers/{carrier}/dids");
    let did = server.post(&path, json!({ "number": "098-1234-5678", "label": "Support" })).await.expect(201);
    assert_eq!(
        did,
        json!({ "id": did["id"], "carrier_id": carrier, "number": "09812345678", "e164": "+919812345678",
                "label": "Support", "direction": "both", "bot_id": null, "version": 1 })
    );
    let one = format!("{path}/{}", id(&did));
    let edited =
        server.put(&one, json!({ "label": "", "direction": "inbound", "bot_id": bot, "version": 1 })).await.expect(200);
    assert_eq!(
        (&edited["label"], &edited["direction"], &edited["bot_id"]),
        (&json!(null), &json!("inbound"), &json!(bot))
    );
    server.synced(&carrier).await;
    let observed = server.livekit().await;
    assert_eq!(observed["inbound"][0]["numbers"], json!(["+919812345678", "09812345678", "9812345678"]));
    assert_eq!(observed["rules"][0]["trunk_ids"][0], observed["inbound"][0]["sip_trunk_id"]);
    assert_eq!(observed["outbound"], json!([]));
    server.delete(&one).await.expect(204);
    server.delete(&one).await.expect(404);
    server.synced(&carrier).await;
    assert_eq!(server.livekit().await, json!({ "inbound": [], "outbound": [], "rules": [] }));
}

#[tokio::test]
async fn did_of_another_carrier_is_rejected_with_its_name() {
    let server = TestServer::start().await;
    let vonage = id(&server.carrier(json!({ "name": "Vonage UK" })).await);
    server.post(&format!("/api/v1/carriers/{vonage}/dids"), json!({ "number": "+31205550142" })).await.expect(201);
    let telnyx = id(&server.carrier(json!({ "name": "Telnyx EU", "destination_country": "NL" })).await);
    let refused =
        server.post(&format!("/api/v1/carriers/{telnyx}/dids"), json!({ "number": "020 555 0142" })).await.expect(409);
    assert_eq!(refused["code"], "number_taken");
    assert!(refused["detail"].as_str().unwrap().contains("Vonage UK"), "{refused}");
    assert_eq!(refused["errors"][0]["field"], "number");
    assert_eq!(refused["current"]["carrier_id"], json!(vonage));
}

#[tokio::test]
async fn one_of_200_concurrent_creates_succeeds() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let mut carriers = Vec::new();
    for name in ["A", "B", "C", "D"] {
        carriers.push(id(&server.carrier(json!({ "name": name })).await));
    }
    let spellings = ["+14155550134", "+1 (415) 555-0134", "0014155550134"];
    let adds = (0..200).map(|n| {
        let path = format!("/api/v1/carriers/{}/dids", carriers[n % carriers.len()]);
        let (server, bot) = (&server, &bot);
        async move { server.post(&path, json!({ "number": spellings[n % 3], "bot_id": bot })).await.status.as_u16() }
    });
    let statuses = join_all(adds).await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 199);
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["number_total"], 1);
    for carrier in &carriers {
        server.synced(carrier).await;
    }
    let observed = server.livekit().await;
    let count = |kind: &str| observed[kind].as_array().unwrap().len();
    assert_eq!((count("inbound"), count("outbound"), count("rules")), (1, 1, 1));
}

#[tokio::test]
async fn number_is_immutable_and_unknown_bot_is_rejected() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}/dids");
    let did = id(&server.post(&path, json!({ "number": "+14155550134" })).await.expect(201));
    let changed = server.put(&format!("{path}/{did}"), json!({ "number": "+14155550135" })).await;
    assert_eq!(changed.errors(422), [("number".to_owned(), "number_fixed".to_owned())]);
    let unknown_bot = json!({ "number": "+14155550136", "bot_id": "bot_01hf7yat000000000000000000" });
    assert_eq!(server.post(&path, unknown_bot).await.errors(422), [("bot_id".to_owned(), "unknown_bot".to_owned())]);
    let short = server.post(&path, json!({ "number": "+1415555" })).await.expect(422);
    let message = short["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("Too short for a United States number. Expected +1 and 10 digits"), "{message}");
}

/// Without a country, `14155550134` is not known to be `+14155550134`, but LiveKit treats them as one number.
#[tokio::test]
async fn spellings_with_and_without_plus_are_one_number() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}/dids");
    server.post(&path, json!({ "number": "+14155550134" })).await.expect(201);
    let refused = server.post(&path, json!({ "number": "14155550134" })).await.expect(409);
    assert_eq!(refused["detail"], "14155550134 is already a number of Twilio. Look for it in the list.");
}
