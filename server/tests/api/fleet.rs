use fleet_fake::{Fake, Fault, Route};
use serde_json::{Value, json};

use crate::harness::TestServer;

const SETTINGS: &str = "/api/v1/settings/fleet";
const STATUS: &str = "/api/v1/fleet/status";

#[tokio::test]
async fn list_of_urls_becomes_the_fleet() {
    let server = TestServer::start().await;
    let empty = server.get(SETTINGS).await.expect(200);
    assert_eq!(empty, json!({ "core_fleet": [], "version": 0 }));
    let list = json!(["https://Core-1.example.com/", { "url": "http://core-2:8080", "name": "Two", "enabled": false }]);
    let saved = server.put(SETTINGS, json!({ "core_fleet": list, "version": 0 })).await.expect(200);
    let read = server.get(SETTINGS).await.expect(200);
    assert_eq!(saved, read);
    assert_eq!(urls(&read), ["https://core-1.example.com", "http://core-2:8080"]);
    assert_eq!((&read["core_fleet"][0]["enabled"], &read["core_fleet"][1]["name"]), (&json!(true), &json!("Two")));

    // The answer is a valid body, and a bare URL keeps the rest of its server.
    let again = server.put(SETTINGS, read.clone()).await.expect(200);
    assert_eq!(again, read, "nothing was changed");
    let shorter = server.put(SETTINGS, json!({ "core_fleet": ["http://core-2:8080"] })).await.expect(200);
    assert_eq!(shorter["core_fleet"][0], read["core_fleet"][1]);
}

fn urls(settings: &Value) -> Vec<&str> {
    settings["core_fleet"].as_array().unwrap().iter().map(|server| server["url"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn stale_version_is_rejected_with_the_current_list() {
    let server = TestServer::start().await;
    let first = server.put(SETTINGS, json!({ "core_fleet": ["http://core-1"], "version": 0 })).await.expect(200);
    let late = server.put(SETTINGS, json!({ "core_fleet": [], "version": 0 })).await.expect(409);
    assert_eq!((&late["code"], &late["current"]), (&json!("stale_version"), &first));
    assert_eq!(server.get(SETTINGS).await.expect(200), first);
}

#[tokio::test]
async fn invalid_list_is_rejected_with_its_entry() {
    let server = TestServer::start().await;
    for (list, code) in [
        (json!(["core-1"]), "bad_scheme"),
        (json!(["http://user:pass@core-1"]), "has_user"),
        (json!(["http://core-1?x=1"]), "has_query"),
        (json!(["http://core-1", "http://core-1:80/"]), "duplicate_url"),
        (json!([{ "name": "One" }]), "required"),
        (json!([{ "url": "http://core-1", "enabled": "maybe" }]), "bad_flag"),
    ] {
        let errors = server.put(SETTINGS, json!({ "core_fleet": list })).await.errors(422);
        assert_eq!(errors, [("core_fleet".to_owned(), code.to_owned())]);
    }
    server.put(SETTINGS, json!({})).await.expect(422);
    server.put(SETTINGS, json!({ "core_fleet": [7] })).await.expect(400);
    assert_eq!(server.get(SETTINGS).await.expect(200)["version"], 0);
}

#[tokio::test]
async fn status_has_the_published_fields() {
    let server = TestServer::start().await;
    assert_eq!(server.get(STATUS).await.expect(200)["workers"], json!([]));
    let (healthy, failing) = (Fake::start().await, Fake::start().await);
    healthy.report(10, 3, 6);
    failing.fail_always(Route::Health, Fault::Answer { status: 500, body: String::new() });
    server.put(SETTINGS, json!({ "core_fleet": [healthy.url(), failing.url()] })).await.expect(200);
    let status = server.get(STATUS).await.expect(200);
    assert_eq!((&status["total_capacity"], &status["active_calls"]), (&json!(10), &json!(6)));
    assert_eq!(status["available"], 4, "capacity without calls");
    let worker = &status["workers"][0];
    assert_eq!(worker["workers"], json!([{ "id": "worker-1", "calls": 6, "max": 10, "pid": 4711 }]));
    let numbers = ["total_capacity", "total_available", "worker_calls"].map(|name| worker[name].as_u64().unwrap());
    assert_eq!((&worker["url"], &worker["status"], numbers), (&json!(healthy.url()), &json!("healthy"), [10, 3, 6]));
    let worker = &status["workers"][1];
    assert_eq!((&worker["status"], &worker["reason"]), (&json!("unreachable"), &json!("status 500")));
    assert_eq!((&worker["total_capacity"], &worker["workers"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn fleet_is_for_administrators() {
    let mut server = TestServer::start().await;
    server.become_viewer().await;
    for path in [SETTINGS, STATUS] {
        server.get(path).await.expect(403);
    }
    server.put(SETTINGS, json!({ "core_fleet": [] })).await.expect(403);
}
