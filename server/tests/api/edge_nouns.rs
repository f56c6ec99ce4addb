//! `/api/v1/edge`: the nouns of the SIP edge.

use serde_json::{Value, json};

use crate::harness::{TestServer, id};

const EDGE: &str = "/api/v1/edge";

/// A noun: its path, what creates an object, a change of it, and a field with a value that is refused.
struct Noun {
    path: &'static str,
    body: Value,
    change: (&'static str, Value),
    bad: (&'static str, Value),
    /// The field whose value no other object may have.
    unique: Option<&'static str>,
}

/// All nouns, in an order in which each names only rows of those before it.
async fn nouns(server: &TestServer) -> Vec<Noun> {
    let carrier = id(&server.carrier(json!({})).await);
    let did = did(server, &carrier, "+14155550134").await;
    let user = id(&create(server, "users", json!({ "username": "callee" })).await);
    let schedule = id(&create(server, "schedules", json!({ "name": "Always" })).await);
    let noun = |path, body, change, bad, unique| Noun { path, body, change, bad, unique };
    let target = json!({ "kind": "user", "id": user });
    vec![
        noun(
            "domains",
            json!({ "domain": "SIP.Example.com", "is_primary": true }),
            ("domain", json!("sip2.example.com")),
            ("domain", json!("example.com:5060")),
            Some("domain"),
        ),
        noun(
            "users",
            json!({ "username": "alice", "fwd_busy": target }),
            ("dnd", json!(true)),
            ("ring_timeout_sec", json!(0)),
            Some("username"),
        ),
        noun(
            "devices",
            json!({ "user_id": user, "auth_username": "desk", "realm": "sip.example.com", "password": "correct horse" }),
            ("transport", json!("tls")),
            ("auth_username", json!("a:b")),
            Some("auth_username"),
        ),
        noun(
            "extensions",
            json!({ "digits": "1001", "target": target }),
            ("status", json!("disabled")),
            ("digits", json!("1x")),
            Some("digits"),
        ),
        noun(
            "did-targets",
            json!({ "did_id": did, "target": target, "schedule_id": schedule, "closed_target": { "kind": "hangup" } }),
            ("allow_anonymous", json!(false)),
            ("max_channels", json!("many")),
            Some("did_id"),
        ),
        noun(
            "ring-groups",
            json!({ "name": "Sales", "members": [{ "user_id": user }] }),
            ("strategy", json!("sequential")),
            ("members", json!([])),
            Some("name"),
        ),
        noun(
            "schedules",
            json!({ "name": "Office", "timezone": "Europe/Madrid",
                "rules": [{ "kind": "weekly", "dow": 1, "start_time": "09:00", "end_time": "17:00" }] }),
            ("timezone", json!(null)),
            ("timezone", json!("Mars/Crater")),
            Some("name"),
        ),
        noun(
            "outbound-routes",
            json!({ "name": "Spain", "prefix": "+34*", "carrier_ids": [carrier] }),
            ("strip", json!(1)),
            ("prefix", json!("3*4")),
            Some("priority"),
        ),
        noun(
            "limits",
            json!({ "scope_kind": "did", "scope_id": did, "period_sec": 60, "max_count": 10 }),
            ("hard", json!(false)),
            ("period_sec", json!(0)),
            None,
        ),
        noun(
            "allow",
            json!({ "ip": "203.0.113.0/24", "reason": "Office" }),
            ("reason", json!("Data centre")),
            ("ip", json!("0.0.0.0/0")),
            Some("ip"),
        ),
    ]
}

async fn create(server: &TestServer, path: &str, body: Value) -> Value {
    server.post(&format!("{EDGE}/{path}"), body).await.expect(201)
}

async fn did(server: &TestServer, carrier: &str, number: &str) -> String {
    id(&server.post(&format!("/api/v1/carriers/{carrier}/dids"), json!({ "number": number })).await.expect(201))
}

async fn audit(server: &TestServer, subject: &str) -> Vec<Value> {
    let page = server.get(&format!("/api/v1/audit?subject={subject}")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_noun_is_created_read_changed_and_deleted() {
    let server = TestServer::start().await;
    for Noun { path, body, change: (field, value), bad: (bad_field, bad_value), unique } in nouns(&server).await {
        let list = format!("{EDGE}/{path}");
        let created = create(&server, path, body.clone()).await;
        let object = format!("{list}/{}", id(&created));
        assert_eq!(created["version"], 1, "{path}");
        assert_eq!(server.get(&object).await.expect(200), created, "{path}");
        let listed = server.get(&format!("{list}?limit=200")).await.expect(200);
        assert!(listed["items"].as_array().unwrap().contains(&created), "{path}");

        let errors = match unique {
            Some(unique) => {
                (server.post(&list, body.clone()).await.errors(422), vec![(unique.to_owned(), "duplicate".to_owned())])
            }
            None => (Vec::new(), Vec::new()),
        };
        assert_eq!(errors.0, errors.1, "{path}");
        let mut refused = body.clone();
        refused[bad_field] = bad_value.clone();
        let errors = server.post(&list, refused).await.errors(422);
        assert_eq!(errors.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), [bad_field], "{path}");
        let errors = server.put(&object, json!({ bad_field: bad_value })).await.errors(422);
        assert_eq!(errors[0].0, bad_field, "{path}");

        let changed = server.put(&object, json!({ field: value, "version": 1 })).await.expect(200);
        let mut expected = created.clone();
        for name in [field, "version", "updated_at", "label"] {
            expected[name] = changed[name].clone();
        }
        assert_eq!((&changed, &changed[field], &changed["version"]), (&expected, &value, &json!(2)), "{path}");
        let late = server.put(&object, json!({ field: value, "version": 1 })).await.expect(409);
        assert_eq!((&late["code"], &late["current"]), (&json!("stale_version"), &changed), "{path}");
        let unchanged = server.put(&object, changed.clone()).await.expect(200);
        assert_eq!(unchanged, changed, "{path}: what is returned is accepted, and changes nothing");

        server.delete(&object).await.expect(204);
        server.get(&object).await.expect(404);
        server.delete(&object).await.expect(404);
        let actions: Vec<_> =
            audit(&server, &id(&created)).await.into_iter().map(|item| item["action"].clone()).collect();
        assert_eq!(actions, ["deleted", "updated", "created"], "{path}");
        create(&server, path, body).await;
    }
}

#[tokio::test]
async fn password_of_a_device_is_never_returned() {
    let server = TestServer::start().await;
    let user = id(&create(&server, "users", json!({ "username": "alice" })).await);
    let body = json!({ "user_id": user, "auth_username": "desk", "realm": "example.com" });
    let devices = format!("{EDGE}/devices");
    let errors = server.post(&devices, body.clone()).await.errors(422);
    assert_eq!(errors, [("password".to_owned(), "required".to_owned())]);
    let mut with = body.clone();
    with["password"] = json!("short");
    assert_eq!(
        server.post(&devices, with.clone()).await.errors(422),
        [("password".to_owned(), "too_short".to_owned())]
    );
    with["password"] = json!("correct horse");
    let created = create(&server, "devices", with).await;
    let device = format!("{devices}/{}", id(&created));

    // Username and realm are part of the digest.
    let errors = server.put(&device, json!({ "realm": "example.org" })).await.errors(422);
    assert_eq!(errors, [("password".to_owned(), "required".to_owned())]);
    let moved = json!({ "realm": "example.org", "password": "battery staple" });
    let moved = server.put(&device, moved).await.expect(200);
    assert_eq!((&moved["realm"], &moved["version"]), (&json!("example.org"), &json!(2)));
    let renewed = server.put(&device, json!({ "password": "battery staple" })).await.expect(200);
    assert_eq!(renewed["version"], 3, "a new password is a change");
    let kept = server.put(&device, json!({ "password": "********", "is_webrtc": true })).await.expect(200);
    assert_eq!(kept["version"], 4);

    let items = audit(&server, &id(&created)).await;
    let password = |index: usize| {
        let changes: &Vec<Value> = items[index]["changes"].as_array().unwrap();
        changes.iter().find(|change| change["field"] == "password").cloned().unwrap_or_default()
    };
    assert_eq!(password(0), Value::Null, "it was kept");
    assert_eq!((&password(1)["before"], &password(1)["after"]), (&json!("set"), &json!("changed")));
    assert_eq!((&password(3)["before"], &password(3)["after"]), (&Value::Null, &json!("set")));
    for shown in [created.to_string(), moved.to_string(), json!(items).to_string()] {
        assert!(!shown.contains("horse") && !shown.contains("staple") && !shown.contains("ha1"), "{shown}");
    }
}

#[tokio::test]
async fn row_that_is_in_use_is_not_deleted() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({})).await);
    let user = id(&create(&server, "users", json!({ "username": "alice" })).await);
    let own = json!({ "fwd_noanswer": { "kind": "user", "id": user } });
    server.put(&format!("{EDGE}/users/{user}"), own).await.expect(200);
    let extension =
        id(&create(&server, "extensions", json!({ "digits": "1001", "target": { "kind": "user", "id": user } })).await);
    let for_bot = json!({ "digits": "1002", "target": { "kind": "bot", "id": bot } });
    let for_bot = id(&create(&server, "extensions", for_bot).await);
    let route = json!({ "name": "All", "prefix": "*", "carrier_ids": [carrier] });
    let route = id(&create(&server, "outbound-routes", route).await);

    for (path, user_of_it, named) in [
        (format!("{EDGE}/users/{user}"), format!("extensions/{extension}"), "extension 1001"),
        (format!("/api/v1/bots/{bot}"), format!("extensions/{for_bot}"), "extension 1002"),
        (format!("/api/v1/carriers/{carrier}"), format!("outbound-routes/{route}"), "outbound route All"),
    ] {
        let refused = server.delete(&path).await.expect(409);
        assert_eq!(refused["code"], "in_use", "{path}");
        assert!(refused["detail"].as_str().unwrap().contains(named), "{refused}");
        server.delete(&format!("{EDGE}/{user_of_it}")).await.expect(204);
        server.delete(&path).await.expect(204);
    }
}

#[tokio::test]
async fn row_that_does_not_exist_cannot_be_named() {
    let server = TestServer::start().await;
    const ULID: &str = "01hf7yat000000000000000000";
    let extensions = format!("{EDGE}/extensions");
    for (kind, prefix) in [("user", "us_"), ("bot", "bot_"), ("trunk", "car_"), ("ring_group", "rg_")] {
        let body = json!({ "digits": "1001", "target": { "kind": kind, "id": format!("{prefix}{ULID}") } });
        let errors = server.post(&extensions, body).await.errors(422);
        assert_eq!(errors, [("target".to_owned(), "unknown_id".to_owned())], "{kind}");
    }
    let flow = json!({ "digits": "1001", "target": { "kind": "flow", "id": format!("flow_{ULID}") } });
    create(&server, "extensions", flow).await;
}

#[tokio::test]
async fn did_target_goes_with_its_did() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let dids = [
        did(&server, &carrier, "+14155550134").await,
        did(&server, &carrier, "+14155550135").await,
        did(&server, &carrier, "+14155550136").await,
    ];
    let mut targets = Vec::new();
    for did in &dids {
        let target = create(&server, "did-targets", json!({ "did_id": did, "target": { "kind": "hangup" } })).await;
        targets.push(id(&target));
    }
    let first = server.get(&format!("{EDGE}/did-targets/{}", targets[0])).await.expect(200);
    assert_eq!((&first["label"], &first["names"][&dids[0]]), (&json!("+14155550134"), &json!("+14155550134")));

    server.delete(&format!("/api/v1/carriers/{carrier}/dids/{}", dids[0])).await.expect(204);
    let bulk = json!({ "scope": "ids", "action": "remove", "ids": [dids[1]] });
    server.post(&format!("/api/v1/carriers/{carrier}/dids/bulk"), bulk).await.expect(200);
    for target in &targets[..2] {
        server.get(&format!("{EDGE}/did-targets/{target}")).await.expect(404);
    }
    server.get(&format!("{EDGE}/did-targets/{}", targets[2])).await.expect(200);
    server.delete(&format!("/api/v1/carriers/{carrier}")).await.expect(204);
    for target in &targets {
        server.get(&format!("{EDGE}/did-targets/{target}")).await.expect(404);
        assert_eq!(audit(&server, target).await[0]["action"], "deleted");
    }
}

#[tokio::test]
async fn list_is_searched_paged_and_filtered_by_what_it_names() {
    let server = TestServer::start().await;
    let mut users = Vec::new();
    for name in ["carol", "Bob", "alice"] {
        users.push(id(&create(&server, "users", json!({ "username": name })).await));
    }
    let names = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    };
    let first = server.get(&format!("{EDGE}/users?limit=2")).await.expect(200);
    assert_eq!(names(&first), ["alice", "Bob"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = server.get(&format!("{EDGE}/users?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!((names(&second), &second["next_cursor"]), (vec!["carol".to_owned()], &Value::Null));
    assert_eq!(names(&server.get(&format!("{EDGE}/users?q=O")).await.expect(200)), ["Bob", "carol"]);
    for (query, field) in [("limit=0", "limit"), ("limit=201", "limit"), ("cursor=x", "cursor")] {
        assert_eq!(server.get(&format!("{EDGE}/users?{query}")).await.errors(422)[0].0, field);
    }

    for (user, digits) in users.iter().zip(["1", "2", "3"]) {
        create(&server, "extensions", json!({ "digits": digits, "target": { "kind": "user", "id": user } })).await;
    }
    let of_bob = server.get(&format!("{EDGE}/extensions?references={}", users[1])).await.expect(200);
    assert_eq!((names(&of_bob), &of_bob["items"][0]["names"][&users[1]]), (vec!["2".to_owned()], &json!("Bob")));
}

#[tokio::test]
async fn settings_have_defaults_until_they_are_changed() {
    let server = TestServer::start().await;
    let path = format!("{EDGE}/settings");
    let first = server.get(&path).await.expect(200);
    assert_eq!((&first["version"], &first["timezone"], &first["max_in"]), (&json!(0), &json!("UTC"), &Value::Null));
    let saved = server.put(&path, json!({ "max_in": 10, "country": "ES", "version": 0 })).await.expect(200);
    assert_eq!((&saved["version"], &saved["max_in"]), (&json!(1), &json!(10)));
    let late = server.put(&path, json!({ "max_in": 20, "version": 0 })).await.expect(409);
    assert_eq!(late["current"], saved);
    let next = server.put(&path, json!({ "max_in": null, "version": 1 })).await.expect(200);
    assert_eq!((&next["max_in"], &next["country"]), (&Value::Null, &json!("ES")));
    assert_eq!(server.put(&path, json!({ "timezone": "Mars" })).await.errors(422)[0].0, "timezone");
    assert_eq!(server.get(&path).await.expect(200), next);
}

#[tokio::test]
async fn second_primary_domain_is_rejected() {
    let server = TestServer::start().await;
    let first = id(&create(&server, "domains", json!({ "domain": "a.example.com", "is_primary": true })).await);
    let second = json!({ "domain": "b.example.com", "is_primary": true });
    let errors = server.post(&format!("{EDGE}/domains"), second.clone()).await.errors(422);
    assert_eq!(errors, [("is_primary".to_owned(), "duplicate".to_owned())]);
    server.put(&format!("{EDGE}/domains/{first}"), json!({ "is_primary": false })).await.expect(200);
    create(&server, "domains", second).await;
}
