//! Users, invitations, password links, and one's own account.

use std::time::Duration;

use reqwest::{Client, Method, Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{Answer, EMAIL, PASSWORD, TestServer, answer, browser, id, send};

const USERS: &str = "/api/v1/users";
const COLLEAGUE: &str = "colleague@example.com";
const NEW_PASSWORD: &str = "battery staple horse";

/// A browser of somebody else.
struct Browser<'a> {
    server: &'a TestServer,
    client: Client,
}

impl Browser<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        send(&self.client, method, &format!("{}{path}", self.server.url), body).await
    }

    async fn stream(&self) -> Response {
        let stream = self.client.get(format!("{}/api/v1/events", self.server.url)).send().await.unwrap();
        assert_eq!(stream.status(), StatusCode::OK);
        stream
    }

    async fn is_logged_in(&self) -> bool {
        self.send(Method::GET, "/api/v1/auth/me", None).await.status == StatusCode::OK
    }
}

impl TestServer {
    fn stranger_browser(&self) -> Browser<'_> {
        Browser { server: self, client: browser() }
    }

    async fn change_user(&self, id: &str, change: Value) -> Answer {
        send(&self.client, Method::PATCH, &format!("{}{USERS}/{id}", self.url), Some(change)).await
    }

    /// Invites a user; returns the id and the token of the link.
    async fn invite(&self, email: &str, role: &str) -> (String, String) {
        let invited = self.post(USERS, json!({ "email": email, "role": role })).await.expect(201);
        (id(&invited["user"]), token(&invited))
    }

    /// A user who has accepted the invitation, and the browser with the session.
    async fn colleague(&self, email: &str, role: &str) -> (String, Browser<'_>) {
        let (id, token) = self.invite(email, role).await;
        let browser = self.stranger_browser();
        let accepted = json!({ "token": token, "password": PASSWORD });
        browser.send(Method::POST, "/api/v1/auth/password-link", Some(accepted)).await.expect(200);
        (id, browser)
    }
}

fn token(link: &Value) -> String {
    link["url"].as_str().unwrap().split_once("token=").unwrap().1.to_owned()
}

async fn ends(stream: Response) -> bool {
    // Without an event it would take 15 seconds.
    timeout(Duration::from_secs(8), stream.text()).await.is_ok()
}

#[tokio::test]
async fn invitation_is_accepted_once() {
    let server = TestServer::start().await;
    let invited = server.post(USERS, json!({ "email": " Colleague@Example.com", "role": "viewer" })).await.expect(201);
    assert_eq!((&invited["user"]["state"], &invited["user"]["email"]), (&json!("invited"), &json!(COLLEAGUE)));
    assert!(invited["url"].as_str().unwrap().starts_with(&format!("{}/invitation?token=", server.url)), "{invited}");
    let login = json!({ "email": COLLEAGUE, "password": "" });
    server.stranger_browser().send(Method::POST, "/api/v1/auth/login", Some(login)).await.expect(422);

    let browser = server.stranger_browser();
    let accept = |password: &str| json!({ "token": token(&invited), "password": password });
    let path = "/api/v1/auth/password-link";
    assert_eq!(browser.send(Method::POST, path, Some(accept("short"))).await.errors(422)[0].0, "password");
    let accepted = browser.send(Method::POST, path, Some(accept(PASSWORD))).await.expect(200);
    assert_eq!(accepted["user"]["role"], "viewer");
    assert!(browser.is_logged_in().await);
    let again = browser.send(Method::POST, path, Some(accept(NEW_PASSWORD))).await.expect(403);
    assert_eq!(again["code"], "link_invalid");

    let user = server.get(&format!("{USERS}/{}", id(&invited["user"]))).await.expect(200);
    assert_eq!(
        (&user["state"], &user["sessions"], &user["link_expires_at"]),
        (&json!("active"), &json!(1), &json!(null))
    );
    assert_eq!(server.post(USERS, json!({ "email": COLLEAGUE })).await.errors(422)[0].1, "email_taken");
    let audit = server.get("/api/v1/audit").await.expect(200).to_string();
    let listed = server.get(USERS).await.expect(200).to_string();
    for secret in [token(&invited).as_str(), PASSWORD, "argon2id"] {
        assert!(!audit.contains(secret) && !listed.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn link_used_twice_at_once_sets_one_password() {
    let server = TestServer::start().await;
    let (_, token) = server.invite(COLLEAGUE, "viewer").await;
    let accept = async || {
        let body = json!({ "token": token, "password": PASSWORD });
        server.stranger_browser().send(Method::POST, "/api/v1/auth/password-link", Some(body)).await.status
    };
    let (one, other) = tokio::join!(accept(), accept());
    let accepted = [one, other].iter().filter(|status| **status == StatusCode::OK).count();
    assert_eq!(accepted, 1, "{one} {other}");
}

#[tokio::test]
async fn password_link_replaces_a_forgotten_password() {
    let server = TestServer::start().await;
    let (user, colleague) = server.colleague(COLLEAGUE, "developer").await;
    let first = server.post(&format!("{USERS}/{user}/link"), json!({})).await.expect(201);
    let second = server.post(&format!("{USERS}/{user}/link"), json!({})).await.expect(201);
    assert!(second["url"].as_str().unwrap().contains("/new-password?token="), "{second}");
    assert!(colleague.is_logged_in().await, "until the link is used");
    let other = server.stranger_browser();
    let accept = |link: &Value| Some(json!({ "token": token(link), "password": NEW_PASSWORD }));
    other.send(Method::POST, "/api/v1/auth/password-link", accept(&first)).await.expect(403);
    other.send(Method::POST, "/api/v1/auth/password-link", accept(&second)).await.expect(200);
    assert!(!colleague.is_logged_in().await && other.is_logged_in().await);
    let login = |password: &str| Some(json!({ "email": COLLEAGUE, "password": password }));
    colleague.send(Method::POST, "/api/v1/auth/login", login(PASSWORD)).await.expect(401);
    colleague.send(Method::POST, "/api/v1/auth/login", login(NEW_PASSWORD)).await.expect(200);
}

#[tokio::test]
async fn last_administrator_stays() {
    let server = TestServer::start().await;
    let admin = id(&server.get("/api/v1/auth/me").await.expect(200));
    // An invited and a disabled administrator cannot log in.
    server.invite("invited@example.com", "admin").await;
    let (disabled, _) = server.colleague("disabled@example.com", "admin").await;
    server.change_user(&disabled, json!({ "is_active": false })).await.expect(200);
    for change in [json!({ "role": "developer" }), json!({ "is_active": false })] {
        assert_eq!(server.change_user(&admin, change).await.expect(409)["code"], "last_administrator");
    }
    assert_eq!(server.delete(&format!("{USERS}/{admin}")).await.expect(409)["code"], "last_administrator");
    server.change_user(&disabled, json!({ "is_active": true })).await.expect(200);
    server.delete(&format!("{USERS}/{admin}")).await.expect(204);
    server.get(USERS).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_administrators_stays_in_a_race() {
    let server = TestServer::start().await;
    let admin = id(&server.get("/api/v1/auth/me").await.expect(200));
    for (round, change) in [json!({ "role": "viewer" }), json!({ "is_active": false }), Value::Null].iter().enumerate()
    {
        let (other, colleague) = server.colleague(&format!("other{round}@example.com"), "admin").await;
        let url = |id: &str| format!("{}{USERS}/{id}", server.url);
        let (method, body) =
            if change.is_null() { (Method::DELETE, None) } else { (Method::PATCH, Some(change.clone())) };
        let (of_other, of_admin) = (url(&other), url(&admin));
        // Each removes the other one.
        let (one, two) = tokio::join!(
            send(&server.client, method.clone(), &of_other, body.clone()),
            send(&colleague.client, method, &of_admin, body),
        );
        let succeeded = [&one, &two].iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(succeeded, 1, "{one:?} {two:?}");
        if one.status.is_success() {
            continue;
        }
        // The first administrator was removed: there is nobody to go on with but the other one.
        let users = colleague.send(Method::GET, USERS, None).await.expect(200);
        let admins = users["items"].as_array().unwrap().iter();
        let admins = admins.filter(|user| user["role"] == "admin" && user["state"] == "active").count();
        assert_eq!(admins, 1, "{users}");
        return;
    }
}

#[tokio::test]
async fn disabled_or_demoted_user_is_out_at_once() {
    let server = TestServer::start().await;
    for (round, change) in [json!({ "is_active": false }), json!({ "role": "viewer" })].into_iter().enumerate() {
        let (user, colleague) = server.colleague(&format!("user{round}@example.com"), "admin").await;
        let key = json!({ "name": "CRM", "role": "admin" });
        let key = colleague.send(Method::POST, "/api/v1/api-keys", Some(key)).await.expect(201);
        let key = key["key"].as_str().unwrap();
        let with_key = |path: &str| Client::new().get(format!("{}{path}", server.url)).header("X-API-Key", key).send();
        assert_eq!(with_key(USERS).await.unwrap().status(), StatusCode::OK);
        let (stream, stream_of_key) = (colleague.stream().await, with_key("/api/v1/events").await.unwrap());
        server.change_user(&user, change.clone()).await.expect(200);
        assert!(!colleague.is_logged_in().await, "{change}");
        assert!(ends(stream).await && ends(stream_of_key).await, "{change}");
        let refused = answer(with_key(USERS).await.unwrap()).await.expect(403);
        let login = json!({ "email": format!("user{round}@example.com"), "password": PASSWORD });
        let login = colleague.send(Method::POST, "/api/v1/auth/login", Some(login)).await;
        if change["is_active"] == false {
            assert_eq!((refused["code"].as_str(), login.status.as_u16()), (Some("api_key_user_disabled"), 403));
            server.change_user(&user, json!({ "is_active": true })).await.expect(200);
            assert_eq!(with_key(USERS).await.unwrap().status(), StatusCode::OK, "enabled again");
        } else {
            assert_eq!((refused["code"].as_str(), login.status.as_u16()), (Some("forbidden"), 200));
            assert_eq!(with_key("/api/v1/carriers").await.unwrap().status(), StatusCode::OK, "as a viewer");
        }
    }
}

#[tokio::test]
async fn deleted_user_takes_the_api_keys_along() {
    let server = TestServer::start().await;
    let (user, colleague) = server.colleague(COLLEAGUE, "admin").await;
    let key = colleague.send(Method::POST, "/api/v1/api-keys", Some(json!({ "name": "CRM", "role": "admin" }))).await;
    let key = key.expect(201);
    let made_by_key = Client::new().post(format!("{}/api/v1/api-keys", server.url)).json(&json!({ "name": "ERP" }));
    let made_by_key = made_by_key.header("X-API-Key", key["key"].as_str().unwrap()).send().await.unwrap();
    answer(made_by_key).await.expect(201);
    assert_eq!(server.get(&format!("{USERS}/{user}")).await.expect(200)["api_keys"], 2);
    server.delete(&format!("{USERS}/{user}")).await.expect(204);
    assert_eq!(server.get("/api/v1/api-keys").await.expect(200)["total"], 0);
    assert!(!colleague.is_logged_in().await);
    server.get(&format!("{USERS}/{user}")).await.expect(404);
}

#[tokio::test]
async fn changed_password_ends_the_other_sessions() {
    let server = TestServer::start().await;
    let other = server.stranger_browser();
    let login = json!({ "email": EMAIL, "password": PASSWORD });
    other.send(Method::POST, "/api/v1/auth/login", Some(login)).await.expect(200);
    let stream = other.stream().await;
    let path = "/api/v1/auth/password";
    let wrong = json!({ "current_password": "wrong", "new_password": NEW_PASSWORD });
    assert_eq!(server.put(path, wrong).await.errors(422)[0].1, "wrong_password");
    let short = json!({ "current_password": PASSWORD, "new_password": "short" });
    assert_eq!(server.put(path, short).await.errors(422)[0].0, "new_password");
    let right = json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD });
    server.put(path, right).await.expect(204);
    assert!(ends(stream).await && !other.is_logged_in().await);
    server.get("/api/v1/auth/me").await.expect(200);
    let wrong = || json!({ "current_password": PASSWORD, "new_password": PASSWORD });
    for _ in 0..5 {
        server.put(path, wrong()).await.expect(422);
    }
    assert_eq!(server.put(path, wrong()).await.expect(429)["code"], "too_many_tries");
}

#[tokio::test]
async fn sessions_have_address_and_browser() {
    let server = TestServer::start().await;
    let other = server.stranger_browser();
    let login = other.client.post(format!("{}/api/v1/auth/login", server.url));
    let login = login.header(header::USER_AGENT, "Firefox").header("X-Forwarded-For", "203.0.113.9");
    login.json(&json!({ "email": EMAIL, "password": PASSWORD })).send().await.unwrap();
    let sessions = other.send(Method::GET, "/api/v1/auth/sessions", None).await.expect(200);
    let items = sessions["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let current = items.iter().find(|session| session["is_current"] == true).unwrap();
    assert_eq!((&current["user_agent"], &current["address"]), (&json!("Firefox"), &json!("203.0.113.9")));
    let me = id(&server.get("/api/v1/auth/me").await.expect(200));
    let listed = server.get(&format!("{USERS}/{me}/sessions")).await.expect(200);
    assert_eq!(listed["total"], 2);

    server.delete(&format!("/api/v1/auth/sessions/{}", id(current))).await.expect(204);
    assert!(!other.is_logged_in().await);
    server.delete(&format!("/api/v1/auth/sessions/{}", id(current))).await.expect(404);
    server.delete("/api/v1/auth/sessions").await.expect(204);
    server.get("/api/v1/auth/me").await.expect(401);
}

#[tokio::test]
async fn user_is_signed_out_everywhere() {
    let server = TestServer::start().await;
    let (user, colleague) = server.colleague(COLLEAGUE, "viewer").await;
    let stream = colleague.stream().await;
    server.delete(&format!("{USERS}/{user}/sessions")).await.expect(204);
    assert!(ends(stream).await && !colleague.is_logged_in().await);
    let actions = server.get(&format!("/api/v1/audit?subject={user}")).await.expect(200);
    assert_eq!(actions["items"][0]["action"], "sessions_ended");
}

#[tokio::test]
async fn api_key_has_no_account_of_its_own() {
    let server = TestServer::start().await;
    let created = server.post("/api/v1/api-keys", json!({ "name": "CRM", "role": "admin" })).await.expect(201);
    let key = created["key"].as_str().unwrap();
    let sent = Client::new().get(format!("{}/api/v1/auth/sessions", server.url)).header("X-API-Key", key).send().await;
    assert_eq!(answer(sent.unwrap()).await.expect(403)["code"], "no_session");
    let (user, _) = server.colleague(COLLEAGUE, "viewer").await;
    let change = Client::new().patch(format!("{}{USERS}/{user}", server.url)).header("X-API-Key", key);
    let change = change.json(&json!({ "role": "developer", "version": 1 })).send().await.unwrap();
    assert_eq!(answer(change).await.expect(200)["role"], "developer");
    let stale = server.change_user(&user, json!({ "role": "viewer", "version": 1 })).await.expect(409);
    assert_eq!((&stale["code"], &stale["current"]["version"]), (&json!("stale_version"), &json!(2)));
}

#[tokio::test]
async fn page_of_a_link_keeps_the_token_out_of_the_referrer() {
    let server = TestServer::start().await;
    let (_, token) = server.invite(COLLEAGUE, "viewer").await;
    let client = browser();
    let url = format!("{}/invitation?token={token}", server.url);
    let page = client.get(&url).send().await.unwrap();
    assert_eq!(
        (page.status(), &page.headers()[header::REFERRER_POLICY]),
        (StatusCode::OK, &"strict-origin".parse().unwrap())
    );
    assert!(page.text().await.unwrap().contains(COLLEAGUE));
    let login = client.get(format!("{}/login", server.url)).send().await.unwrap();
    assert_eq!(login.headers()[header::REFERRER_POLICY], "same-origin");

    // The form, as a browser without JavaScript sends it.
    let short = client.post(&url).form(&[("token", token.as_str()), ("password", "short")]).send().await.unwrap();
    assert_eq!(short.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let set = client.post(&url).form(&[("token", token.as_str()), ("password", PASSWORD)]).send().await.unwrap();
    assert_eq!(
        (set.status(), &set.headers()[header::LOCATION]),
        (StatusCode::SEE_OTHER, &"/dashboard".parse().unwrap())
    );
    assert!(set.headers().contains_key(header::SET_COOKIE));
    let used = browser().get(&url).send().await.unwrap();
    assert_eq!(used.status(), StatusCode::FORBIDDEN);
    assert!(used.text().await.unwrap().contains("Ask an administrator for another one"));
}
