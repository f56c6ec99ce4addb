//! Drift through the API, and through the page's forms.

use std::time::Duration;

use domain::{
    BotId, CarrierId, Secret,
    livekit::{DispatchRule, InboundTrunk, OwnerTag},
};
use livekit::{Client, Config};
use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};

use crate::harness::{TestServer, id};

/// A LiveKit client that bypasses Trunkline.
fn livekit(server: &TestServer) -> Client {
    let config = Config {
        url: server.sandbox_url.clone(),
        api_key: "devkey".to_owned(),
        api_secret: Secret::new("secret"),
        timeout: Duration::from_secs(5),
    };
    Client::new(config).unwrap()
}

/// A synced carrier with a number that a bot answers; its path, and the bot.
async fn carrier(server: &TestServer) -> (String, String) {
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}");
    server.post(&format!("{path}/dids"), json!({ "number": "+14155550134", "bot_id": bot })).await.expect(201);
    server.synced(&carrier).await;
    (path, bot)
}

async fn create_unmanaged_trunk(server: &TestServer, number: &str) -> String {
    let trunk = InboundTrunk {
        name: "Unmanaged".to_owned(),
        numbers: vec![number.to_owned()],
        auth_username: "unmanaged".to_owned(),
        auth_password: Secret::new("hand-made-secret"),
        ..InboundTrunk::default()
    };
    livekit(server).create_inbound(&trunk).await.unwrap()
}

/// Deletes the carrier's only rule.
async fn delete_rule(server: &TestServer) {
    let rule = server.livekit().await["rules"][0]["sip_dispatch_rule_id"].as_str().unwrap().to_owned();
    livekit(server).delete_rule(&rule).await.unwrap();
}

async fn post(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> Response {
    server.client.post(format!("{}{path}", server.url)).form(fields).send().await.unwrap()
}

async fn page(server: &TestServer, path: &str, status: u16) -> String {
    let response = server.client.get(format!("{}{path}", server.url)).send().await.unwrap();
    assert_eq!(response.status().as_u16(), status, "{path}");
    response.text().await.unwrap()
}

fn location(response: &Response) -> &str {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()[header::LOCATION].to_str().unwrap()
}

/// Logs the client in as a viewer.
#[tokio::test]
async fn drift_is_reported_and_applied() {
    let server = TestServer::start().await;
    let (path, _) = carrier(&server).await;
    let report = server.get(&format!("{path}/drift")).await.expect(200);
    assert_eq!((&report["steps"], report["objects"].as_array().map(Vec::len)), (&json!([]), Some(3)));
    delete_rule(&server).await;
    let report = server.get(&format!("{path}/drift")).await.expect(200);
    assert_eq!(report["objects"][1]["state"], "missing");
    let step = &report["steps"][0];
    assert_eq!(
        (&step["action"], &step["kind"], &step["blocked"]),
        (&json!("create"), &json!("dispatch_rule"), &Value::Null)
    );
    assert!(!report.to_string().contains("s3cret-pass"));

    let refused = server.post(&format!("{path}/drift/apply"), json!({})).await.errors(422);
    assert_eq!(refused, [("fingerprint".to_owned(), "required".to_owned())]);
    let stale = server.post(&format!("{path}/drift/apply"), json!({ "fingerprint": "other" })).await.expect(409);
    assert_eq!((&stale["code"], &stale["current"]["fingerprint"]), (&json!("state_changed"), &report["fingerprint"]));
    assert_eq!(server.livekit().await["rules"], json!([]));

    let done =
        server.post(&format!("{path}/drift/apply"), json!({ "fingerprint": report["fingerprint"] })).await.expect(200);
    assert_eq!(done["steps"], json!([]));
    assert_eq!(server.livekit().await["rules"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn unmanaged_trunk_is_adopted_after_a_dry_run() {
    let server = TestServer::start().await;
    let (path, bot) = carrier(&server).await;
    let trunk = create_unmanaged_trunk(&server, "+14155550135").await;
    let listed = &server.get(&format!("{path}/drift")).await.expect(200)["unmanaged"];
    assert_eq!((&listed[0]["id"], &listed[0]["candidates"]), (&json!(trunk), &json!([])));
    let refused = server.post(&format!("{path}/drift/adopt"), json!({ "trunk_id": trunk })).await.errors(422);
    assert_eq!(refused, [("bot_id".to_owned(), "required".to_owned())]);
    let body = json!({ "trunk_id": trunk, "bot_id": bot, "dry_run": true });
    let report = server.post(&format!("{path}/drift/adopt"), body).await.expect(200);
    assert_eq!((&report["adopted"], &report["numbers"][0]["number"]), (&json!(false), &json!("+14155550135")));
    assert!(!report.to_string().contains("hand-made-secret"));
    let body = json!({ "trunk_id": trunk, "bot_id": bot, "dry_run": false, "fingerprint": report["fingerprint"] });
    let done = server.post(&format!("{path}/drift/adopt"), body).await.expect(200);
    assert_eq!(done["adopted"], true);
    let report = server.get(&format!("{path}/drift")).await.expect(200);
    assert_eq!((&report["steps"], &report["unmanaged"]), (&json!([]), &json!([])));
    assert_eq!(server.get(&path).await.expect(200)["did_count"], 2);

    let other = id(&server.carrier(json!({ "name": "Other" })).await);
    let trunk = create_unmanaged_trunk(&server, "+14155550136").await;
    server.post(&format!("{path}/dids"), json!({ "number": "+14155550136" })).await.expect(201);
    let body = json!({ "trunk_id": trunk, "bot_id": bot });
    let conflict = server.post(&format!("/api/v1/carriers/{other}/drift/adopt"), body).await.expect(409);
    assert!(
        conflict["code"] == "number_taken" && conflict["detail"].as_str().unwrap().contains("Twilio"),
        "{conflict}"
    );
}

#[tokio::test]
async fn orphans_are_listed_and_removed() {
    let server = TestServer::start().await;
    let ulid = services::Clock::default().ulid();
    let metadata = OwnerTag::new(CarrierId::new(ulid), Some(BotId::new(ulid))).write();
    let numbers = vec!["+14155550137".to_owned()];
    let trunk = InboundTrunk { metadata: metadata.clone(), numbers, ..InboundTrunk::default() };
    let trunk = livekit(&server).create_inbound(&trunk).await.unwrap();
    let rule = DispatchRule { metadata, trunk_ids: vec![trunk], ..DispatchRule::default() };
    livekit(&server).create_rule(&rule).await.unwrap();
    let report = server.get("/api/v1/livekit/orphans").await.expect(200);
    let group = &report["groups"][0];
    assert_eq!((&group["origin"], group["steps"].as_array().map(Vec::len)), (&json!("unknown"), Some(2)));
    let stale = server.post("/api/v1/livekit/orphans/remove", json!({ "fingerprint": "other" })).await.expect(409);
    assert_eq!(stale["current"]["groups"], report["groups"]);
    let body = json!({ "fingerprint": group["fingerprint"] });
    let left = server.post("/api/v1/livekit/orphans/remove", body).await.expect(200);
    assert_eq!(left["groups"], json!([]));
    assert_eq!(server.livekit().await, json!({ "inbound": [], "outbound": [], "rules": [] }));
}

#[tokio::test]
async fn unreachable_livekit_is_explained_on_the_page() {
    let server = TestServer::start().await;
    let (path, _) = carrier(&server).await;
    server.faults(json!([{ "fault": "drop", "sticky": true }])).await;
    let refused = server.get(&format!("{path}/drift")).await.expect(502);
    assert!(
        refused["code"] == "livekit_failed" && refused["detail"].as_str().unwrap().contains("LiveKit"),
        "{refused}"
    );
    server.get("/api/v1/livekit/orphans").await.expect(502);
    let address = path.replace("/api/v1", "/dashboard") + "/drift";
    let html = page(&server, &address, 502).await;
    assert!(html.contains("LiveKit does not answer as it should") && html.contains("Try Again"), "{html}");
    assert!(html.contains("<title>Twilio in LiveKit") && html.contains(">Twilio<"), "names the carrier: {html}");
    server.clear_faults().await;
    assert!(page(&server, &address, 200).await.contains("Synced with LiveKit"));
    page(&server, "/dashboard/carriers/car_01hf7yat000000000000000000/drift", 404).await;
    server.get("/api/v1/carriers/car_01hf7yat000000000000000000/drift").await.expect(404);
}

#[tokio::test]
async fn native_forms_apply_adopt_and_remove() {
    let server = TestServer::start().await;
    let (path, bot) = carrier(&server).await;
    let address = path.replace("/api/v1", "/dashboard") + "/drift";
    delete_rule(&server).await;
    let report = server.get(&format!("{path}/drift")).await.expect(200);
    let fingerprint = report["fingerprint"].as_str().unwrap();
    assert!(page(&server, &format!("{address}?apply=1"), 200).await.contains(fingerprint));
    let stale = post(&server, &format!("{address}?apply=1"), &[("fingerprint", "other")]).await;
    assert_eq!(stale.status(), StatusCode::CONFLICT);
    let html = stale.text().await.unwrap();
    assert!(html.contains("nothing was done") && html.contains(fingerprint), "{html}");
    let done = post(&server, &format!("{address}?apply=1"), &[("fingerprint", fingerprint)]).await;
    assert_eq!(location(&done), format!("{address}?done=applied"));

    let trunk = create_unmanaged_trunk(&server, "+14155550135").await;
    let asked = format!("{address}?adopt={trunk}&bot_id={bot}&take=credentials&preview=1");
    let html = page(&server, &asked, 200).await;
    assert!(html.contains("+14155550135") && html.contains("Adopt into Twilio"), "{html}");
    let body = json!({ "trunk_id": trunk, "bot_id": bot, "take": ["credentials"] });
    let report = server.post(&format!("{path}/drift/adopt"), body).await.expect(200);
    assert!(html.contains(report["fingerprint"].as_str().unwrap()));
    let fields = [
        ("trunk_id", trunk.as_str()),
        ("bot_id", &bot),
        ("take", "credentials"),
        ("dry_run", "false"),
        ("fingerprint", report["fingerprint"].as_str().unwrap()),
    ];
    let done = post(&server, &asked, &fields).await;
    assert_eq!(location(&done), format!("{address}?done=adopted"));
    assert_eq!(server.get(&path).await.expect(200)["auth_username"], "unmanaged");
}

#[tokio::test]
async fn viewer_sees_drift_without_actions() {
    let mut server = TestServer::start().await;
    let (path, _) = carrier(&server).await;
    create_unmanaged_trunk(&server, "+14155550135").await;
    delete_rule(&server).await;
    server.become_viewer().await;
    let address = path.replace("/api/v1", "/dashboard") + "/drift";
    let html = page(&server, &format!("{address}?apply=1"), 200).await;
    assert!(
        html.contains("Out of sync: 1 change needed") && !html.contains("Apply Changes") && !html.contains("Adopt…"),
        "{html}"
    );
    let report = server.get(&format!("{path}/drift")).await.expect(200);
    let body = json!({ "fingerprint": report["fingerprint"] });
    server.post(&format!("{path}/drift/apply"), body.clone()).await.expect(403);
    server.post("/api/v1/livekit/orphans/remove", body).await.expect(403);
}
