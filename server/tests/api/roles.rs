//! Every route of the OpenAPI document in each role, by the table of `domain::Action`.

use std::collections::BTreeSet;

use domain::{Action, Password, Role, Secret};
use reqwest::{Client, Method, StatusCode};
use serde_json::json;

use crate::harness::{PASSWORD, TestServer, browser};

/// What a route asks of a request.
#[derive(Clone, Copy)]
enum Needs {
    /// Nothing.
    Nothing,
    /// A token of its own: the core secret, LiveKit's signature, the token of a one-time link. Roles do not count.
    Token,
    /// Any session or API key.
    Identity,
    /// An API key, by its role; a session is not accepted.
    ApiKeyOnly,
    /// Whoever passes the gate of the SIP edge, which a session is not. Roles do not count.
    Gate,
    /// An action of the table.
    Allowed(Action),
}

use Needs::{Allowed, ApiKeyOnly, Gate, Identity, Nothing, Token};

/// After these a client has to log in again.
const ENDS_THE_SESSION: [(&str, &str); 2] = [("POST", "/api/v1/auth/logout"), ("DELETE", "/api/v1/auth/sessions")];

/// The operations of the SIP edge's nouns, each of which needs the action to be changed.
macro_rules! edge_nouns {
    ($($path:literal: $manage:ident,)+) => {
        [$(
            ("GET", concat!("/api/v1/edge/", $path), Allowed(Action::ReadEdge)),
            ("POST", concat!("/api/v1/edge/", $path), Allowed(Action::$manage)),
            ("GET", concat!("/api/v1/edge/", $path, "/{id}"), Allowed(Action::ReadEdge)),
            ("PUT", concat!("/api/v1/edge/", $path, "/{id}"), Allowed(Action::$manage)),
            ("DELETE", concat!("/api/v1/edge/", $path, "/{id}"), Allowed(Action::$manage)),
        )+]
    };
}

/// Each operation of the OpenAPI document.
fn routes() -> Vec<(&'static str, &'static str, Needs)> {
    let mut routes = console_routes();
    routes.extend(edge_routes());
    routes.extend(edge_nouns! {
        "domains": ManageEdge,
        "users": ManageEdge,
        "devices": ManageEdge,
        "extensions": ManageEdge,
        "did-targets": ManageEdge,
        "ring-groups": ManageEdge,
        "schedules": ManageEdge,
        "outbound-routes": ManageEdge,
        "limits": ManageEdge,
        "allow": ManageEdgeSecurity,
    });
    routes
}

fn edge_routes() -> Vec<(&'static str, &'static str, Needs)> {
    vec![
        ("POST", "/auth", Gate),
        ("POST", "/route", Gate),
        ("POST", "/presence/event", Gate),
        ("GET", "/cac", Gate),
        ("POST", "/cac/reset", Gate),
        ("GET", "/calls/{callId}/trace", Gate),
        ("GET", "/debug", Gate),
        ("POST", "/security/report", Gate),
        ("GET", "/security/bans", Gate),
        ("GET", "/security/allow", Gate),
        ("POST", "/security/allow", Gate),
        ("DELETE", "/security/allow/{ip}", Gate),
        ("GET", "/v1/{path}", Gate),
        ("POST", "/hooks/carrier", Gate),
        ("GET", "/api/v1/edge/live", Allowed(Action::ReadEdge)),
        ("POST", "/api/v1/edge/live/reset", Allowed(Action::ManageEdgeSecurity)),
        ("GET", "/api/v1/edge/registrations", Allowed(Action::ReadEdge)),
        ("GET", "/api/v1/edge/bans", Allowed(Action::ReadEdge)),
        ("POST", "/api/v1/edge/bans/{id}/lift", Allowed(Action::ManageEdgeSecurity)),
        ("GET", "/api/v1/calls/{id}/trace", Allowed(Action::ReadCalls)),
    ]
}

fn console_routes() -> Vec<(&'static str, &'static str, Needs)> {
    vec![
        ("GET", "/api/v1/edge/settings", Allowed(Action::ReadEdge)),
        ("PUT", "/api/v1/edge/settings", Allowed(Action::ManageEdgeSecurity)),
        ("GET", "/healthz", Nothing),
        ("GET", "/readyz", Nothing),
        ("GET", "/metrics", Nothing),
        ("POST", "/api/v1/auth/login", Nothing),
        ("POST", "/api/v1/setup", Token),
        ("POST", "/api/v1/livekit/webhook", Token),
        ("GET", "/api/v1/config/{bot_id}", Token),
        ("POST", "/api/v1/config", Token),
        ("GET", "/api/v1/sip/lookup", Token),
        ("GET", "/api/v1/sip/outbound-trunk", Token),
        ("GET", "/api/v1/auth/me", Identity),
        ("GET", "/api/v1/events", Identity),
        ("GET", "/api/v1/providers", Identity),
        ("GET", "/api/v1/edge/route-preview", Allowed(Action::ReadEdge)),
        ("GET", "/api/v1/overview", Allowed(Action::ReadOverview)),
        ("GET", "/api/v1/audit", Allowed(Action::ReadAudit)),
        ("GET", "/api/v1/carriers", Allowed(Action::ReadCarriers)),
        ("POST", "/api/v1/carriers", Allowed(Action::CreateCarrier)),
        ("GET", "/api/v1/carriers/{id}", Allowed(Action::ReadCarriers)),
        ("PUT", "/api/v1/carriers/{id}", Allowed(Action::UpdateCarrier)),
        ("DELETE", "/api/v1/carriers/{id}", Allowed(Action::DeleteCarrier)),
        ("POST", "/api/v1/carriers/{id}/sync", Allowed(Action::SyncCarrier)),
        ("GET", "/api/v1/carriers/{id}/dids", Allowed(Action::ReadDids)),
        ("POST", "/api/v1/carriers/{id}/dids", Allowed(Action::CreateDid)),
        ("POST", "/api/v1/carriers/{id}/dids/bulk", Allowed(Action::UpdateDid)),
        ("PUT", "/api/v1/carriers/{id}/dids/{did_id}", Allowed(Action::UpdateDid)),
        ("DELETE", "/api/v1/carriers/{id}/dids/{did_id}", Allowed(Action::DeleteDid)),
        ("GET", "/api/v1/carriers/{id}/drift", Allowed(Action::ReadCarriers)),
        ("POST", "/api/v1/carriers/{id}/drift/apply", Allowed(Action::SyncCarrier)),
        ("POST", "/api/v1/carriers/{id}/drift/adopt", Allowed(Action::AdoptTrunk)),
        ("GET", "/api/v1/livekit/orphans", Allowed(Action::ReadCarriers)),
        ("POST", "/api/v1/livekit/orphans/remove", Allowed(Action::RemoveOrphans)),
        ("GET", "/api/v1/bots", Allowed(Action::ReadBots)),
        ("POST", "/api/v1/bots", Allowed(Action::CreateBot)),
        ("GET", "/api/v1/bots/{id}", Allowed(Action::ReadBots)),
        ("PUT", "/api/v1/bots/{id}", Allowed(Action::UpdateBot)),
        ("DELETE", "/api/v1/bots/{id}", Allowed(Action::DeleteBot)),
        ("GET", "/api/v1/calls", Allowed(Action::ReadCalls)),
        ("GET", "/api/v1/calls/{id}", Allowed(Action::ReadCalls)),
        ("GET", "/api/v1/calls/why", Allowed(Action::ReadCalls)),
        ("GET", "/api/v1/settings/calls", Allowed(Action::ReadCalls)),
        ("PUT", "/api/v1/settings/calls", Allowed(Action::UpdateCallSettings)),
        ("GET", "/api/v1/integrations/exotel", Allowed(Action::ReadIntegrations)),
        ("GET", "/api/v1/integrations/exotel/summary", Allowed(Action::ReadIntegrations)),
        ("GET", "/api/v1/integrations/exotel/numbers", Allowed(Action::ReadIntegrations)),
        ("PUT", "/api/v1/integrations/exotel", Allowed(Action::ManageIntegrations)),
        ("DELETE", "/api/v1/integrations/exotel", Allowed(Action::ManageIntegrations)),
        ("POST", "/api/v1/integrations/exotel/test", Allowed(Action::TestIntegration)),
        ("POST", "/api/v1/integrations/exotel/import", Allowed(Action::ImportNumbers)),
        ("GET", "/api/v1/integrations", Allowed(Action::ReadIntegrations)),
        ("GET", "/api/v1/integrations/{provider}", Allowed(Action::ReadIntegrations)),
        ("PUT", "/api/v1/integrations/{provider}", Allowed(Action::ManageIntegrations)),
        ("DELETE", "/api/v1/integrations/{provider}", Allowed(Action::ManageIntegrations)),
        ("POST", "/api/v1/integrations/{provider}/test", Allowed(Action::TestIntegration)),
        ("GET", "/sip/search-numbers", Allowed(Action::SearchNumbers)),
        ("GET", "/api/v1/settings/fleet", Allowed(Action::ManageFleet)),
        ("PUT", "/api/v1/settings/fleet", Allowed(Action::ManageFleet)),
        ("GET", "/api/v1/fleet/status", Allowed(Action::ManageFleet)),
        ("GET", "/api/v1/api-keys", Allowed(Action::ManageApiKeys)),
        ("POST", "/api/v1/api-keys", Allowed(Action::ManageApiKeys)),
        ("GET", "/api/v1/api-keys/{id}", Allowed(Action::ManageApiKeys)),
        ("PATCH", "/api/v1/api-keys/{id}", Allowed(Action::ManageApiKeys)),
        ("DELETE", "/api/v1/api-keys/{id}", Allowed(Action::ManageApiKeys)),
        ("POST", "/api/v1/sip/dialout", Allowed(Action::StartDialout)),
        ("GET", "/sip", Allowed(Action::ReadDids)),
        ("POST", "/sip/register", Allowed(Action::RegisterNumber)),
        ("PUT", "/sip/{sip_id}", Allowed(Action::UpdateNumber)),
        ("DELETE", "/sip/{sip_id}", Allowed(Action::DeleteNumber)),
        ("PATCH", "/sip/{sip_id}/map-agent", Allowed(Action::MapNumber)),
        ("POST", "/sip/purchase-number", Allowed(Action::BuyNumber)),
        ("GET", "/api/v1/number-purchases", Allowed(Action::ReadNumberPurchases)),
        ("POST", "/api/v1/number-purchases", Allowed(Action::BuyNumber)),
        ("GET", "/api/v1/number-purchases/{id}", Allowed(Action::ReadNumberPurchases)),
        ("POST", "/api/v1/number-purchases/{id}/retry", Allowed(Action::BuyNumber)),
        ("POST", "/api/v1/number-purchases/{id}/give-up", Allowed(Action::BuyNumber)),
        ("POST", "/api/v1/number-purchases/{id}/release", Allowed(Action::BuyNumber)),
        ("POST", "/api/v1/number-purchases/{id}/mark-released", Allowed(Action::BuyNumber)),
        ("GET", "/api/v1/users", Allowed(Action::ManageUsers)),
        ("POST", "/api/v1/users", Allowed(Action::ManageUsers)),
        ("GET", "/api/v1/users/{id}", Allowed(Action::ManageUsers)),
        ("PATCH", "/api/v1/users/{id}", Allowed(Action::ManageUsers)),
        ("DELETE", "/api/v1/users/{id}", Allowed(Action::ManageUsers)),
        ("POST", "/api/v1/users/{id}/link", Allowed(Action::ManageUsers)),
        ("GET", "/api/v1/users/{id}/sessions", Allowed(Action::ManageUsers)),
        ("DELETE", "/api/v1/users/{id}/sessions", Allowed(Action::ManageUsers)),
        ("POST", "/api/v1/auth/password-link", Token),
        ("PUT", "/api/v1/auth/password", Allowed(Action::ManageOwnAccount)),
        ("GET", "/api/v1/auth/sessions", Allowed(Action::ManageOwnAccount)),
        ("DELETE", "/api/v1/auth/sessions/{id}", Allowed(Action::ManageOwnAccount)),
        ("DELETE", "/api/v1/auth/sessions", Allowed(Action::ManageOwnAccount)),
        ("POST", "/api/v1/auth/logout", Identity),
        ("GET", "/api/v1/dids", Allowed(Action::ReadDids)),
        ("POST", "/api/v1/dids/bulk", Allowed(Action::UpdateDid)),
        ("POST", "/sip/create-outbound-trunk", ApiKeyOnly),
        ("GET", "/sip/list", ApiKeyOnly),
        ("GET", "/sip/{sip_id}", ApiKeyOnly),
        ("GET", "/sip/details/{trunk_id}", ApiKeyOnly),
    ]
}

/// The path with ids that no row has.
fn address(path: &str) -> String {
    const ULID: &str = "01hf7yat000000000000000000";
    let prefixes = [
        ("/edge/domains/", "dom_"),
        ("/edge/users/", "us_"),
        ("/edge/devices/", "dev_"),
        ("/edge/extensions/", "ext_"),
        ("/edge/did-targets/", "dt_"),
        ("/edge/ring-groups/", "rg_"),
        ("/edge/schedules/", "sch_"),
        ("/edge/outbound-routes/", "rt_"),
        ("/edge/limits/", "lim_"),
        ("/edge/allow/", "alw_"),
        ("/edge/bans/", "ban_"),
        ("/carriers/", "car_"),
        ("/bots/", "bot_"),
        ("/calls/", "call_"),
        ("/api-keys/", "key_"),
        ("/users/", "usr_"),
        ("/number-purchases/", "npu_"),
        ("/auth/sessions/", "ses_"),
    ];
    let prefix = prefixes.iter().find(|(part, _)| path.contains(part)).map_or("", |(_, prefix)| prefix);
    path.replace("{id}", &format!("{prefix}{ULID}"))
        .replace("{provider}", "twilio")
        .replace("{sip_id}", &format!("did_{ULID}"))
        .replace("{did_id}", &format!("did_{ULID}"))
        .replace("{bot_id}", &format!("bot_{ULID}"))
        .replace("{session_id}", &format!("ses_{ULID}"))
}

async fn status(client: &Client, server: &TestServer, method: &str, path: &str) -> StatusCode {
    let method: Method = method.parse().unwrap();
    let request = client.request(method.clone(), format!("{}{}", server.url, address(path)));
    let request = if method == Method::GET { request } else { request.json(&json!({})) };
    request.send().await.unwrap().status()
}

/// A client with a session of a new user.
async fn user(server: &TestServer, role: Role) -> Client {
    let password = Password::new(Secret::new(PASSWORD)).unwrap();
    server.services.users.add(&email(role).parse().unwrap(), &password, role).await.unwrap();
    let client = browser();
    log_in(server, &client, role).await;
    client
}

fn email(role: Role) -> String {
    format!("{}@roles.example.com", role.as_str())
}

async fn log_in(server: &TestServer, client: &Client, role: Role) {
    let login = client.post(format!("{}/api/v1/auth/login", server.url));
    let answer = login.json(&json!({ "email": email(role), "password": PASSWORD })).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_route_obeys_the_table_of_roles() {
    let server = TestServer::start().await;
    let clients = [
        (Role::Viewer, user(&server, Role::Viewer).await),
        (Role::Developer, user(&server, Role::Developer).await),
        (Role::Admin, user(&server, Role::Admin).await),
    ];
    for (method, path, needs) in routes() {
        let anonymous = status(&browser(), &server, method, path).await;
        let is_refused = matches!(anonymous, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if !matches!(needs, Gate) {
            assert_eq!(is_refused, !matches!(needs, Nothing), "{method} {path}: {anonymous} without a session");
        }
        for (role, client) in &clients {
            let sent = status(client, &server, method, path).await;
            if ENDS_THE_SESSION.contains(&(method, path)) {
                log_in(&server, client, *role).await;
            }
            match needs {
                Nothing | Token | Gate => {}
                // The roles of keys are tested with the trunk API.
                ApiKeyOnly => assert_eq!(sent, StatusCode::UNAUTHORIZED, "{method} {path} for {role:?}"),
                Identity => assert!(sent.is_success(), "{method} {path}: {sent} for {role:?}"),
                Allowed(action) if role.allows(action) => {
                    let is_refused = matches!(sent, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
                    assert!(!is_refused, "{method} {path}: {sent} for {role:?}, who may {action:?}");
                }
                Allowed(action) => {
                    assert_eq!(sent, StatusCode::FORBIDDEN, "{method} {path} for {role:?}, who may not {action:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn every_route_names_what_it_needs() {
    let server = TestServer::start().await;
    let document = server.get("/api/openapi.json").await.expect(200);
    let operations = document["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
    });
    let documented: BTreeSet<(String, String)> = operations.collect();
    let listed: BTreeSet<(String, String)> =
        routes().into_iter().map(|(method, path, _)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(listed.len(), routes().len(), "an operation is listed twice");
    let missing: Vec<_> = documented.difference(&listed).collect();
    assert!(missing.is_empty(), "add what they need to routes() in server/tests/api/roles.rs: {missing:#?}");
    let gone: Vec<_> = listed.difference(&documented).collect();
    assert!(gone.is_empty(), "no longer documented: {gone:#?}");
}

/// A session places calls for administrators alone, an API key from developer on.
#[tokio::test]
async fn dialout_needs_more_of_a_session_than_of_a_key() {
    let server = TestServer::start().await;
    let body = json!({ "to_number": "+14155550123" });
    for (role, by_session, by_key) in [(Role::Viewer, 403, 403), (Role::Developer, 403, 503), (Role::Admin, 503, 503)] {
        let client = user(&server, role).await;
        let url = format!("{}/api/v1/sip/dialout", server.url);
        let sent = client.post(&url).json(&body).send().await.unwrap();
        assert_eq!(sent.status().as_u16(), by_session, "a session of {role:?}");
        let created =
            server.post("/api/v1/api-keys", json!({ "name": "CRM", "role": role.as_str() })).await.expect(201);
        let key = created["key"].as_str().unwrap().to_owned();
        let sent = Client::new().post(&url).header("X-API-Key", key).json(&body).send().await.unwrap();
        assert_eq!(sent.status().as_u16(), by_key, "a key of {role:?}");
    }
}
