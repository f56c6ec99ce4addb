//! A database that is away, on PostgreSQL behind a proxy.

use std::time::Duration;

use livekit_sandbox::{Options, Sandbox};
use reqwest::{Method, Response, header};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    calls::event,
    harness::answer,
    postgres::PostgresDatabase,
    process::Process,
    proxy::{Network, Proxy},
};

const CARRIERS: &str = "/api/v1/carriers";
/// Requests fail within 2 s, and have a margin for a busy machine.
const FAILS_WITHIN: Duration = Duration::from_millis(2_500);
/// How long the server may take to use a database again that is back.
const BACK_WITHIN: Duration = Duration::from_secs(15);

struct World {
    database: PostgresDatabase,
    proxy: Proxy,
    server: Process,
    _livekit: Sandbox,
}

impl World {
    async fn start() -> Option<Self> {
        let mut database = PostgresDatabase::create().await?;
        let proxy = Proxy::to(&database.url).await;
        database.url = proxy.url(&database.url);
        let livekit = Sandbox::start(([127, 0, 0, 1], 0).into(), Options::default()).await.unwrap();
        let server = Process::start(&database, &livekit.url()).await;
        Some(Self { database, proxy, server, _livekit: livekit })
    }

    /// The response, which must come in time.
    async fn request(&self, method: Method, path: &str) -> Response {
        let request = self.server.request(method.clone(), path);
        let carrier = json!({ "name": "Twilio", "sip_address": "acme.pstn.twilio.com" });
        let request = if method == Method::POST { request.json(&carrier) } else { request };
        timeout(FAILS_WITHIN, request.send()).await.unwrap_or_else(|_| panic!("{method} {path}: too late")).unwrap()
    }

    /// The carriers, as soon as the database is used again.
    async fn carriers(&self) -> Value {
        let deadline = Instant::now() + BACK_WITHIN;
        loop {
            let response = self.server.request(Method::GET, CARRIERS).send().await.unwrap();
            if response.status().is_success() {
                return answer(response).await.expect(200);
            }
            assert!(Instant::now() < deadline, "not available again: {response:?}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn stop(self) {
        self.proxy.set(Network::Up);
        drop(self.server);
        self.database.drop().await;
    }
}

/// The problem of a 503 that names a time for the next attempt.
async fn problem(response: Response) -> Value {
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let retry_after = response.headers()[header::RETRY_AFTER].to_str().unwrap();
    assert_eq!(retry_after, "2");
    answer(response).await.expect(503)
}

#[tokio::test]
async fn unreachable_database_is_a_503_in_time() {
    let Some(world) = World::start().await else { return };
    for network in [Network::Cut, Network::Stalled] {
        assert_eq!(world.carriers().await["total"], 0);
        world.proxy.set(network);
        for (method, path) in [(Method::GET, CARRIERS), (Method::POST, CARRIERS), (Method::GET, "/api/v1/overview")] {
            let problem = problem(world.request(method.clone(), path).await).await;
            assert_eq!(problem["code"], "database_unavailable", "{network:?} {method} {path}");
            assert!(problem["detail"].as_str().unwrap().contains("Nothing was changed"), "{problem}");
        }
        assert_eq!(world.request(Method::GET, "/readyz").await.status(), 503, "{network:?}");
        assert_eq!(world.request(Method::GET, "/healthz").await.status(), 200, "{network:?}");
        world.proxy.set(Network::Up);
    }
    assert_eq!(world.carriers().await["total"], 0, "refused changes were not saved");
    world.stop().await;
}

#[tokio::test]
async fn livekit_repeats_a_webhook_that_was_not_stored() {
    let Some(world) = World::start().await else { return };
    let participant = json!({ "sid": "PA_1", "identity": "sip_+14155550199", "kind": "SIP",
                              "attributes": { "sip.phoneNumber": "+14155550199",
                                              "sip.trunkPhoneNumber": "+14155551234" } });
    let body = event("EV_1", "participant_joined", "dialout-1", participant);
    let webhook = || world.server.webhook(&body).send();
    world.proxy.set(Network::Cut);
    assert_eq!(problem(webhook().await.unwrap()).await["code"], "database_unavailable");
    world.proxy.set(Network::Up);
    world.carriers().await;
    for _ in 0..2 {
        answer(webhook().await.unwrap()).await.expect(200);
    }
    let calls = world.server.send(Method::GET, "/api/v1/calls", None).await.expect(200);
    assert_eq!(calls["items"].as_array().unwrap().len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn commit_without_an_answer_may_have_been_saved() {
    let Some(world) = World::start().await else { return };
    world.proxy.set(Network::CutAfterCommit);
    let problem = problem(world.request(Method::POST, CARRIERS).await).await;
    assert_eq!(problem["code"], "commit_unknown");
    assert!(problem["detail"].as_str().unwrap().contains("may have been saved"), "{problem}");
    world.proxy.set(Network::Up);
    assert_eq!(world.carriers().await["total"], 1, "this one was");
    world.stop().await;
}
