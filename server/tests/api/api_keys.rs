//! API keys: the routes, and authentication with them.

use std::time::Duration;

use domain::ApiKeyExpiry;
use reqwest::{Client, Method, RequestBuilder, header};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{Answer, TestServer, answer, id};

const KEYS: &str = "/api/v1/api-keys";

impl TestServer {
    /// Creates a key; returns its id and its text.
    async fn api_key(&self, fields: Value) -> (String, String) {
        let mut body = json!({ "name": "CRM" });
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        let created = self.post(KEYS, body).await.expect(201);
        (id(&created), created["key"].as_str().expect("a key").to_owned())
    }

    /// A request of a client that has no cookies.
    fn stranger(&self, method: Method, path: &str) -> RequestBuilder {
        Client::new().request(method, format!("{}{path}", self.url))
    }

    async fn with_key(&self, key: &str, path: &str) -> Answer {
        answered(self.stranger(Method::GET, path).header("X-API-Key", key)).await
    }

    async fn patch(&self, path: &str, body: Value) -> Answer {
        answered(self.client.patch(format!("{}{path}", self.url)).json(&body)).await
    }
}

async fn answered(request: RequestBuilder) -> Answer {
    answer(request.send().await.unwrap()).await
}

#[tokio::test]
async fn key_is_answered_once() {
    let server = TestServer::start().await;
    let body = json!({ "name": "CRM", "role": "viewer", "expires_at": "2099-01-01T00:00:00",
                       "allowed_addresses": ["203.0.113.9/24"] });
    let created = server.post(KEYS, body).await.expect(201);
    let key = created["key"].as_str().unwrap();
    let random = key.strip_prefix("tl_").expect("the mark");
    assert!(random.len() == 32 && random.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{key}");
    assert_eq!(created["prefix"], key[..7]);
    assert_eq!(created["role"], "viewer");
    assert_eq!(created["expires_at"], "2099-01-01T00:00:00.000Z");
    assert_eq!(created["allowed_addresses"], json!(["203.0.113.0/24"]));
    assert_eq!(created["created_by_name"], crate::harness::EMAIL);
    let path = format!("{KEYS}/{}", id(&created));
    let (listed, one) = (server.get(KEYS).await.expect(200), server.get(&path).await.expect(200));
    let changed = server.patch(&path, json!({ "name": "ERP" })).await.expect(200);
    assert_eq!((listed["total"].as_i64(), &listed["items"][0]), (Some(1), &one));
    assert_eq!(
        (&changed["name"], &changed["last_used_at"], &changed["version"]),
        (&json!("ERP"), &Value::Null, &json!(2))
    );
    let audit = server.get("/api/v1/audit?kind=api_key").await.expect(200);
    assert_eq!(audit["items"].as_array().unwrap().len(), 2);
    for body in [&listed, &one, &changed, &audit] {
        assert!(!body.to_string().contains(key), "{body}");
    }
    server.delete(&path).await.expect(204);
    server.get(&path).await.expect(404);
    server.delete(&path).await.expect(404);
}

#[tokio::test]
async fn role_that_is_absent_is_developer() {
    let server = TestServer::start().await;
    let created = server.post(KEYS, json!({ "name": "CRM" })).await.expect(201);
    assert_eq!(
        (&created["role"], &created["is_active"], &created["expires_at"]),
        (&json!("developer"), &json!(true), &Value::Null)
    );
    let (_, key) = server.api_key(json!({})).await;
    let bot = json!({ "name": "Concierge", "agent_name": "concierge" });
    let create = server.stranger(Method::POST, "/api/v1/bots").header("x-api-key", &key).json(&bot);
    answered(create).await.expect(201);
    let refused = server.with_key(&key, KEYS).await.expect(403);
    assert_eq!(refused["code"], "forbidden");
}

#[tokio::test]
async fn repetition_with_an_idempotency_key_saves_no_key() {
    let server = TestServer::start().await;
    let create = async || {
        let request = server.client.post(format!("{}{KEYS}", server.url)).header("Idempotency-Key", "create-1");
        answered(request.json(&json!({ "name": "CRM" }))).await.expect(201)["key"].as_str().unwrap().to_owned()
    };
    let keys = [create().await, create().await];
    assert_ne!(keys[0], keys[1]);
    let folder = server.folder();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for key in &keys {
            assert!(!bytes.windows(key.len()).any(|window| window == key.as_bytes()));
        }
    }
}

#[tokio::test]
async fn either_header_authenticates_and_precedes_the_cookie() {
    let server = TestServer::start().await;
    let (key_id, key) = server.api_key(json!({ "role": "viewer" })).await;
    let me = "/api/v1/auth/me";
    for (name, value) in [
        ("X-API-Key", key.clone()),
        ("x-api-key", key.clone()),
        ("X-Api-Key", key.clone()),
        ("Authorization", format!("Bearer {key}")),
        ("authorization", format!("bearer {key}")),
    ] {
        let stranger = answered(server.stranger(Method::GET, me).header(name, &value)).await.expect(200);
        assert_eq!(
            (&stranger["id"], &stranger["name"], &stranger["role"]),
            (&json!(key_id), &json!("CRM"), &json!("viewer"))
        );
        // The cookie is the administrator's, and its role would suffice.
        let with_cookie = server.client.get(format!("{}{KEYS}", server.url)).header(name, &value);
        answered(with_cookie).await.expect(403);
    }
    let login = json!({ "email": crate::harness::EMAIL, "password": crate::harness::PASSWORD });
    let token = server.post("/api/v1/auth/login", login).await.expect(200)["access_token"].as_str().unwrap().to_owned();
    let both = server.stranger(Method::GET, me).bearer_auth(&token).header("X-API-Key", &key);
    assert_eq!(answered(both).await.expect(200)["id"], key_id.as_str());
    let wrong = server.stranger(Method::GET, me).bearer_auth(&token).header("X-API-Key", "wrong");
    assert_eq!(answered(wrong).await.expect(401)["code"], "unknown_api_key");
}

#[tokio::test]
async fn request_with_a_key_needs_no_origin() {
    let server = TestServer::start().await;
    let (_, key) = server.api_key(json!({})).await;
    let create = |request: RequestBuilder| {
        let bot = json!({ "name": "Concierge", "agent_name": "concierge" });
        answered(request.header("origin", "https://crm.example.com").json(&bot))
    };
    let bots = format!("{}/api/v1/bots", server.url);
    create(server.stranger(Method::POST, "/api/v1/bots").header("X-API-Key", &key)).await.expect(201);
    create(server.stranger(Method::POST, "/api/v1/bots").bearer_auth(&key)).await.expect(201);
    assert_eq!(create(server.client.post(bots)).await.expect(403)["code"], "foreign_origin");
}

#[tokio::test]
async fn each_refusal_has_its_status_and_detail() {
    let server = TestServer::start().await;
    let refusal = async |key: &str, status: u16| {
        let refused = server.with_key(key, "/api/v1/carriers").await.expect(status);
        (refused["code"].as_str().unwrap().to_owned(), refused["detail"].as_str().unwrap().to_owned())
    };
    let expected = |code: &str, detail: &str| (code.to_owned(), detail.to_owned());
    for unknown in ["", "tl_", "vx_ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123", "tl_ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123", "é"] {
        assert_eq!(refusal(unknown, 401).await.0, "unknown_api_key", "{unknown}");
    }
    let (id, key) = server.api_key(json!({})).await;
    let path = format!("{KEYS}/{id}");
    server.with_key(&key, "/api/v1/carriers").await.expect(200);

    // Read and written in one transaction, as only something else than the server does.
    let mut tx = server.services.store().write().await.unwrap();
    let account = tx.first_account().await.unwrap().unwrap();
    let mut row = tx.api_key(&account, &id.parse().unwrap()).await.unwrap().unwrap();
    row.settings.expires_at = Some(ApiKeyExpiry::stored("next year"));
    row.version += 1;
    assert!(tx.update_api_key(&row).await.unwrap());
    tx.commit().await.unwrap();
    let invalid = expected("api_key_invalid_expiry", "API key has invalid expiry");
    assert_eq!(refusal(&key, 403).await, invalid);

    server.patch(&path, json!({ "expires_at": "2020-01-01T00:00:00" })).await.expect(200);
    assert_eq!(refusal(&key, 403).await, expected("api_key_expired", "API key has expired"));
    server.patch(&path, json!({ "is_active": false })).await.expect(200);
    assert_eq!(refusal(&key, 403).await, expected("api_key_inactive", "API key is inactive"));
    server.patch(&path, json!({ "is_active": true, "expires_at": null })).await.expect(200);
    server.with_key(&key, "/api/v1/carriers").await.expect(200);
    server.delete(&path).await.expect(204);
    assert_eq!(refusal(&key, 401).await.0, "unknown_api_key");
}

#[tokio::test]
async fn address_is_the_clients_behind_a_trusted_proxy() {
    let server = TestServer::start().await;
    let (_, key) = server.api_key(json!({ "allowed_addresses": ["203.0.113.0/24"] })).await;
    let from = |forwarded: &'static str| {
        let request = server.stranger(Method::GET, "/api/v1/carriers").header("X-API-Key", &key);
        answered(request.header("X-Forwarded-For", forwarded))
    };
    from("203.0.113.9").await.expect(200);
    from("198.51.100.1, 203.0.113.9").await.expect(200);
    for other in ["198.51.100.1", "203.0.113.9, 198.51.100.1"] {
        let refused = from(other).await.expect(403);
        assert_eq!(refused["code"], "api_key_address");
        assert_eq!(refused["detail"], "API key is not allowed from 198.51.100.1", "{other}");
    }
    let unknown = server.with_key(&key, "/api/v1/carriers").await.expect(403);
    assert!(unknown["detail"].as_str().unwrap().contains("X-Forwarded-For"), "{unknown}");
}

#[tokio::test]
async fn pages_need_a_session() {
    let server = TestServer::start().await;
    let (_, key) = server.api_key(json!({ "role": "admin" })).await;
    let no_redirect = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = no_redirect.get(format!("{}/dashboard/carriers", server.url)).header("X-API-Key", &key);
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), 303);
    assert!(page.headers()[header::LOCATION].to_str().unwrap().starts_with("/login"));
    let function = server.stranger(Method::POST, "/api/fn/bots/list").header("X-API-Key", &key).json(&json!({}));
    answered(function).await.expect(401);
}

#[tokio::test]
async fn form_without_javascript_shows_the_key_once() {
    let server = TestServer::start().await;
    let page = async |path: &str| {
        let response = server.client.get(format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    };
    let form = [("name", "CRM"), ("role", "viewer"), ("expires_at", "2099-01-01T00:00"), ("allowed_addresses", "")];
    let post = server.client.post(format!("{}/dashboard/api-keys/create", server.url)).form(&form);
    let created = post.send().await.unwrap();
    assert_eq!(created.status(), 200);
    assert_eq!(created.headers()[header::CACHE_CONTROL], "no-store");
    let created = created.text().await.unwrap();
    let is_random = |text: &str| text[3..].chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let mut texts = created.match_indices("tl_").filter_map(|(at, _)| created.get(at..at + 35));
    let key = texts.find(|text| is_random(text)).expect("the page shows the key");
    server.with_key(key, "/api/v1/carriers").await.expect(200);
    let row = server.get(KEYS).await.expect(200)["items"][0].clone();
    assert_eq!((&row["role"], &row["expires_at"]), (&json!("viewer"), &json!("2099-01-01T00:00:00.000Z")));
    for path in ["/dashboard/api-keys".to_owned(), format!("/dashboard/api-keys/{}", id(&row))] {
        let html = page(&path).await;
        assert!(html.contains(row["prefix"].as_str().unwrap()) && !html.contains(key), "{path}");
    }
}

#[tokio::test]
async fn key_cannot_log_out() {
    let server = TestServer::start().await;
    let (_, key) = server.api_key(json!({})).await;
    let logout = server.stranger(Method::POST, "/api/v1/auth/logout").header("X-API-Key", &key);
    assert_eq!(answered(logout).await.expect(403)["code"], "no_session");
}

#[tokio::test]
async fn last_use_is_written_before_the_server_stops() {
    let server = TestServer::start().await;
    let (id, key) = server.api_key(json!({})).await;
    let (refused_id, refused) = server.api_key(json!({ "is_active": false })).await;
    server.with_key(&key, "/api/v1/carriers").await.expect(200);
    server.with_key(&refused, "/api/v1/carriers").await.expect(403);
    let server = server.restart().await;
    assert!(server.get(&format!("{KEYS}/{id}")).await.expect(200)["last_used_at"].is_string());
    assert!(server.get(&format!("{KEYS}/{refused_id}")).await.expect(200)["last_used_at"].is_null());
}

#[tokio::test]
async fn stream_ends_with_its_key() {
    let server = TestServer::start().await;
    for ended_by in ["delete", "patch", "expiry"] {
        let soon = (ended_by == "expiry").then(|| domain::Timestamp::from_millis(now() + 1_500).rfc3339());
        let (id, key) = server.api_key(json!({ "expires_at": soon })).await;
        let stream = server.stranger(Method::GET, "/api/v1/events").header("X-API-Key", &key).send().await.unwrap();
        assert_eq!(stream.status(), 200);
        match ended_by {
            "delete" => drop(server.delete(&format!("{KEYS}/{id}")).await.expect(204)),
            "patch" => drop(server.patch(&format!("{KEYS}/{id}"), json!({ "is_active": false })).await.expect(200)),
            _ => {}
        }
        // Without an event it would take 15 seconds.
        assert!(timeout(Duration::from_secs(8), stream.text()).await.is_ok(), "{ended_by}");
    }
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
