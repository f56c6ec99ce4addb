use std::time::Duration;

use futures::StreamExt;
use serde_json::json;
use tokio::time::timeout;

use crate::harness::{EMAIL, PASSWORD, TestServer, id};

/// Reads the stream until it has sent all of these, in any order.
async fn hears(server: &TestServer, response: reqwest::Response, expected: &[String]) -> String {
    let mut stream = response.bytes_stream();
    let mut heard = String::new();
    let reading = async {
        while let Some(Ok(bytes)) = stream.next().await {
            heard.push_str(&String::from_utf8_lossy(&bytes));
            if expected.iter().all(|line| heard.contains(line)) {
                break;
            }
        }
    };
    assert!(timeout(Duration::from_secs(20), reading).await.is_ok(), "{}: heard only {heard}", server.url);
    heard
}

#[tokio::test]
async fn change_and_its_sync_are_published() {
    let server = TestServer::start().await;
    let stream = server.client.get(format!("{}/api/v1/events", server.url)).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let carrier = id(&server.carrier(json!({})).await);
    let expected =
        ["created", "synced"].map(|kind| format!(r#"{{"noun":"carrier","kind":"{kind}","id":"{carrier}"}}"#));
    hears(&server, stream, &expected).await;
}

#[tokio::test]
async fn login_is_published() {
    let server = TestServer::start().await;
    let stream = server.client.get(format!("{}/api/v1/events", server.url)).send().await.unwrap();
    let login = json!({ "email": EMAIL, "password": PASSWORD });
    let user = server.post("/api/v1/auth/login", login).await.expect(200)["user"]["id"].clone();
    hears(&server, stream, &[format!(r#"{{"noun":"session","kind":"created","id":{user}}}"#)]).await;
}

#[tokio::test]
async fn stream_ends_when_the_server_stops() {
    let server = TestServer::start().await;
    let stream = server.client.get(format!("{}/api/v1/events", server.url)).send().await.unwrap();
    let (_server, rest) = tokio::join!(server.restart(), timeout(Duration::from_secs(20), stream.text()));
    assert!(rest.is_ok());
}
