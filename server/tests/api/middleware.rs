//! Compression, identity and shutdown, across routes.

use std::time::Duration;

use reqwest::{Response, StatusCode, header};
use serde_json::json;

use crate::harness::TestServer;

async fn get(server: &TestServer, path: &str, accept_encoding: &str) -> Response {
    let request = server.client.get(format!("{}{path}", server.url));
    request.header(header::ACCEPT_ENCODING, accept_encoding).send().await.unwrap()
}

#[tokio::test]
async fn json_and_pages_are_compressed() {
    let server = TestServer::start().await;
    server.carrier(json!({})).await;
    for path in ["/api/v1/carriers", "/dashboard/carriers", "/api/openapi.json", "/api/docs"] {
        let plain = get(&server, path, "identity").await;
        assert_eq!(plain.status(), StatusCode::OK, "{path}");
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING), "{path}");
        assert_eq!(plain.headers()[header::VARY], "accept-encoding", "{path}");
        let length = plain.bytes().await.unwrap().len();
        let compressed = get(&server, path, "gzip, br").await;
        assert_eq!(compressed.headers()[header::CONTENT_ENCODING], "gzip", "{path}");
        assert_eq!(compressed.headers()[header::VARY], "accept-encoding", "{path}");
        let bytes = compressed.bytes().await.unwrap();
        assert!(bytes.starts_with(&[0x1f, 0x8b]) && bytes.len() < length, "{path}: {} of {length}", bytes.len());
    }
}

#[tokio::test]
async fn events_are_sent_uncompressed() {
    let server = TestServer::start().await;
    let mut events = get(&server, "/api/v1/events", "gzip").await;
    assert!(!events.headers().contains_key(header::CONTENT_ENCODING));
    let opening = tokio::time::timeout(Duration::from_secs(10), events.chunk()).await.unwrap().unwrap().unwrap();
    assert!(opening.starts_with(b":"), "{opening:?}");
}

#[tokio::test]
async fn only_pages_and_the_api_query_the_identity() {
    let server = TestServer::start().await;
    server.services.store().close().await;
    for path in ["/healthz", "/api/openapi.json", "/guide/pacing", "/api/v1/unknown"] {
        let status = get(&server, path, "identity").await.status();
        assert!(!status.is_server_error(), "{path}: {status}");
    }
    assert_eq!(get(&server, "/readyz", "identity").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    for path in ["/api/v1/carriers", "/dashboard/carriers"] {
        assert!(get(&server, path, "identity").await.status().is_server_error(), "{path}");
    }
}

#[tokio::test]
async fn stop_does_not_wait_for_a_busy_database() {
    let server = TestServer::start().await;
    let services = server.services.clone();
    let busy = services.store().read().await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), server.stop()).await.expect("the server stops");
    drop(busy);
}
