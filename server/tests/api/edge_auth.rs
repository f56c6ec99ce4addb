//! `POST /auth`: digest authentication of SIP requests, and the bans that failures lead to.

use domain::{
    Secret,
    edge::digest::{DigestHash, ha1},
};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{Answer, TestServer, answer, id};

const REALM: &str = "sip.example.com";
const PASSWORD: &str = "correct horse";

/// A server with a domain, and a device `alice`.
async fn start() -> (TestServer, String) {
    let server = TestServer::start().await;
    server.post("/api/v1/edge/domains", json!({ "domain": REALM, "is_primary": true })).await.expect(201);
    let user = id(&server.post("/api/v1/edge/users", json!({ "username": "alice" })).await.expect(201));
    let device = json!({ "user_id": user, "auth_username": "alice", "realm": REALM, "password": PASSWORD });
    let device = id(&server.post("/api/v1/edge/devices", device).await.expect(201));
    (server, device)
}

async fn auth(server: &TestServer, body: &Value) -> Answer {
    answer(Client::new().post(format!("{}/auth", server.url)).json(body).send().await.unwrap()).await
}

async fn nonce(server: &TestServer) -> String {
    let body = json!({ "method": "REGISTER", "realm": REALM, "algorithm": "SHA-256" });
    let challenge = auth(server, &body).await.expect(401);
    challenge["challenge"]["nonce"].as_str().unwrap().to_owned()
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The parameters of a client that answers a challenge for SHA-256.
fn credentials(username: &str, password: &str, nonce: &str, nc: &str) -> Value {
    let ha1 = ha1(DigestHash::Sha256, username, REALM, &Secret::new(password));
    let ha2 = hash("REGISTER:sip:sip.example.com");
    let response = hash(&format!("{}:{nonce}:{nc}:c:auth:{ha2}", ha1.expose()));
    json!({
        "method": "REGISTER", "username": username, "realm": REALM, "nonce": nonce, "uri": "sip:sip.example.com",
        "response": response, "algorithm": "SHA-256", "qop": "auth", "nc": nc, "cnonce": "c", "sourceIp": "203.0.113.7",
    })
}

fn with(mut body: Value, field: &str, value: &str) -> Value {
    body[field] = json!(value);
    body
}

#[tokio::test]
async fn right_credentials_are_accepted_once() {
    let (server, device) = start().await;
    let nonce = nonce(&server).await;
    let first = credentials("alice", PASSWORD, &nonce, "00000001");
    let forged = with(first.clone(), "nc", "ffffffff");
    auth(&server, &forged).await.expect(401);
    let accepted = auth(&server, &first).await.expect(200);
    assert_eq!((&accepted["ok"], &accepted["device_id"]), (&json!(true), &json!(device)));
    assert_eq!(accepted["aor"], "alice@sip.example.com");
    auth(&server, &first).await.expect(200);
    auth(&server, &credentials("alice", PASSWORD, &nonce, "00000003")).await.expect(200);
    let replay = auth(&server, &first).await.expect(401);
    assert_eq!(replay["challenge"]["stale"], true);
}

#[tokio::test]
async fn wrong_credentials_are_challenged_alike() {
    let (server, _) = start().await;
    let nonce = nonce(&server).await;
    let right = credentials("alice", PASSWORD, &nonce, "00000001");
    for wrong in [
        with(right.clone(), "method", "INVITE"),
        with(right.clone(), "realm", "other.example.com"),
        with(right.clone(), "uri", "sip:other.example.com"),
        with(right.clone(), "response", "0"),
        with(right.clone(), "qop", "auth-int"),
        with(right.clone(), "nc", "00000000"),
        credentials("alice", "wrong", &nonce, "00000001"),
        credentials("nobody", PASSWORD, &nonce, "00000001"),
    ] {
        let answer = auth(&server, &wrong).await.expect(401);
        assert_eq!((&answer["ok"], &answer["challenge"]["stale"]), (&json!(false), &json!(false)), "{wrong}");
        assert_eq!(answer["challenge"]["realm"], REALM, "{wrong}");
    }
    auth(&server, &right).await.expect(200);
}

#[tokio::test]
async fn fifty_challenges_cause_no_ban() {
    let (server, _) = start().await;
    for _ in 0..50 {
        let body = json!({ "method": "REGISTER", "sourceIp": "203.0.113.7" });
        auth(&server, &body).await.expect(401);
    }
    let nonce = nonce(&server).await;
    auth(&server, &credentials("alice", PASSWORD, &nonce, "00000001")).await.expect(200);
}

#[tokio::test]
async fn stuck_phone_is_banned_alone_until_lifted() {
    let (server, _) = start().await;
    let nonce = nonce(&server).await;
    let stuck = credentials("stuck", "old", &nonce, "00000001");
    for _ in 0..10 {
        auth(&server, &stuck).await.expect(401);
    }
    assert_eq!(auth(&server, &stuck).await.expect(403)["reason"], "banned");
    auth(&server, &credentials("alice", PASSWORD, &nonce, "00000001")).await.expect(200);
    let ban = loop {
        let list = server.get("/api/v1/edge/bans?status=active&q=stuck").await.expect(200);
        if let Some(ban) = list["bans"].as_array().and_then(|bans| bans.first()) {
            break ban.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!((&ban["ip"], &ban["user"], &ban["count"]), (&json!("203.0.113.7"), &json!("stuck"), &json!(10)));
    let lifted = server.post(&format!("/api/v1/edge/bans/{}/lift", id(&ban)), json!({})).await.expect(200);
    assert_eq!(lifted["status"], "lifted");
    auth(&server, &stuck).await.expect(401);
}

#[tokio::test]
async fn report_replaces_the_last_one() {
    let server = TestServer::start().await;
    let report = async |bans: Value| {
        let body = json!({ "node": "edge-1", "bans": bans });
        let sent = Client::new().post(format!("{}/security/report", server.url)).json(&body).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::OK);
        answer(sent).await.expect(200)
    };
    let ban = |ip: &str| json!({ "ip": ip, "reason": "pike" });
    let first = report(json!([ban("198.51.100.1"), ban("198.51.100.2"), ban("127.0.0.1")])).await;
    assert_eq!(first["lift"], json!(["127.0.0.1"]));
    let active = async || server.get("/api/v1/edge/bans?status=active").await.expect(200);
    assert_eq!(active().await["total"], 2);
    assert_eq!(server.get("/api/v1/edge/bans?flagged=1").await.expect(200)["bans"][0]["flag"], "this machine");
    let bans = active().await;
    let lifted = bans["bans"].as_array().unwrap().iter().find(|ban| ban["ip"] == "198.51.100.2").unwrap();
    server.post(&format!("/api/v1/edge/bans/{}/lift", id(lifted)), json!({})).await.expect(200);
    let second = report(json!([ban("198.51.100.2")])).await;
    assert_eq!(second["lift"], json!(["198.51.100.2"]));
    assert_eq!(active().await["total"], 0);
}

#[tokio::test]
async fn allowed_source_is_unbanned_and_not_banned_again() {
    let (server, _) = start().await;
    let url = |path: &str| format!("{}{path}", server.url);
    let client = Client::new();
    let report = json!({ "node": "edge-1", "bans": [{ "ip": "203.0.113.7", "reason": "pike" }] });
    let send = |body: Value| client.post(url("/security/report")).json(&body).send();
    answer(send(report.clone()).await.unwrap()).await.expect(200);

    let entry = json!({ "ip": "203.0.113.0/28", "reason": "Office" });
    let allow = || client.post(url("/security/allow")).json(&entry).send();
    assert_eq!(answer(allow().await.unwrap()).await.expect(200), entry);
    assert_eq!(answer(allow().await.unwrap()).await.expect(200), entry, "it stays as it is");
    let list = answer(client.get(url("/security/allow")).send().await.unwrap()).await.expect(200);
    assert_eq!(list, json!({ "allow": [entry] }));
    let bans = answer(client.get(url("/security/bans?status=active")).send().await.unwrap()).await.expect(200);
    assert_eq!(bans["total"], 0);

    let reported = answer(send(report).await.unwrap()).await.expect(200);
    assert_eq!(reported["lift"], json!(["203.0.113.7"]));
    assert!(reported["allow"].as_array().unwrap().contains(&json!("203.0.113.0/28")), "{reported}");

    let remove = |ip: &str| client.delete(url(&format!("/security/allow/{ip}"))).send();
    answer(remove("203.0.113.0%2F28").await.unwrap()).await.expect(204);
    answer(remove("203.0.113.0%2F28").await.unwrap()).await.expect(404);
    answer(remove("nowhere").await.unwrap()).await.expect(422);
    answer(client.post(url("/security/allow")).json(&json!({ "ip": "0.0.0.0/0" })).send().await.unwrap())
        .await
        .expect(422);
}
