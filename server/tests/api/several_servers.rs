//! Two processes on one PostgreSQL database and one LiveKit.

use std::time::Duration;

use api_types::view::ChangeKind;
use fleet_fake::{Fake, Route};
use livekit_sandbox::{Fault, FaultRule, Options, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::{calls::event, harness::answer, postgres::PostgresDatabase, process::Process};

/// A server that is not notified finds changes every 5 seconds.
const NOTIFIED_WITHIN: Duration = Duration::from_secs(4);
/// How long a revoked key and its streams may last on another server.
const REVOKED_WITHIN: Duration = Duration::from_millis(100);
/// How long a test waits for a state.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than the lease of a server that was killed, which is 16 seconds.
const LEASE_PATIENCE: Duration = Duration::from_secs(60);

/// The servers spell the address of their LiveKit differently.
struct Servers {
    database: PostgresDatabase,
    livekit: Sandbox,
    first: Process,
    second: Process,
}

impl Servers {
    async fn start() -> Option<Self> {
        let database = PostgresDatabase::create().await?;
        let livekit = sandbox().await;
        let first = Process::start(&database, &livekit.url()).await;
        let second = Process::start(&database, &spelled_differently(&livekit)).await;
        Some(Self { database, livekit, first, second })
    }

    /// With a synced carrier, and the lease at the first server.
    async fn with_carrier() -> Option<(Self, String)> {
        let mut servers = Self::start().await?;
        let carrier = servers.first.create_carrier("Twilio", "+14155550134", None).await;
        servers.first.until_synced(&carrier, PATIENCE).await;
        if servers.database.lease().await.holder == servers.second.id() {
            std::mem::swap(&mut servers.first, &mut servers.second);
        }
        assert_eq!(servers.database.lease().await.holder, servers.first.id());
        Some((servers, carrier))
    }

    /// A fleet of this server.
    async fn use_fleet(&self, fleet: &Fake) {
        let servers = json!({ "core_fleet": [fleet.url()] });
        self.first.send(Method::PUT, "/api/v1/settings/fleet", Some(servers)).await.expect(200);
    }

    async fn calls(&self, method: &str) -> u64 {
        self.livekit_says("calls").await[method].as_u64().unwrap_or_default()
    }

    async fn objects(&self, kind: &str) -> usize {
        self.livekit_says("state").await[kind].as_array().unwrap().len()
    }

    async fn livekit_says(&self, about: &str) -> Value {
        answer(reqwest::get(format!("{}/sandbox/{about}", self.livekit.url())).await.unwrap()).await.expect(200)
    }

    async fn stop(self) {
        drop((self.first, self.second));
        self.database.drop().await;
    }
}

async fn sandbox() -> Sandbox {
    Sandbox::start(([127, 0, 0, 1], 0).into(), Options::default()).await.unwrap()
}

fn spelled_differently(livekit: &Sandbox) -> String {
    livekit.url().replace("127.0.0.1", "localhost")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_spellings_of_livekit_url_make_one_writer() {
    const CARRIERS: usize = 12;
    let Some(servers) = Servers::start().await else { return };
    let bot = servers.first.create_bot().await;
    // Slow enough that two writers would observe the same gap.
    servers.livekit.faults().add(FaultRule::once(Fault::Delay { ms: 10 }).sticky());
    let create = async |server: &Process, numbers: std::ops::Range<usize>| {
        let mut carriers = Vec::new();
        for number in numbers {
            let (name, did) = (format!("Carrier {number}"), format!("+1415555{:04}", 100 + number));
            carriers.push(server.create_carrier(&name, &did, Some(&bot)).await);
        }
        carriers
    };
    let (one_half, other_half) =
        tokio::join!(create(&servers.first, 0..CARRIERS / 2), create(&servers.second, CARRIERS / 2..CARRIERS));
    for carrier in one_half.iter().chain(&other_half) {
        servers.first.until_synced(carrier, PATIENCE).await;
    }
    for (kind, method) in [
        ("inbound", "CreateSIPInboundTrunk"),
        ("outbound", "CreateSIPOutboundTrunk"),
        ("rules", "CreateSIPDispatchRule"),
    ] {
        assert_eq!(servers.objects(kind).await, CARRIERS, "{kind}");
        assert_eq!(servers.calls(method).await, CARRIERS as u64, "{method}");
    }
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn save_without_the_lease_is_synced_and_published() {
    let Some((servers, carrier)) = Servers::with_carrier().await else { return };
    let mut events = servers.second.events().await;
    for name in ["Twilio 1", "Twilio 2", "Twilio 3"] {
        servers.second.rename_carrier(&carrier, name).await;
        for expected in [ChangeKind::Updated, ChangeKind::Synced] {
            assert_eq!(events.next_of_carrier(&carrier, NOTIFIED_WITHIN).await, expected, "{name}");
        }
    }
    assert_eq!(servers.database.lease().await.holder, servers.first.id());
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_server_gets_its_lease_back_at_once() {
    let Some((mut servers, carrier)) = Servers::with_carrier().await else { return };
    servers.first.kill();
    let lease = servers.database.lease().await;
    servers.second.rename_carrier(&carrier, "Renamed").await;
    servers.first.start_again().await;
    servers.second.until_synced(&carrier, LEASE_PATIENCE).await;
    assert!(servers.database.now().await < lease.expires_at, "the lease had expired");
    assert_eq!(servers.database.lease().await.holder, lease.holder);
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn revoked_key_is_refused_by_the_other_server() {
    let Some(servers) = Servers::start().await else { return };
    let body = |value: Value| Some(value).filter(|value| !value.is_null());
    let mut times = Vec::new();
    for (method, change) in [
        (Method::PATCH, json!({ "is_active": false })),
        (Method::PATCH, json!({ "expires_at": "2020-01-01" })),
        (Method::DELETE, Value::Null),
    ] {
        let (id, key) = servers.first.create_api_key().await;
        let status = async || servers.second.with_key(&key, "/api/v1/carriers").send().await.unwrap().status().as_u16();
        assert_eq!(status().await, 200);
        let stream = servers.second.with_key(&key, "/api/v1/events").send().await.unwrap();
        assert_eq!(stream.status(), 200);
        let path = format!("/api/v1/api-keys/{id}");
        let answer = servers.first.send(method.clone(), &path, body(change)).await;
        assert!(answer.status.is_success(), "{answer:?}");
        let revoked = Instant::now();
        let (status, stream) = tokio::join!(status(), timeout(PATIENCE, stream.text()));
        times.push(revoked.elapsed());
        assert_ne!(status, 200, "{method}");
        assert!(stream.is_ok(), "{method}");
    }
    // Other tests on the machine may delay single ones.
    assert!(times.iter().min() < Some(&REVOKED_WITHIN), "{times:?}");
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn disabled_or_demoted_user_is_out_on_the_other_server() {
    let Some(servers) = Servers::start().await else { return };
    let mut times = Vec::new();
    for (round, change) in
        [json!({ "is_active": false }), json!({ "role": "viewer" }), Value::Null].into_iter().enumerate()
    {
        let invitation = json!({ "email": format!("user{round}@example.com"), "role": "admin" });
        let invited = servers.first.send(Method::POST, "/api/v1/users", Some(invitation)).await.expect(201);
        let token = invited["url"].as_str().unwrap().split_once("token=").unwrap().1;
        let accept = json!({ "token": token, "password": crate::harness::PASSWORD });
        let accepted = servers.second.stranger_post("/api/v1/auth/password-link", &accept).await.expect(200);
        let session = accepted["access_token"].as_str().unwrap();
        let key = servers.second.with_token(Method::POST, session, "/api/v1/api-keys");
        let key = answer(key.json(&json!({ "name": "CRM", "role": "admin" })).send().await.unwrap()).await.expect(201);
        let key = key["key"].as_str().unwrap();
        let stream = servers.second.with_token(Method::GET, session, "/api/v1/events").send().await.unwrap();
        let stream_of_key = servers.second.with_key(key, "/api/v1/events").send().await.unwrap();

        let path = format!("/api/v1/users/{}", invited["user"]["id"].as_str().unwrap());
        let (method, body) =
            if change.is_null() { (Method::DELETE, None) } else { (Method::PATCH, Some(change.clone())) };
        let answer = servers.first.send(method, &path, body).await;
        assert!(answer.status.is_success(), "{answer:?}");
        let changed = Instant::now();
        let me = servers.second.with_token(Method::GET, session, "/api/v1/auth/me").send().await.unwrap();
        let users = servers.second.with_key(key, "/api/v1/users").send().await.unwrap();
        let (stream, stream_of_key) =
            tokio::join!(timeout(PATIENCE, stream.text()), timeout(PATIENCE, stream_of_key.text()));
        times.push(changed.elapsed());
        assert_eq!(me.status(), 401, "{change}");
        assert_eq!(users.status(), if change.is_null() { 401 } else { 403 }, "{change}");
        assert!(stream.is_ok() && stream_of_key.is_ok(), "{change}");
    }
    // Other tests on the machine may delay single ones.
    assert!(times.iter().min() < Some(&(REVOKED_WITHIN * 2)), "{times:?}");
    servers.stop().await;
}

/// Two servers, each asked by one administrator to demote the other.
#[tokio::test(flavor = "multi_thread")]
async fn one_administrator_stays_in_a_race_between_servers() {
    let Some(servers) = Servers::start().await else { return };
    let first = servers.first.send(Method::GET, "/api/v1/auth/me", None).await.expect(200);
    let invitation = json!({ "email": "other@example.com", "role": "admin" });
    let invited = servers.first.send(Method::POST, "/api/v1/users", Some(invitation)).await.expect(201);
    let token = invited["url"].as_str().unwrap().split_once("token=").unwrap().1;
    let accept = json!({ "token": token, "password": crate::harness::PASSWORD });
    let accepted = servers.second.stranger_post("/api/v1/auth/password-link", &accept).await.expect(200);
    let path = |user: &Value| format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    let demote = json!({ "role": "viewer" });
    let by_other = servers.second.with_token(Method::PATCH, accepted["access_token"].as_str().unwrap(), &path(&first));
    let by_first = path(&invited["user"]);
    let (one, other) = tokio::join!(
        servers.first.send(Method::PATCH, &by_first, Some(demote.clone())),
        by_other.json(&demote).send(),
    );
    let other = answer(other.unwrap()).await;
    assert_eq!([&one, &other].iter().filter(|answer| answer.status.is_success()).count(), 1, "{one:?} {other:?}");
    servers.stop().await;
}

/// Killed between a call to LiveKit and its response.
#[tokio::test(flavor = "multi_thread")]
async fn killed_server_is_replaced_when_its_lease_expires() {
    let Some((mut servers, first_carrier)) = Servers::with_carrier().await else { return };
    let no_response = Fault::Delay { ms: 60_000 };
    servers.livekit.faults().add(FaultRule::once(no_response).after_commit().on("CreateSIPOutboundTrunk"));
    let carrier = servers.second.create_carrier("Plivo", "+14155550135", None).await;
    let deadline = Instant::now() + PATIENCE;
    while servers.objects("outbound").await < 2 {
        assert!(Instant::now() < deadline, "the trunk was not created");
        sleep(Duration::from_millis(20)).await;
    }
    servers.first.kill();
    let lease = servers.database.lease().await;
    servers.second.until_synced(&carrier, LEASE_PATIENCE).await;
    assert!(servers.database.now().await >= lease.expires_at, "there were two writers");
    assert_eq!((lease.holder, servers.database.lease().await.holder), (servers.first.id(), servers.second.id()));
    servers.second.until_synced(&first_carrier, PATIENCE).await;
    assert_eq!((servers.objects("outbound").await, servers.calls("CreateSIPOutboundTrunk").await), (2, 2));
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_for_another_livekit_project_is_refused() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let (livekit, other_livekit) = (sandbox().await, sandbox().await);
    let server = Process::start(&database, &livekit.url()).await;
    let project = |livekit: &Sandbox| format!("localhost:{}", livekit.addr().port());
    for (given, variables) in
        [(project(&other_livekit), &[][..]), ("sandbox".to_owned(), &[("TRUNKLINE_SANDBOX", "1")])]
    {
        let message = Process::refused(&database, &other_livekit.url(), variables).await;
        let expected = format!(
            "This database is synced with the LiveKit project {}, and this server was started for {given}. Start it for",
            project(&livekit)
        );
        assert!(message.contains(&expected) && message.contains("--switch-livekit"), "{message}");
    }
    // The same project in another spelling gets further.
    let message = Process::refused(&database, &spelled_differently(&livekit), &[]).await;
    assert!(message.contains("Cannot listen on nowhere"), "{message}");
    drop(server);
    database.drop().await;
}

/// How soon a lookup on another server answers by a change.
const VISIBLE_WITHIN: Duration = Duration::from_millis(100);
/// How long a server that cannot compare its index with the outbox answers from it at most, and a margin.
const TRUSTED_FOR: Duration = Duration::from_millis(400);
const MOVED: &str = "+14155550177";

impl Servers {
    /// Two carriers, and a number of the first one with its bot.
    async fn with_did() -> Option<(Self, [String; 2], String)> {
        let servers = Self::start().await?;
        let bot = servers.first.create_bot().await;
        let one = servers.first.create_carrier("Twilio", MOVED, Some(&bot)).await;
        let other = servers.first.create_carrier("Plivo", "+14155550178", Some(&bot)).await;
        servers.second.until_looked_up(&one).await;
        Some((servers, [one, other], bot))
    }
}

impl Process {
    /// How long it takes until the lookup names the carrier.
    async fn until_looked_up(&self, carrier: &str) -> Duration {
        let started = Instant::now();
        while self.look_up(MOVED).await.body["carrier_id"] != *carrier {
            assert!(started.elapsed() < PATIENCE, "the change did not arrive");
            sleep(Duration::from_millis(2)).await;
        }
        started.elapsed()
    }

    /// From now on, for a while, each lookup names the carrier.
    async fn always_looks_up(&self, carrier: &str) {
        let until = Instant::now() + VISIBLE_WITHIN * 5;
        while Instant::now() < until {
            assert_eq!(self.look_up(MOVED).await.expect(200)["carrier_id"], carrier);
            sleep(Duration::from_millis(5)).await;
        }
    }

    async fn index_is_in_use(&self) -> bool {
        let response = self.request(reqwest::Method::GET, "/readyz").send().await.unwrap();
        answer(response).await.expect(200)["index"] == true
    }

    async fn until_index_is_in_use(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.index_is_in_use().await {
            assert!(Instant::now() < deadline, "the index is not in use");
            sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn moved_did_is_looked_up_on_the_other_server_in_time() {
    let Some((servers, carriers, bot)) = Servers::with_did().await else { return };
    let mut times = Vec::new();
    for round in 0..9 {
        servers.second.until_index_is_in_use().await;
        let (from, to) = (&carriers[round % 2], &carriers[(round + 1) % 2]);
        servers.first.move_did(MOVED, &bot, from, to).await;
        assert_eq!(servers.first.look_up(MOVED).await.expect(200)["carrier_id"], **to, "on the same server at once");
        times.push(servers.second.until_looked_up(to).await);
    }
    times.sort_unstable();
    // Other tests on the machine may delay single ones.
    assert!(times[times.len() / 4] <= VISIBLE_WITHIN, "{times:?}");
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lookup_is_right_while_the_notification_connection_is_cut() {
    let Some((servers, carriers, bot)) = Servers::with_did().await else { return };
    for round in 0..4 {
        let (from, to) = (&carriers[round % 2], &carriers[(round + 1) % 2]);
        assert!(servers.database.kill_listeners().await > 0);
        servers.first.move_did(MOVED, &bot, from, to).await;
        sleep(TRUSTED_FOR).await;
        servers.second.always_looks_up(to).await;
    }
    servers.second.until_index_is_in_use().await;
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn suspended_server_answers_by_what_has_changed_meanwhile() {
    let Some((servers, carriers, bot)) = Servers::with_did().await else { return };
    servers.second.until_index_is_in_use().await;
    servers.second.suspend();
    servers.first.move_did(MOVED, &bot, &carriers[0], &carriers[1]).await;
    sleep(Duration::from_secs(1)).await;
    servers.second.resume();
    servers.second.always_looks_up(&carriers[1]).await;
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caller_is_handed_over_by_one_of_two_servers() {
    let Some(servers) = Servers::start().await else { return };
    let bot = json!({ "name": "Concierge", "answered_by": "fleet" });
    let bot = servers.first.send(Method::POST, "/api/v1/bots", Some(bot)).await.expect(201);
    servers.first.create_carrier("Twilio", "+14155551234", bot["id"].as_str()).await;
    let fleet = Fake::start().await;
    fleet.report(10, 10, 0);
    servers.use_fleet(&fleet).await;
    let participant = json!({ "sid": "PA_1", "identity": "sip_+14155550123", "kind": "SIP",
                              "attributes": { "sip.ruleID": "SDR_1", "sip.phoneNumber": "+14155550123",
                                              "sip.trunkPhoneNumber": "+14155551234" } });
    let body = event("EV_1", "participant_joined", "call-_1", participant);
    let deadline = Instant::now() + PATIENCE;
    // 503 until the second server has polled the fleet: LiveKit repeats the event.
    while fleet.received(Route::Dispatch).is_empty() {
        assert!(Instant::now() < deadline, "not handed over");
        let (first, second) = (servers.first.webhook(&body).send(), servers.second.webhook(&body).send());
        let (first, second) = tokio::join!(first, second);
        assert!([first, second].into_iter().all(|response| matches!(response.unwrap().status().as_u16(), 200 | 503)));
    }
    for server in [&servers.first, &servers.second, &servers.first, &servers.second] {
        assert_eq!(server.webhook(&body).send().await.unwrap().status(), 200);
    }
    assert_eq!(fleet.received(Route::Dispatch).len(), 1);
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dialout_of_a_killed_server_is_not_repeated() {
    let Some(mut servers) = Servers::start().await else { return };
    let bot = servers.first.create_bot().await;
    let carrier = servers.first.create_carrier("Twilio", "+14155550134", Some(&bot)).await;
    servers.first.until_synced(&carrier, PATIENCE).await;
    let fleet = Fake::start().await;
    fleet.report(10, 10, 0);
    servers.use_fleet(&fleet).await;
    fleet.fail(Route::Dialout, fleet_fake::Fault::Delay(PATIENCE));
    let body = json!({ "bot_id": bot, "to_number": "+14155550123" });
    let request = servers.first.request(Method::POST, "/api/v1/sip/dialout").json(&body);
    let request = tokio::spawn(request.header("Idempotency-Key", "a").send());
    while fleet.received(Route::Dialout).is_empty() {
        assert!(!request.is_finished(), "{:?}", request.await);
        sleep(Duration::from_millis(20)).await;
    }
    servers.first.kill();
    request.await.unwrap().unwrap_err();
    servers.first.start_again().await;

    let calls = async |server: &Process| {
        let calls = server.send(Method::GET, "/api/v1/calls", None).await.expect(200);
        calls["items"].as_array().unwrap().clone()
    };
    assert_eq!(calls(&servers.first).await[0]["state"], "requested");
    let again = servers.first.request(Method::POST, "/api/v1/sip/dialout").json(&body);
    let again = answer(again.header("Idempotency-Key", "a").send().await.unwrap()).await;
    assert_eq!(again.expect(409)["code"], "request_in_progress");
    let participant = json!({ "sid": "PA_1", "identity": "sip_+14155550123", "kind": "SIP",
                              "attributes": { "sip.callStatus": "active", "sip.phoneNumber": "+14155550123",
                                              "sip.trunkPhoneNumber": "+14155550134" } });
    let report = event("EV_1", "participant_joined", "dialout-1", participant);
    assert_eq!(servers.second.webhook(&report).send().await.unwrap().status(), 200);
    let calls = calls(&servers.first).await;
    assert_eq!((calls.len(), &calls[0]["state"]), (1, &json!("answered")), "{calls:#?}");
    assert_eq!(fleet.received(Route::Dialout).len(), 1);
    servers.stop().await;
}
