use serde_json::{Value, json};

use crate::harness::{EMAIL, TestServer, id};

/// Kind and action of each item.
fn what(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| format!("{} {}", item["subject"]["kind"], item["action"]).replace('"', "")).collect()
}

#[tokio::test]
async fn entries_have_actor_subject_and_changes() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let change = json!({ "outbound_burst": 33, "auth_password": "another-s3cret" });
    server.put(&format!("/api/v1/carriers/{carrier}"), change).await.expect(200);
    let dids = format!("/api/v1/carriers/{carrier}/dids");
    server.post(&dids, json!({ "number": "+14155550134" })).await.expect(201);

    let page = server.get("/api/v1/audit").await.expect(200);
    assert_eq!(
        what(&page),
        ["did created", "carrier updated", "carrier created", "user logged_in", "user created", "other created"]
    );
    let item = &page["items"][1];
    assert_eq!(item["actor"]["name"], EMAIL);
    assert!(item["actor"]["id"].as_str().unwrap().starts_with("usr_"));
    let subject = &item["subject"];
    assert_eq!(
        (&subject["id"], &subject["exists"], &subject["carrier_id"]),
        (&json!(carrier), &json!(true), &json!(null))
    );
    assert_eq!(page["items"][0]["subject"]["carrier_id"], carrier);
    assert_eq!(
        item["changes"],
        json!([
            { "field": "auth_password", "label": "Password", "before": "set", "after": "changed" },
            { "field": "outbound_burst", "label": "Outbound burst", "before": "5", "after": "33" },
        ])
    );
    assert_eq!(page["items"][4]["actor"], json!({ "id": null, "name": "command line" }));
    assert!(!page.to_string().contains("s3cret"));

    server.delete(&format!("/api/v1/carriers/{carrier}")).await.expect(204);
    let page = server.get(&format!("/api/v1/audit?subject={carrier}")).await.expect(200);
    assert_eq!(what(&page), ["carrier deleted", "did created", "carrier updated", "carrier created"]);
    assert!(page["items"].as_array().unwrap().iter().all(|item| item["subject"]["exists"] == false));
}

#[tokio::test]
async fn filters_and_cursors_are_applied() {
    let server = TestServer::start().await;
    for name in ["One", "Two", "Three"] {
        server.bot(name).await;
    }
    server.carrier(json!({})).await;
    let page = server.get("/api/v1/audit?kind=bot&limit=2").await.expect(200);
    assert_eq!(
        page["items"].as_array().unwrap().iter().map(|item| &item["subject"]["name"]).collect::<Vec<_>>(),
        ["Three", "Two"]
    );
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = server.get(&format!("/api/v1/audit?kind=bot&limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next_cursor"]), (1, &json!(null)));

    let count = async |query: &str| {
        server.get(&format!("/api/v1/audit?{query}")).await.expect(200)["items"].as_array().unwrap().len()
    };
    assert_eq!(count("q=thr").await, 1);
    assert_eq!(count("action=created").await, 6);
    assert_eq!(count("action=created&actor=system").await, 2);
    assert_eq!(count(&format!("actor={EMAIL}")).await, 5);
    assert_eq!(count("to=2020-01-01").await, 0);
    assert_eq!(count("from=2020-01-01&kind=carrier").await, 1);
    // As an HTML form sends empty fields.
    assert_eq!(count("q=&actor=&kind=&subject=&action=&from=&to=").await, 7);
}

#[tokio::test]
async fn invalid_filter_is_rejected_with_its_field() {
    let server = TestServer::start().await;
    for (query, field, code) in [
        ("actor=somebody", "actor", "unknown_actor"),
        ("kind=trunk", "kind", "unknown_kind"),
        ("subject=42", "subject", "bad_id"),
        ("action=explode", "action", "unknown_action"),
        ("from=yesterday", "from", "bad_time"),
        ("to=2026-02-30", "to", "bad_time"),
        ("from=2026-02-02&to=2026-02-01", "to", "before_from"),
        ("limit=0", "limit", "out_of_range"),
        ("limit=many", "limit", "out_of_range"),
        ("cursor=!!", "cursor", "bad_cursor"),
    ] {
        let errors = server.get(&format!("/api/v1/audit?{query}")).await.errors(422);
        assert_eq!(errors, [(field.to_owned(), code.to_owned())], "{query}");
    }
    let both = server.get("/api/v1/audit?kind=x&cursor=y").await.errors(422);
    assert_eq!(both.len(), 2);
}
