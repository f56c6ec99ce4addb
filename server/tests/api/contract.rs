//! What holds for every route.

use reqwest::{Client, Method, StatusCode, header};
use serde_json::json;

use crate::harness::{TestServer, answer, id};

const ROUTES: [(&str, &str); 22] = [
    ("GET", "/api/v1/auth/me"),
    ("POST", "/api/v1/auth/logout"),
    ("GET", "/api/v1/bots"),
    ("POST", "/api/v1/bots"),
    ("GET", "/api/v1/bots/bot_01hf7yat000000000000000000"),
    ("PUT", "/api/v1/bots/bot_01hf7yat000000000000000000"),
    ("GET", "/api/v1/carriers"),
    ("POST", "/api/v1/carriers"),
    ("GET", "/api/v1/carriers/car_01hf7yat000000000000000000"),
    ("PUT", "/api/v1/carriers/car_01hf7yat000000000000000000"),
    ("DELETE", "/api/v1/carriers/car_01hf7yat000000000000000000"),
    ("POST", "/api/v1/carriers/car_01hf7yat000000000000000000/sync"),
    ("POST", "/api/v1/carriers/car_01hf7yat000000000000000000/dids"),
    ("PUT", "/api/v1/carriers/car_01hf7yat000000000000000000/dids/did_01hf7yat000000000000000000"),
    ("GET", "/api/v1/integrations/exotel"),
    ("PUT", "/api/v1/integrations/exotel"),
    ("DELETE", "/api/v1/integrations/exotel"),
    ("GET", "/api/v1/integrations/exotel/summary"),
    ("POST", "/api/v1/integrations/exotel/test"),
    ("GET", "/api/v1/integrations/exotel/numbers"),
    ("POST", "/api/v1/integrations/exotel/import"),
    ("GET", "/api/v1/events"),
];

#[tokio::test]
async fn nothing_answers_a_stranger() {
    let server = TestServer::start().await;
    for (method, path) in ROUTES {
        let request = Client::new().request(method.parse::<Method>().unwrap(), format!("{}{path}", server.url));
        let response = request.json(&json!({})).send().await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{method} {path}");
        assert_eq!(answer(response).await.expect(401)["code"], "unauthenticated", "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_missing_malformed_or_too_large_is_a_problem() {
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
async fn every_answer_has_a_request_id_and_a_sane_one_is_kept() {
    let server = TestServer::start().await;
    let url = format!("{}/healthz", server.url);
    let kept = server.client.get(&url).header("x-request-id", "edge-42").send().await.unwrap();
    assert_eq!(kept.headers()["x-request-id"], "edge-42");
    let fresh = server.client.get(&url).header("x-request-id", "no blanks please").send().await.unwrap();
    assert_eq!(fresh.headers()["x-request-id"].len(), 32);
}

#[tokio::test]
async fn health_readiness_and_metrics_answer_without_a_login() {
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
