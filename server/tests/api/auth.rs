use reqwest::{Client, StatusCode, header};
use serde_json::{Value, json};

use crate::harness::{EMAIL, PASSWORD, TestServer, answer};

fn token(setup: &str) -> String {
    setup.split_once("token=").unwrap().1.to_owned()
}

#[tokio::test]
async fn setup_token_creates_one_administrator() {
    let (server, setup) = TestServer::start_empty().await;
    let body = |token: &str| json!({ "token": token, "email": EMAIL, "password": PASSWORD });
    server.post("/api/v1/setup", body("guess")).await.expect(403);
    let short = json!({ "token": token(&setup), "email": "x", "password": "short" });
    assert_eq!(server.post("/api/v1/setup", short).await.errors(422).len(), 2);
    let login = server.post("/api/v1/setup", body(&token(&setup))).await.expect(201);
    assert_eq!(login["user"]["role"], "admin");
    assert_eq!(server.get("/api/v1/auth/me").await.expect(200)["email"], EMAIL);
    server.post("/api/v1/setup", body(&token(&setup))).await.expect(403);
}

#[tokio::test]
async fn login_sets_the_cookie_and_returns_the_token() {
    let server = TestServer::start().await;
    let login = format!("{}/api/v1/auth/login", server.url);
    let response = Client::new()
        .post(&login)
        .json(&json!({ "email": "ADMIN@example.com ", "password": PASSWORD }))
        .send()
        .await
        .unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    let body = answer(response).await.expect(200);
    let token = body["access_token"].as_str().unwrap();
    assert!(cookie.starts_with(&format!("access_token={token};")), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(body["user"]["email"], EMAIL);

    let me = |client: Client| client.get(format!("{}/api/v1/auth/me", server.url));
    assert_eq!(me(Client::new()).bearer_auth(token).send().await.unwrap().status(), StatusCode::OK);
    let with_cookie = me(Client::new()).header(header::COOKIE, format!("access_token={token}"));
    assert_eq!(with_cookie.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn token_is_invalid_after_logout() {
    let server = TestServer::start().await;
    let login = server.post("/api/v1/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200);
    let stolen = login["access_token"].as_str().unwrap().to_owned();
    server.post("/api/v1/auth/logout", json!({})).await.expect(204);
    let me = Client::new().get(format!("{}/api/v1/auth/me", server.url)).bearer_auth(stolen).send().await.unwrap();
    assert_eq!(me.status(), StatusCode::UNAUTHORIZED);
    server.get("/api/v1/carriers").await.expect(401);
}

#[tokio::test]
async fn forged_token_is_rejected() {
    let server = TestServer::start().await;
    // The header {"alg":"none"} with claims; a well-formed token with a wrong signature; no token at all.
    for forged in ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSJ9.", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c3JfMSJ9.AAAA", "x"] {
        let me = Client::new().get(format!("{}/api/v1/auth/me", server.url)).bearer_auth(forged).send().await.unwrap();
        assert_eq!(me.status(), StatusCode::UNAUTHORIZED, "{forged}");
    }
}

#[tokio::test]
async fn wrong_password_and_unknown_email_look_alike_and_throttle() {
    let server = TestServer::start().await;
    let wrong = |email: &str| json!({ "email": email, "password": "not the password" });
    let known = server.post("/api/v1/auth/login", wrong(EMAIL)).await.expect(401);
    let unknown = server.post("/api/v1/auth/login", wrong("unknown@example.com")).await.expect(401);
    assert_eq!(known, unknown);
    for _ in 0..4 {
        server.post("/api/v1/auth/login", wrong(EMAIL)).await.expect(401);
    }
    let client = &server.client;
    let slowed = client.post(format!("{}/api/v1/auth/login", server.url)).json(&wrong(EMAIL)).send().await.unwrap();
    assert_eq!(slowed.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(slowed.headers().contains_key(header::RETRY_AFTER));
    let problem: Value = slowed.json().await.unwrap();
    assert_eq!(problem["code"], "too_many_tries");
}

#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_guesses_count_like_successive_ones() {
    let server = TestServer::start().await;
    let guess = async |number: usize| {
        let body = json!({ "email": EMAIL, "password": format!("guess {number}") });
        server.post("/api/v1/auth/login", body).await.status
    };
    let answers = futures::future::join_all((0..20).map(guess)).await;
    let refused = answers.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    let slowed = answers.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!((refused, slowed), (5, 15));
}

/// A failing login by form or by API; `forwarded` is the X-Forwarded-For of the proxy on this machine.
async fn fail(server: &TestServer, by_form: bool, email: &str, forwarded: Option<&str>) -> u16 {
    let body = json!({ "email": email, "password": "not the password" });
    let client = Client::new();
    let request = match by_form {
        true => client.post(format!("{}/login", server.url)).form(&body),
        false => client.post(format!("{}/api/v1/auth/login", server.url)).json(&body),
    };
    let request = match forwarded {
        Some(forwarded) => request.header("x-forwarded-for", forwarded),
        None => request,
    };
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn throttling_behind_a_proxy_is_per_client() {
    let server = TestServer::start().await;
    for number in 0..5 {
        // The forged part before the real address differs each time.
        let forwarded = format!("198.51.100.{number}, 203.0.113.9");
        let by_form = number % 2 == 0;
        assert_eq!(fail(&server, by_form, &format!("unknown{number}@example.com"), Some(&forwarded)).await, 401);
    }
    for by_form in [true, false] {
        assert_eq!(fail(&server, by_form, "other@example.com", Some("203.0.113.9")).await, 429);
        assert_eq!(fail(&server, by_form, "other@example.com", Some("203.0.113.10")).await, 401);
    }
    // A proxy that sends no client address is not throttled as one client.
    for number in 0..8 {
        assert_eq!(fail(&server, false, &format!("other{number}@example.com"), None).await, 401);
    }
    server.post("/api/v1/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200);
}
