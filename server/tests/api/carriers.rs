use serde_json::{Value, json};

use crate::harness::{TestServer, id};

/// Every field of the specification, and no password.
#[tokio::test]
async fn json_has_the_specified_fields() {
    let server = TestServer::start().await;
    let carrier = server.carrier(json!({ "allowed_addresses": ["54.172.60.0/30"], "destination_country": "US" })).await;
    let mut names: Vec<&str> = carrier.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let mut expected = vec![
        "id",
        "name",
        "provider",
        "sip_address",
        "transport",
        "destination_country",
        "auth_username",
        "auth_password",
        "allowed_addresses",
        "inbound_auth",
        "krisp_enabled",
        "accept_any_source",
        "outbound_cps",
        "outbound_burst",
        "outbound_channels",
        "dids",
        "did_count",
        "lk_sync_status",
        "lk_sync_error",
        "lk_last_synced_at",
        "lk_next_sync_at",
        "lk_inbound_trunk_id",
        "lk_outbound_trunk_id",
        "created_by",
        "created_at",
        "updated_at",
        "version",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(carrier["auth_password"], "********");
    let open = server.carrier(json!({ "auth_username": null, "auth_password": null })).await;
    assert_eq!((&open["auth_username"], &open["auth_password"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn carrier_survives_a_restart() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}");
    server.post(&format!("{path}/dids"), json!({ "number": "+1 415 555 0134", "bot_id": bot })).await.expect(201);
    let before = server.synced(&carrier).await;
    let observed = server.livekit().await;

    let server = server.restart().await;
    assert_eq!(server.get(&path).await.expect(200), before);
    assert_eq!(server.livekit().await, observed);
    assert_eq!(observed["inbound"].as_array().unwrap().len(), 1);
    assert_eq!(observed["inbound"][0]["sip_trunk_id"], before["lk_inbound_trunk_id"]);
}

#[tokio::test]
async fn missing_blank_or_masked_password_is_kept() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}");
    let mut version = 1;
    for kept in [json!({}), json!({ "auth_password": "" }), json!({ "auth_password": "********" })] {
        let mut body = kept.clone();
        body["outbound_burst"] = json!(20 + version);
        body["version"] = json!(version);
        let saved = server.put(&path, body).await.expect(200);
        assert_eq!(saved["auth_password"], "********", "{kept}");
        version = saved["version"].as_i64().unwrap();
    }
    // LiveKit has the password: the outbound trunk still has its credentials.
    server.post(&format!("{path}/dids"), json!({ "number": "+14155550134" })).await.expect(201);
    server.synced(&carrier).await;
    let outbound = &server.livekit().await["outbound"][0];
    assert_eq!((&outbound["auth_username"], &outbound["auth_password"]), (&json!("acme"), &json!("********")));
}

#[tokio::test]
async fn ip_mode_requires_an_address() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}");
    let refused = server.put(&path, json!({ "inbound_auth": "ip", "allowed_addresses": [], "version": 1 })).await;
    assert_eq!(refused.errors(422), [("allowed_addresses".to_owned(), "allowlist_required".to_owned())]);
    let accepted =
        server.put(&path, json!({ "inbound_auth": "ip", "allowed_addresses": ["203.0.113.7"], "version": 1 })).await;
    assert_eq!(accepted.expect(200)["allowed_addresses"], json!(["203.0.113.7"]));
}

#[tokio::test]
async fn stale_version_is_rejected_with_the_current_row() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}");
    server.put(&path, json!({ "name": "First", "version": 1 })).await.expect(200);
    let refused = server.put(&path, json!({ "name": "Second", "version": 1 })).await.expect(409);
    assert_eq!(refused["code"], "stale_version");
    assert_eq!(refused["current"]["name"], "First");
    assert_eq!(server.get(&path).await.expect(200)["name"], "First");
}

#[tokio::test]
async fn one_of_two_concurrent_updates_is_rejected() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}");
    let (a, b) = tokio::join!(
        server.put(&path, json!({ "name": "A", "version": 1 })),
        server.put(&path, json!({ "name": "B", "version": 1 })),
    );
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(server.get(&path).await.expect(200)["version"], 2);
}

#[tokio::test]
async fn delete_removes_dids_and_livekit_objects() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}");
    server.post(&format!("{path}/dids"), json!({ "number": "+14155550134", "bot_id": bot })).await.expect(201);
    server.synced(&carrier).await;
    server.delete(&path).await.expect(204);
    server.get(&path).await.expect(404);
    server.livekit_until(|observed| *observed == json!({ "inbound": [], "outbound": [], "rules": [] })).await;
    // The number can be added again.
    let other = id(&server.carrier(json!({ "name": "Other" })).await);
    server.post(&format!("/api/v1/carriers/{other}/dids"), json!({ "number": "+14155550134" })).await.expect(201);
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["number_total"], 1);
}

#[tokio::test]
async fn list_is_searched_sorted_and_paged() {
    let server = TestServer::start().await;
    for (name, address) in [("beta", "b.example.com"), ("Alpha", "a.example.com"), ("gamma", "100%_c.example.com")] {
        let address = address.replace("100%_", "hundred");
        server.carrier(json!({ "name": name, "sip_address": address })).await;
    }
    let names = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    let list = async |query: &str| server.get(&format!("/api/v1/carriers{query}")).await.expect(200);
    assert_eq!(names(&list("").await), ["Alpha", "beta", "gamma"]);
    assert_eq!(names(&list("?sort=-name").await), ["gamma", "beta", "Alpha"]);
    assert_eq!(names(&list("?q=BETA").await), ["beta"]);
    assert_eq!(names(&list("?q=b.example").await), ["beta"]);
    assert_eq!(names(&list("?q=%25").await), Vec::<String>::new());

    let first = list("?limit=2").await;
    assert_eq!((names(&first), &first["total"]), (vec!["Alpha".to_owned(), "beta".to_owned()], &json!(3)));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = list(&format!("?limit=2&cursor={cursor}")).await;
    assert_eq!((names(&second), &second["next_cursor"]), (vec!["gamma".to_owned()], &Value::Null));
}

#[tokio::test]
async fn invalid_query_is_rejected_with_its_reason() {
    let server = TestServer::start().await;
    for (query, field) in
        [("sort=colour", "sort"), ("limit=0", "limit"), ("limit=201", "limit"), ("cursor=x", "cursor")]
    {
        let errors = server.get(&format!("/api/v1/carriers?{query}")).await.errors(422);
        assert_eq!(errors[0].0, field, "{query}");
    }
    server.get("/api/v1/carriers?limit=many").await.expect(400);
}
