//! The rules for every route.

use reqwest::{Client, Method, StatusCode, header};
use serde_json::json;

use crate::harness::{TestServer, answer, id};

/// Checks every route: each has its operation in the OpenAPI document.
#[tokio::test]
async fn operations_require_their_credentials() {
    let server = TestServer::start().await;
    let document = server.get("/api/openapi.json").await.expect(200);
    let (mut open, mut closed) = (Vec::new(), 0);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let ways = operation["security"].as_array();
            let accepts = |scheme: &str| ways.is_some_and(|ways| ways.contains(&json!({ scheme: [] })));
            // From this machine the edge's paths need no token.
            let is_gated = accepts("edge_token") || accepts("admin_token");
            let is_open = !is_gated && ways.is_some_and(|ways| ways.contains(&json!({})));
            if is_open {
                open.push(path.as_str());
                continue;
            }
            let method = method.to_uppercase().parse::<Method>().unwrap();
            let address = path.replace("{id}", "car_01hf7yat000000000000000000").replace("{did_id}", "did_1");
            let mut request = Client::new().request(method.clone(), format!("{}{address}", server.url));
            if is_gated {
                // In the sandbox they are open to this machine, but not to proxies.
                request = request.header("x-forwarded-for", "203.0.113.7");
            }
            let response = request.json(&json!({})).send().await.unwrap();
            closed += 1;
            if operation["tags"] == json!(["Trunks"]) {
                let envelope = json!({ "success": false, "message": "Invalid API key", "data": null });
                assert_eq!(answer(response).await.expect(401), envelope, "{method} {path}");
                continue;
            }
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{method} {path}");
            let (status, code) = match (accepts("core_secret"), accepts("edge_token")) {
                (true, _) => (403, "wrong_core_secret"),
                (_, true) => (403, "edge_address"),
                _ if accepts("admin_token") => (403, "edge_monitor"),
                _ => (401, "unauthenticated"),
            };
            assert_eq!(answer(response).await.expect(status)["code"], code, "{method} {path}");
        }
    }
    open.sort_unstable();
    assert_eq!(
        open,
        [
            "/api/v1/auth/login",
            "/api/v1/auth/password-link",
            "/api/v1/livekit/webhook",
            "/api/v1/setup",
            "/healthz",
            "/hooks/carrier",
            "/metrics",
            "/readyz",
            "/v1/{path}"
        ]
    );
    assert!(closed > 20, "{closed}");
}

#[tokio::test]
async fn tags_of_operations_are_declared() {
    let document = TestServer::start().await.get("/api/openapi.json").await.expect(200);
    let declared: Vec<_> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            let tags = operation["tags"].as_array().unwrap();
            // The page of the document has a section for each declared tag, and no other.
            assert!(tags.len() == 1 && declared.contains(&&tags[0]), "{path}: {tags:?}");
        }
    }
}

#[tokio::test]
async fn missing_malformed_and_large_requests_are_problems() {
    let server = TestServer::start().await;
    for path in
        ["/api/v1/carriers/car_01hf7yat000000000000000000", "/api/v1/carriers/42", "/api/v1/bots/..%2f", "/api/v1/x"]
    {
        assert_eq!(server.get(path).await.expect(404)["status"], 404, "{path}");
    }
    server.delete("/api/v1/carriers").await.expect(405);
    let post = |body: &'static str, kind: &'static str| {
        server
            .client
            .post(format!("{}/api/v1/carriers", server.url))
            .header(header::CONTENT_TYPE, kind)
            .body(body)
            .send()
    };
    answer(post("{", "application/json").await.unwrap()).await.expect(400);
    answer(post("[]", "application/json").await.unwrap()).await.expect(400);
    answer(post("{\"name\": {\"deep\": 1}}", "application/json").await.unwrap()).await.expect(400);
    answer(post("name=x", "application/x-www-form-urlencoded").await.unwrap()).await.expect(415);
    let long = json!({ "name": "x".repeat(70_000) });
    server.post("/api/v1/carriers", long).await.expect(413);
}

#[tokio::test]
async fn request_id_is_echoed_or_generated() {
    let server = TestServer::start().await;
    let url = format!("{}/healthz", server.url);
    let kept = server.client.get(&url).header("x-request-id", "edge-42").send().await.unwrap();
    assert_eq!(kept.headers()["x-request-id"], "edge-42");
    let fresh = server.client.get(&url).header("x-request-id", "no spaces please").send().await.unwrap();
    let fresh = fresh.headers()["x-request-id"].to_str().unwrap();
    // A UUID.
    assert!(fresh.len() == 36 && fresh.chars().all(|c| c == '-' || c.is_ascii_hexdigit()), "{fresh}");
}

#[tokio::test]
async fn health_and_metrics_need_no_session() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    server.synced(&carrier).await;
    let text = async |path: &str| Client::new().get(format!("{}{path}", server.url)).send().await.unwrap();
    assert_eq!(text("/healthz").await.status(), StatusCode::OK);
    assert_eq!(text("/readyz").await.status(), StatusCode::OK);
    let metrics = text("/metrics").await.text().await.unwrap();
    for name in ["trunkline_http_requests_total", "trunkline_syncs_total", "trunkline_sync_backlog"] {
        assert!(metrics.contains(name), "{name}");
    }
}

#[tokio::test]
async fn unknown_methods_are_one_metric_label() {
    let server = TestServer::start().await;
    for method in ["BREW", "WHEN", "PROPFIND"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        server.client.request(method, format!("{}/healthz", server.url)).send().await.unwrap();
    }
    let metrics = server.client.get(format!("{}/metrics", server.url)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("method=\"other\""), "{metrics}");
    assert!(!metrics.contains("BREW"), "{metrics}");
}
