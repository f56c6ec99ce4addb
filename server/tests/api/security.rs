use api_types::input::{BotInput, CarrierInput, DidInput};
use domain::{AccountId, Bot, BotId, Carrier, CarrierId, Did, DidId, SyncState, Timestamp};
use reqwest::{Client, StatusCode, header};
use serde_json::json;
use ulid::Ulid;

use crate::harness::{EMAIL, PASSWORD, TestServer, answer, id};

#[tokio::test]
async fn cross_site_request_is_rejected() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let attack = |name: &'static str, value: &'static str| {
        let url = format!("{}/api/v1/carriers/{carrier}", server.url);
        server.client.delete(url).header(name, value).send()
    };
    for (name, value) in [("origin", "https://evil.example.com"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
    {
        let refused = answer(attack(name, value).await.unwrap()).await.expect(403);
        assert_eq!(refused["code"], "foreign_origin", "{name}: {value}");
    }
    server.get(&format!("/api/v1/carriers/{carrier}")).await.expect(200);
}

#[tokio::test]
async fn login_ignores_a_planted_session_cookie() {
    let server = TestServer::start().await;
    let planted = "access_token=planted-by-an-attacker";
    let login = Client::new().post(format!("{}/api/v1/auth/login", server.url)).header(header::COOKIE, planted);
    let response = login.json(&json!({ "email": EMAIL, "password": PASSWORD })).send().await.unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(!cookie.contains("planted"), "{cookie}");
}

#[tokio::test]
async fn passwords_are_absent_from_responses_and_disk() {
    const SECRET: &str = "tell-nobody-9137";
    let server = TestServer::start().await;
    let carrier = server.carrier(json!({ "auth_password": SECRET })).await;
    let path = format!("/api/v1/carriers/{}", id(&carrier));
    let updated = server.put(&path, json!({ "auth_password": format!("{SECRET}-2"), "version": 1 })).await.expect(200);
    let listed = server.get("/api/v1/carriers").await.expect(200);
    for answer in [&carrier, &updated, &listed] {
        assert!(!answer.to_string().contains(SECRET), "{answer}");
    }
    for entry in std::fs::read_dir(server.folder()).unwrap() {
        let file = entry.unwrap().path();
        // The sandbox simulates LiveKit, which needs the password.
        if file.file_name().is_some_and(|name| name.to_string_lossy().contains("sandbox")) {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        assert!(!found, "{}", file.display());
    }
}

#[tokio::test]
async fn pages_have_a_fresh_nonce_and_require_a_session() {
    let server = TestServer::start().await;
    let page = async || Client::new().get(format!("{}/login", server.url)).send().await.unwrap();
    let policies =
        [page().await, page().await].map(|page| page.headers()["content-security-policy"].to_str().unwrap().to_owned());
    assert_ne!(policies[0], policies[1]);
    let scripts = policies[0].split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
    assert!(scripts.contains("'nonce-") && !scripts.contains("unsafe-inline"), "{scripts}");

    let anonymous = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let response = anonymous.get(format!("{}/dashboard/carriers?q=x", server.url)).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/login?next=%2Fdashboard%2Fcarriers%3Fq%3Dx");
}

#[tokio::test]
async fn cross_site_form_is_rejected() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let bot = server.bot("Concierge").await;
    for path in [
        "/dashboard/carriers/create".to_owned(),
        format!("/dashboard/carriers/{carrier}"),
        format!("/dashboard/carriers/{carrier}?edit=1"),
        format!("/dashboard/carriers/{carrier}?delete=1"),
        format!("/dashboard/carriers/{carrier}?did=new"),
        format!("/dashboard/carriers/{carrier}?remove-selected=1"),
        format!("/dashboard/bots/{bot}?delete=1"),
        "/login".to_owned(),
        "/logout".to_owned(),
    ] {
        let form = [("name", "Evil"), ("sip_address", "evil.example.com"), ("email", EMAIL), ("password", PASSWORD)];
        let posted = server.client.post(format!("{}{path}", server.url)).header("origin", "https://evil.example.com");
        let refused = posted.form(&form).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path}");
        assert!(!refused.headers().contains_key(header::SET_COOKIE), "{path}");
    }
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 1);
    assert_eq!(server.get(&format!("/api/v1/carriers/{carrier}")).await.expect(200)["name"], "Twilio");
    server.get(&format!("/api/v1/bots/{bot}")).await.expect(200);
}

#[tokio::test]
async fn logout_ends_one_session_only() {
    let server = TestServer::start().await;
    let login = async || {
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let sent = Client::new().post(format!("{}/api/v1/auth/login", server.url)).json(&body).send().await.unwrap();
        answer(sent).await.expect(200)["access_token"].as_str().unwrap().to_owned()
    };
    let (first, second) = (login().await, login().await);
    assert_ne!(first, second);
    let ask = async |method: reqwest::Method, path: &str, token: &str| {
        let sent = Client::new().request(method, format!("{}{path}", server.url)).bearer_auth(token).send().await;
        sent.unwrap().status()
    };
    assert_eq!(ask(reqwest::Method::POST, "/api/v1/auth/logout", &first).await, StatusCode::NO_CONTENT);
    assert_eq!(ask(reqwest::Method::GET, "/api/v1/auth/me", &first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(reqwest::Method::GET, "/api/v1/auth/me", &second).await, StatusCode::OK);
    // The token does not work as a cookie either.
    let anonymous = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = anonymous.get(format!("{}/dashboard/carriers", server.url));
    let page = page.header(header::COOKIE, format!("access_token={first}")).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
}

/// Rows of an account that the test's user does not belong to.
struct Foreign {
    carrier: Carrier,
    did: Did,
    bot: Bot,
}

impl Foreign {
    async fn rows(server: &TestServer) -> Self {
        const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
        let ulid = |counter| Ulid::from_parts(1_790_000_000_000, counter);
        let account_id = AccountId::new(ulid(1));
        let input: CarrierInput = serde_json::from_value(json!({ "name": "Theirs", "sip_address": "a.b" })).unwrap();
        let carrier = Carrier {
            id: CarrierId::new(ulid(2)),
            account_id: account_id.clone(),
            settings: input.parse(None).unwrap(),
            sync: SyncState::default(),
            created_by: None,
            created_at: NOW,
            updated_at: NOW,
            version: 1,
        };
        let input: DidInput = serde_json::from_value(json!({ "number": "+14155550177" })).unwrap();
        let (number, settings) = input.parse_new(None).unwrap();
        let did = Did {
            id: DidId::new(ulid(3)),
            account_id: account_id.clone(),
            carrier_id: carrier.id.clone(),
            number,
            settings,
            created_at: NOW,
            updated_at: NOW,
            version: 1,
        };
        let input: BotInput = serde_json::from_value(json!({ "name": "Theirs", "agent_name": "theirs" })).unwrap();
        let bot = Bot {
            id: BotId::new(ulid(4)),
            account_id: account_id.clone(),
            settings: input.parse(None).unwrap(),
            created_at: NOW,
            updated_at: NOW,
            version: 1,
        };
        let mut tx = server.services.store().write().await.unwrap();
        tx.insert_account(&account_id, "Others", NOW).await.unwrap();
        tx.insert_carrier(&carrier).await.unwrap();
        assert!(tx.insert_did(&did).await.unwrap());
        tx.insert_bot(&bot).await.unwrap();
        tx.commit().await.unwrap();
        Self { carrier, did, bot }
    }
}

#[tokio::test]
async fn rows_of_another_account_are_not_found() {
    let server = TestServer::start().await;
    let Foreign { carrier, did, bot } = Foreign::rows(&server).await;
    let ours = id(&server.carrier(json!({})).await);
    let theirs = format!("/api/v1/carriers/{}", carrier.id);
    let their_bot = format!("/api/v1/bots/{}", bot.id);
    let mixed = format!("/api/v1/carriers/{ours}/dids/{}", did.id);
    for path in [&theirs, &their_bot] {
        server.get(path).await.expect(404);
        server.put(path, json!({ "name": "Ours now" })).await.expect(404);
        server.delete(path).await.expect(404);
    }
    server.post(&format!("{theirs}/sync"), json!({})).await.expect(404);
    server.post(&format!("{theirs}/dids"), json!({ "number": "+14155550178" })).await.expect(404);
    for path in [&mixed, &format!("{theirs}/dids/{}", did.id)] {
        server.put(path, json!({ "label": "Ours now" })).await.expect(404);
        server.delete(path).await.expect(404);
    }
    for path in [format!("/dashboard/carriers/{}", carrier.id), format!("/dashboard/bots/{}", bot.id)] {
        let page = server.client.get(format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(!page.text().await.unwrap().contains("Theirs"), "{path}");
    }
    // The foreign bot answers no DID of this account. Numbers are unique within an account only.
    let dids = format!("/api/v1/carriers/{ours}/dids");
    let body = json!({ "number": "+14155550177", "bot_id": bot.id.as_str() });
    let refused = server.post(&dids, body).await.errors(422);
    assert_eq!(refused[0].0, "bot_id");
    server.post(&dids, json!({ "number": "+14155550177" })).await.expect(201);
    for list in ["/api/v1/carriers?q=Theirs", "/api/v1/bots"] {
        assert!(!server.get(list).await.expect(200).to_string().contains("Theirs"), "{list}");
    }
    let mut tx = server.services.store().read().await.unwrap();
    assert_eq!(tx.carrier(&carrier.account_id, &carrier.id).await.unwrap().unwrap().settings, carrier.settings);
}
