//! Pages and forms as a browser without JavaScript uses them.

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
async fn a_form_that_is_refused_comes_back_with_everything_but_the_secret() {
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
        ["Plivo India", "Leave out the scheme: use 4821907.zt.plivo.com", "acme9921", "gw.plivo.com is a host name"]
    {
        assert!(html.contains(shown), "{shown}");
    }
    assert!(!html.contains("do-not-send-back"));
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn a_carrier_is_made_edited_and_deleted_by_forms_alone() {
    let server = TestServer::start().await;
    let fields = [("name", "Twilio"), ("sip_address", "acme.pstn.twilio.com"), ("accept_any_source", "false")];
    let created = post(&server, "/dashboard/carriers/create", &fields).await;
    let address = location(&created).to_owned();
    assert!(page(&server, &address).await.contains("acme.pstn.twilio.com"));
    assert!(page(&server, "/dashboard/carriers").await.contains("Twilio"));

    let edit = [("name", "Twilio"), ("accept_any_source", "false"), ("accept_any_source", "true"), ("version", "1")];
    location(&post(&server, &address, &edit).await);
    let carrier = server.get(&format!("/api/v1{}", address.strip_prefix("/dashboard").unwrap())).await.expect(200);
    assert_eq!(carrier["accept_any_source"], true);

    let did =
        post(&server, &format!("{address}/dids"), &[("number", "+14155550134"), ("direction", "both"), ("label", "")])
            .await;
    assert_eq!(location(&did), address);
    assert!(page(&server, &address).await.contains("415"));

    assert_eq!(location(&post(&server, &format!("{address}/delete"), &[]).await), "/dashboard/carriers");
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn a_login_by_form_leads_back_to_where_one_came_from() {
    let server = TestServer::start().await;
    let logout = post(&server, "/logout", &[]).await;
    assert!(location(&logout).starts_with("/login"));
    let wrong = post(&server, "/login", &[("email", EMAIL), ("password", "not the password")]).await;
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    assert!(wrong.text().await.unwrap().contains(EMAIL));
    let next = "/dashboard/carriers?q=x";
    let login = post(&server, "/login", &[("email", EMAIL), ("password", PASSWORD), ("next", next)]).await;
    assert_eq!(location(&login), next);
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so() {
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
async fn the_home_page_and_the_record_are_read_without_a_script() {
    let server = TestServer::start().await;
    let here = server.client.get(&server.url).send().await.unwrap();
    assert_eq!(location(&here), "/dashboard");
    assert!(page(&server, "/dashboard").await.contains("To the first call"));
    let carrier = id(&server.carrier(json!({ "name": "Twilio <US>" })).await);
    let home = page(&server, "/dashboard").await;
    assert!(home.contains("Carriers without numbers"), "{home}");
    assert!(home.contains(&format!("/dashboard/carriers/{carrier}?did=new")));
    let listed = page(&server, "/dashboard/carriers?attention=no_numbers").await;
    assert!(listed.contains("Twilio &lt;US&gt;"));
    let record = page(&server, &format!("/dashboard/audit?q=&actor=&kind=carrier&subject={carrier}")).await;
    for shown in ["Twilio &lt;US&gt;", EMAIL, "Created", "SIP address"] {
        assert!(record.contains(shown), "{shown}");
    }
    let refused = server.client.get(format!("{}/dashboard/audit?from=soon", server.url)).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("Give a day such as 2026-11-20"));
}
