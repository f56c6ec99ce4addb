//! Pages and native forms, as browsers without JavaScript use them.

use reqwest::{Response, StatusCode, header};
use serde_json::json;

use crate::harness::{EMAIL, PASSWORD, TestServer, id};

async fn post(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> Response {
    server.client.post(format!("{}{path}", server.url)).form(fields).send().await.unwrap()
}

async fn page(server: &TestServer, path: &str) -> String {
    let response = server.client.get(format!("{}{path}", server.url)).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response.text().await.unwrap()
}

fn location(response: &Response) -> &str {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()[header::LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn rejected_form_keeps_all_fields_but_the_secret() {
    let server = TestServer::start().await;
    let fields = [
        ("name", "Plivo India"),
        ("sip_address", "sip:4821907.zt.plivo.com"),
        ("auth_username", "acme9921"),
        ("auth_password", "do-not-send-back"),
        ("allowed_addresses", "13.52.9.160/27"),
        ("allowed_addresses", "gw.plivo.com"),
    ];
    let refused = post(&server, "/dashboard/carriers/create", &fields).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let html = refused.text().await.unwrap();
    for shown in
        ["Plivo India", "Remove the scheme: use 4821907.zt.plivo.com", "acme9921", "gw.plivo.com is a host name"]
    {
        assert!(html.contains(shown), "{shown}");
    }
    assert!(!html.contains("do-not-send-back"));
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn stale_form_adopts_fields_that_were_not_edited() {
    let server = TestServer::start().await;
    let created = post(&server, "/dashboard/bots/create", &[("name", "One"), ("agent_name", "one")]).await;
    location(&created);
    let bots = server.get("/api/v1/bots").await.expect(200);
    let id = bots["items"][0]["id"].as_str().unwrap();
    let (api, address) = (format!("/api/v1/bots/{id}"), format!("/dashboard/bots/{id}"));
    server
        .put(&api, json!({ "metadata": "line one\nline two", "agent_name": "theirs", "version": 1 }))
        .await
        .expect(200);
    // As a browser sends the form: line breaks are CR LF.
    let typed = |metadata| {
        [
            ("version", "1"),
            ("was.name", "One"),
            ("was.agent_name", "one"),
            ("was.metadata", "line one\r\nline three"),
            ("name", "Mine"),
            ("agent_name", "one"),
            ("metadata", metadata),
        ]
    };
    let stale = post(&server, &address, &typed("line one\r\nline three")).await;
    assert_eq!(stale.status(), StatusCode::CONFLICT);
    let html = stale.text().await.unwrap();
    // The rest is data for hydration: all posted fields.
    let html = html.split("</main>").next().unwrap();
    for kept in ["value=\"Mine\"", "value=\"theirs\"", "line two", "name=\"version\" value=\"2\""] {
        assert!(html.contains(kept), "{kept}: {html}");
    }
    assert!(!html.contains("line three"), "{html}");
    let stale = post(&server, &address, &typed("my own")).await.text().await.unwrap();
    assert!(stale.contains("my own") && stale.contains("not changed by you"), "{stale}");
}

#[tokio::test]
async fn viewer_gets_no_forms() {
    let mut server = TestServer::start().await;
    server.become_viewer().await;
    for (address, form) in [("/dashboard/carriers/create", "sip_address"), ("/dashboard/bots/create", "agent_name")] {
        let html = page(&server, address).await;
        assert!(html.contains("You need the Developer role") && !html.contains(&format!("name=\"{form}\"")), "{html}");
        assert!(!page(&server, "/dashboard").await.contains(address));
    }
}

#[tokio::test]
async fn native_forms_create_update_and_delete_a_carrier() {
    let server = TestServer::start().await;
    let fields = [("name", "Twilio"), ("sip_address", "acme.pstn.twilio.com"), ("accept_any_source", "false")];
    let created = post(&server, "/dashboard/carriers/create", &fields).await;
    let address = location(&created).to_owned();
    assert!(page(&server, &address).await.contains("acme.pstn.twilio.com"));
    assert!(page(&server, "/dashboard/carriers").await.contains("Twilio"));

    let edit = [("name", "Twilio"), ("accept_any_source", "false"), ("accept_any_source", "true"), ("version", "1")];
    location(&post(&server, &format!("{address}?edit=1"), &edit).await);
    let carrier = server.get(&format!("/api/v1{}", address.strip_prefix("/dashboard").unwrap())).await.expect(200);
    assert_eq!(carrier["accept_any_source"], true);

    let did = post(
        &server,
        &format!("{address}?did=new"),
        &[("number", "+14155550134"), ("direction", "both"), ("label", "")],
    )
    .await;
    assert_eq!(location(&did), address);
    assert!(page(&server, &address).await.contains("415"));

    assert_eq!(location(&post(&server, &format!("{address}?delete=1"), &[]).await), "/dashboard/carriers");
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn login_form_redirects_to_next() {
    let server = TestServer::start().await;
    let logout = post(&server, "/logout", &[]).await;
    assert!(location(&logout).starts_with("/login"));
    let wrong = post(&server, "/login", &[("email", EMAIL), ("password", "not the password")]).await;
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    assert!(wrong.text().await.unwrap().contains(EMAIL));
    let next = "/dashboard/carriers?q=x";
    let login = post(&server, &app::urls::login(next), &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(location(&login), next);
}

#[tokio::test]
async fn missing_page_is_404() {
    let server = TestServer::start().await;
    for path in [
        "/nowhere",
        "/dashboard/nowhere",
        "/dashboard/carriers/car_01hf7yat000000000000000000",
        "/dashboard/carriers/x",
    ] {
        let response = server.client.get(format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let carrier = id(&server.carrier(json!({})).await);
    page(&server, &format!("/dashboard/carriers/{carrier}")).await;
}

#[tokio::test]
async fn guide_topic_redirects_to_the_page_with_its_text() {
    let server = TestServer::start().await;
    for (topic, _) in app::guide::TOPICS {
        let short = server.client.get(format!("{}/guide/{topic}", server.url)).send().await.unwrap();
        let address = location(&short).to_owned();
        assert_eq!(address, format!("/dashboard/carriers?guide={topic}"));
        let words = app::guide::html(topic).unwrap();
        // In the page, links to other topics have the page's own address.
        let first = words.split("href=").next().unwrap();
        assert!(page(&server, &address).await.contains(first), "{topic} is part of the page");
        let text = server.post("/api/fn/guide/topic", json!({ "topic": topic })).await.expect(200);
        assert_eq!(text, json!(words));
    }
    let carrier = id(&server.carrier(json!({})).await);
    let html = page(&server, &format!("/dashboard/carriers/{carrier}?guide=plivo")).await;
    assert!(html.contains(&format!("href=\"/dashboard/carriers/{carrier}?guide=exotel\"")), "links stay on the page");
    for nowhere in ["/guide/nowhere", "/guide/plivo/text"] {
        let response = server.client.get(format!("{}{nowhere}", server.url)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn provider_fills_in_the_carrier_form() {
    let server = TestServer::start().await;
    let address = "/dashboard/carriers/create?provider=twilio";
    let html = page(&server, address).await;
    for filled in ["value=\"your-trunk.pstn.twilio.com\"", "54.172.60.0/30", "name=\"inbound_auth\" value=\"ip\""] {
        assert!(html.contains(filled), "{filled}");
    }
    assert!(!page(&server, "/dashboard/carriers/create").await.contains("54.172.60.0/30\n"));

    let typed = [
        ("name", "Twilio"),
        ("sip_address", "your-trunk.pstn.twilio.com"),
        ("transport", "tls"),
        ("allowed_addresses", "203.0.113.7"),
        ("inbound_auth", "ip"),
    ];
    let refused = post(&server, address, &typed).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let html = refused.text().await.unwrap();
    assert!(html.contains("Replace your-trunk with the name"), "why");
    assert!(html.contains("action=\"/dashboard/carriers/create?provider=twilio\""), "still from Twilio");
    assert!(html.contains(">203.0.113.7</textarea>"), "what was typed, and not the provider's");
    let corrected = [&typed[..1], &[("sip_address", "acme.pstn.twilio.com")], &typed[2..]].concat();
    location(&post(&server, address, &corrected).await);
}

/// Tests are development builds. The browser tests check that a release does not have this page.
#[tokio::test]
async fn design_page_shows_every_component() {
    let server = TestServer::start().await;
    let html = page(&server, "/design").await;
    for shown in ["app/src/components/ui/badge.rs", "data-theme=\"light\"", "data-theme=\"dark\""] {
        assert!(html.contains(shown), "{shown}");
    }
}

#[tokio::test]
async fn home_and_audit_pages_render_without_javascript() {
    let server = TestServer::start().await;
    let here = server.client.get(&server.url).send().await.unwrap();
    assert_eq!(location(&here), "/dashboard");
    assert!(page(&server, "/dashboard").await.contains("Get Started"));
    let carrier = id(&server.carrier(json!({ "name": "Twilio <US>" })).await);
    let home = page(&server, "/dashboard").await;
    assert!(home.contains("Carriers Without Numbers"), "{home}");
    assert!(home.contains(&format!("/dashboard/carriers/{carrier}?did=new")));
    let listed = page(&server, "/dashboard/carriers?attention=no_numbers").await;
    assert!(listed.contains("Twilio &lt;US&gt;"));
    let record = page(&server, &format!("/dashboard/audit?q=&actor=&kind=carrier&subject={carrier}")).await;
    for shown in ["Twilio &lt;US&gt;", EMAIL, "Created", "SIP address"] {
        assert!(record.contains(shown), "{shown}");
    }
    let refused = server.client.get(format!("{}/dashboard/audit?from=soon", server.url)).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("Enter a day such as 2026-11-20"));
}

#[tokio::test]
async fn dids_are_changed_by_native_forms() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let bot = server.bot("Concierge").await;
    let (api, here) = (format!("/api/v1/carriers/{carrier}/dids"), format!("/dashboard/carriers/{carrier}"));

    let added = post(&server, &format!("{here}?q=415&did=new"), &[("number", "+14155550134")]).await;
    assert_eq!(location(&added), format!("{here}?q=415"), "the search is kept");
    let refused = post(&server, &format!("{here}?did=new"), &[("number", "+14155550134"), ("label", "Kept")]).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert!(refused.text().await.unwrap().contains("value=\"Kept\""));

    let listed = server.get(&api).await.expect(200);
    let did = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let scope = [("scope", "ids"), ("ids", did.as_str())];
    let assign = [&scope[..], &[("action", "assign_bot"), ("bot_id", &bot)]].concat();
    let assigned = post(&server, &format!("{here}?assign-bot=1&ids={did}"), &assign).await;
    assert_eq!(location(&assigned), here);
    assert_eq!(server.get(&api).await.expect(200)["items"][0]["bot_name"], "Concierge");

    let dialog = page(&server, &format!("{here}?remove-selected=1&ids={did}")).await;
    assert!(dialog.contains(&format!("name=\"ids\" value=\"{did}\"")), "the dialog names the selected rows");
    let removed =
        post(&server, &format!("{here}?remove-selected=1&ids={did}"), &[&scope[..], &[("action", "remove")]].concat())
            .await;
    assert_eq!(location(&removed), here);
    assert_eq!(server.get(&api).await.expect(200)["total"], 0);
}

#[tokio::test]
async fn carrier_without_phone_numbers_is_not_shown_as_synced() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    server.synced(&carrier).await;
    let html = page(&server, &format!("/dashboard/carriers/{carrier}")).await;
    assert!(html.contains("No trunks yet: add a phone number"));
    assert!(!html.contains(">Synced<"));
    assert!(page(&server, "/dashboard/carriers").await.contains("No Trunks"));
}
