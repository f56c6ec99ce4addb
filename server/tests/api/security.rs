use reqwest::{Client, StatusCode, header};
use serde_json::json;

use crate::harness::{EMAIL, PASSWORD, TestServer, answer, id};

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let attack = |name: &'static str, value: &'static str| {
        let url = format!("{}/api/v1/carriers/{carrier}", server.url);
        server.client.delete(url).header(name, value).send()
    };
    for (name, value) in [("origin", "https://evil.example.com"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
    {
        let refused = answer(attack(name, value).await.unwrap()).await.expect(403);
        assert_eq!(refused["code"], "foreign_origin", "{name}: {value}");
    }
    server.get(&format!("/api/v1/carriers/{carrier}")).await.expect(200);
}

#[tokio::test]
async fn a_login_never_takes_over_a_session_that_the_browser_brought_along() {
    let server = TestServer::start().await;
    let planted = "access_token=planted-by-an-attacker";
    let login = Client::new().post(format!("{}/api/v1/auth/login", server.url)).header(header::COOKIE, planted);
    let response = login.json(&json!({ "email": EMAIL, "password": PASSWORD })).send().await.unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(!cookie.contains("planted"), "{cookie}");
}

#[tokio::test]
async fn a_password_is_nowhere_in_answers_or_on_disk() {
    const SECRET: &str = "tell-nobody-9137";
    let server = TestServer::start().await;
    let carrier = server.carrier(json!({ "auth_password": SECRET })).await;
    let path = format!("/api/v1/carriers/{}", id(&carrier));
    let updated = server.put(&path, json!({ "auth_password": format!("{SECRET}-2"), "version": 1 })).await.expect(200);
    let listed = server.get("/api/v1/carriers").await.expect(200);
    for answer in [&carrier, &updated, &listed] {
        assert!(!answer.to_string().contains(SECRET), "{answer}");
    }
    for entry in std::fs::read_dir(server.folder()).unwrap() {
        let file = entry.unwrap().path();
        // The sandbox stands in for LiveKit, which is given the password.
        if file.file_name().is_some_and(|name| name.to_string_lossy().contains("sandbox")) {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        assert!(!found, "{}", file.display());
    }
}

#[tokio::test]
async fn pages_carry_a_policy_with_a_fresh_nonce_and_the_dashboard_is_closed_to_strangers() {
    let server = TestServer::start().await;
    let page = async || Client::new().get(format!("{}/login", server.url)).send().await.unwrap();
    let policies =
        [page().await, page().await].map(|page| page.headers()["content-security-policy"].to_str().unwrap().to_owned());
    assert_ne!(policies[0], policies[1]);
    let scripts = policies[0].split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
    assert!(scripts.contains("'nonce-") && !scripts.contains("unsafe-inline"), "{scripts}");

    let stranger = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let response = stranger.get(format!("{}/dashboard/carriers?q=x", server.url)).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/login?next=%2Fdashboard%2Fcarriers%3Fq%3Dx");
}
