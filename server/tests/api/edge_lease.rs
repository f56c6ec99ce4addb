//! Several servers of one database, and which of them serves the SIP edge.

use std::{env, time::Duration};

use livekit_sandbox::{Options, Sandbox};
use reqwest::Method;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::{
    harness::{Answer, answer},
    postgres::PostgresDatabase,
    process::Process,
};

/// A server that stops in order releases the lease, and another asks for it every second.
const RELEASED_WITHIN: Duration = Duration::from_secs(8);
/// Longer than the lease of a server that was killed, which is 16 seconds.
const LEASE_PATIENCE: Duration = Duration::from_secs(60);
const TOKEN: &str = "edge-token-of-the-tests";

async fn start(database: &PostgresDatabase, livekit: &Sandbox, redis: Option<&str>) -> Process {
    let mut variables = vec![("TRUNKLINE_EDGE_TOKEN", TOKEN.to_owned())];
    variables.extend(redis.map(|url| ("REDIS_URL", url.to_owned())));
    Process::start_with(&database.url, &livekit.url(), variables).await
}

async fn sandbox() -> Sandbox {
    Sandbox::start(([127, 0, 0, 1], 0).into(), Options::default()).await.unwrap()
}

async fn bans(server: &Process) -> Answer {
    let request = server.request(Method::GET, "/security/bans").header("x-edge-token", TOKEN);
    answer(request.send().await.unwrap()).await
}

async fn readiness(server: &Process) -> Value {
    answer(server.request(Method::GET, "/readyz").send().await.unwrap()).await.expect(200)
}

async fn until_served(server: &Process, limit: Duration) {
    let deadline = Instant::now() + limit;
    while bans(server).await.status != 200 {
        assert!(Instant::now() < deadline, "the server does not serve the edge: {}", readiness(server).await);
        sleep(Duration::from_millis(100)).await;
    }
}

async fn refused(server: &Process) {
    let body = bans(server).await.expect(503);
    assert_eq!(body["code"], "edge_needs_redis", "{body}");
    assert_eq!(readiness(server).await["edge"], "needs_redis");
}

#[tokio::test(flavor = "multi_thread")]
async fn second_server_without_redis_is_refused_the_edge() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let livekit = sandbox().await;
    let mut first = start(&database, &livekit, None).await;
    let second = start(&database, &livekit, None).await;
    until_served(&first, RELEASED_WITHIN).await;
    assert_eq!(readiness(&first).await["edge"], "available");
    refused(&second).await;

    first.stop().await;
    until_served(&second, RELEASED_WITHIN).await;
    assert_eq!(readiness(&second).await["edge"], "available");

    first.start_again().await;
    refused(&first).await;
    drop((first, second));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lease_of_a_killed_server_is_acquired_by_another() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let livekit = sandbox().await;
    let mut first = start(&database, &livekit, None).await;
    let second = start(&database, &livekit, None).await;
    refused(&second).await;
    first.kill();
    until_served(&second, LEASE_PATIENCE).await;
    drop((first, second));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_with_redis_serve_the_edge_together() {
    let Ok(redis) = env::var("TEST_REDIS_URL") else {
        assert!(env::var("CI").is_err(), "TEST_REDIS_URL is not set: run the tests with scripts/with-redis");
        return;
    };
    let Some(database) = PostgresDatabase::create().await else { return };
    let livekit = sandbox().await;
    let first = start(&database, &livekit, Some(&redis)).await;
    let second = start(&database, &livekit, Some(&redis)).await;
    for server in [&first, &second] {
        bans(server).await.expect(200);
        assert_eq!(readiness(server).await["edge"], "available");
    }
    drop((first, second));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_names_a_redis_that_does_not_respond() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let livekit = sandbox().await;
    // The port of the discard protocol, which no server listens on.
    let server = start(&database, &livekit, Some("redis://127.0.0.1:9")).await;
    assert_eq!(readiness(&server).await["edge"], "redis_unavailable");
    drop(server);
    database.drop().await;
}
