//! Server functions, as the console's pages call them.

use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::harness::{EMAIL, PASSWORD, TestServer};

async fn call(server: &TestServer, function: &str, arguments: Value) -> (StatusCode, Value) {
    read(server.client.post(url(server, function)).json(&arguments)).await
}

async fn read(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let (status, text) = (response.status(), response.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn url(server: &TestServer, function: &str) -> String {
    format!("{}/api/fn/{function}", server.url)
}

fn browser() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[tokio::test]
async fn function_takes_and_returns_what_the_api_does() {
    let server = TestServer::start().await;
    let (status, bot) = call(&server, "bots/create", json!({ "name": "Concierge", "agent_name": "concierge" })).await;
    assert_eq!(status, StatusCode::OK, "{bot}");
    let id = &bot["id"];
    assert_eq!(server.get(&format!("/api/v1/bots/{}", id.as_str().unwrap())).await.expect(200), bot);
    let (_, listed) = call(&server, "bots/list", json!({})).await;
    let mut in_list = bot.clone();
    in_list.as_object_mut().unwrap().remove("runtime_config");
    assert_eq!(listed["items"], json!([in_list]));
    let (status, saved) = call(&server, "bots/update", json!({ "id": id, "name": "Porter", "version": 1 })).await;
    assert_eq!((status, &saved["name"], &saved["agent_name"]), (StatusCode::OK, &json!("Porter"), &json!("concierge")));
    let (status, stale) = call(&server, "bots/update", json!({ "id": id, "name": "Late", "version": 1 })).await;
    assert_eq!(
        (status, &stale["code"], &stale["current"]["name"]),
        (StatusCode::CONFLICT, &json!("stale_version"), &json!("Porter"))
    );
    let (status, _) = call(&server, "bots/delete", json!({ "id": id })).await;
    assert_eq!(status, StatusCode::OK);
    let (status, gone) = call(&server, "bots/get", json!({ "id": id })).await;
    assert_eq!((status, &gone["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
}

#[tokio::test]
async fn refusal_is_the_problem_of_the_api() {
    let server = TestServer::start().await;
    let body = json!({ "name": " ", "agent_name": "concierge" });
    let (status, problem) = call(&server, "bots/create", body.clone()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem, server.post("/api/v1/bots", body).await.expect(422));
    assert_eq!(problem["errors"][0]["field"], "name");
}

#[tokio::test]
async fn request_without_a_session_is_refused() {
    let server = TestServer::start().await;
    let response = browser().post(url(&server, "bots/list")).json(&json!({})).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn each_malformed_request_has_its_status() {
    let server = TestServer::start().await;
    let post = |function: &str| server.client.post(url(&server, function));
    let json = |body: &'static str| post("bots/create").header(header::CONTENT_TYPE, "application/json").body(body);
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(70_000));
    for (request, status) in [
        (post("bots/create").header(header::CONTENT_TYPE, "text/plain").body("{}"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (json("[]"), StatusCode::BAD_REQUEST),
        (json(r#"{"name": {}}"#), StatusCode::BAD_REQUEST),
        (json("{"), StatusCode::BAD_REQUEST),
        (
            post("bots/create").header(header::CONTENT_TYPE, "application/json").body(long),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (post("bots/unknown").json(&json!({})), StatusCode::NOT_FOUND),
        (server.client.get(url(&server, "bots/list")), StatusCode::METHOD_NOT_ALLOWED),
        (
            post("bots/create").header(header::ORIGIN, "https://evil.example").json(&json!({ "name": "Evil" })),
            StatusCode::FORBIDDEN,
        ),
    ] {
        let (found, problem) = read(request).await;
        assert_eq!(found, status, "{problem}");
        assert!(problem["detail"].is_string(), "{problem}");
    }
    assert_eq!(server.get("/api/v1/bots").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn page_keeps_its_status_when_a_read_fails() {
    let server = TestServer::start().await;
    let get = async |path: &str| server.client.get(format!("{}{path}", server.url)).send().await.unwrap().status();
    assert_eq!(get("/dashboard/bots/bot_01hf7yat000000000000000000").await, StatusCode::NOT_FOUND);
    assert_eq!(get("/dashboard/bots/malformed").await, StatusCode::NOT_FOUND);
    assert_eq!(get("/dashboard/bots").await, StatusCode::OK);
}

#[tokio::test]
async fn login_and_logout_set_the_cookie() {
    let server = TestServer::start().await;
    let log_in = async |password: &str| {
        let body = json!({ "email": EMAIL, "password": password });
        browser().post(url(&server, "session/log_in")).json(&body).send().await.unwrap()
    };
    let cookie = |response: &Response| {
        let cookie = response.headers().get(header::SET_COOKIE)?.to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        Some(cookie.split(';').next().unwrap().to_owned())
    };
    let wrong = log_in("not the password").await;
    assert_eq!((wrong.status(), cookie(&wrong)), (StatusCode::UNAUTHORIZED, None));
    let login = log_in(PASSWORD).await;
    assert_eq!(login.status(), StatusCode::OK);
    let session = cookie(&login).unwrap();
    assert!(!login.text().await.unwrap().contains("access_token"), "the token is in the cookie alone");
    let with_session =
        |function: &str| browser().post(url(&server, function)).header(header::COOKIE, &session).json(&json!({}));
    assert_eq!(read(with_session("bots/list")).await.0, StatusCode::OK);
    let logout = with_session("session/log_out").send().await.unwrap();
    assert_eq!(cookie(&logout).as_deref(), Some("access_token="));
    assert_eq!(read(with_session("bots/list")).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn posted_form_does_not_return_fields_that_its_input_does_not_have() {
    let server = TestServer::start().await;
    let fields = [("name", ""), ("agent_name", "concierge"), ("foreign", "not-sent-back")];
    let refused =
        server.client.post(format!("{}/dashboard/bots/create", server.url)).form(&fields).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let html = refused.text().await.unwrap();
    assert!(html.contains("concierge") && !html.contains("not-sent-back"), "{html}");
}

#[tokio::test]
async fn posted_form_without_a_session_leads_to_the_login() {
    let server = TestServer::start().await;
    let fields = [("name", "One"), ("agent_name", "one")];
    let response = browser().post(format!("{}/dashboard/bots/create", server.url)).form(&fields).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/login?next=%2Fdashboard%2Fbots%2Fcreate");
}
