//! Outbound calls over a fake fleet.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use api_types::{
    input::{CallQuery, DialoutInput, FleetEntry, FleetInput},
    view::{BotView, CallView, CarrierView, DidView},
};
use domain::{CallOutcome, CallState, PacingLimit, Role, Secret};
use fleet_fake::{Fake, Fault, Route};
use serde_json::{Value, json};
use services::{DialoutError, DialoutTarget, Error, Result};
use tokio_util::sync::CancellationToken;

use crate::world::{World, actor, quick};

const SECRET: &str = "core-secret-1";
const CONFIG_URL: &str = "https://trunkline.example.com/api/v1/config";

/// A world with a synced carrier, one of its numbers, a bot, and a fleet of one server.
struct Line {
    world: World,
    fake: Fake,
    bot: BotView,
    carrier: CarrierView,
    did: DidView,
}

impl Line {
    /// The carrier has these settings besides.
    async fn new(settings: Value) -> Self {
        Self::in_world(World::new().await, settings).await
    }

    async fn in_world(world: World, settings: Value) -> Self {
        let mut carrier = json!({ "name": "Twilio", "destination_country": "US", "outbound_cps": 100,
                                  "outbound_burst": 1000, "outbound_channels": 100 });
        for (name, value) in settings.as_object().expect("settings") {
            carrier[name] = value.clone();
        }
        let (carrier, bot) = (world.carrier_with(carrier).await, world.bot("Concierge").await);
        let did = world.add_did(&carrier, 1, Some(&bot)).await;
        world.synced().await;
        let fake = Fake::start().await;
        fake.report(100, 100, 0);
        let line = Self { world, fake, bot, carrier, did };
        line.set_fleet(&[&line.fake]).await;
        line
    }

    async fn set_fleet(&self, fakes: &[&Fake]) {
        let entries = fakes.iter().map(|fake| FleetEntry::Url(fake.url())).collect();
        let input = FleetInput { core_fleet: Some(entries), version: None };
        self.world.services.fleet_servers.save(&self.world.admin, &input).await.unwrap();
    }

    /// The required fields, overridden by those given.
    fn body(&self, fields: Value) -> DialoutInput {
        let mut body = json!({ "bot_id": self.bot.id, "to_number": "+14155550123" });
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        serde_json::from_value(body).unwrap()
    }

    async fn dial(&self, fields: Value) -> Result<Value> {
        dial_in(&self.world, &self.body(fields)).await
    }

    async fn calls(&self) -> Vec<CallView> {
        self.world.services.calls.list(&self.world.admin, &CallQuery::default()).await.unwrap().items
    }

    async fn only_call(&self) -> CallView {
        let mut calls = self.calls().await;
        assert_eq!(calls.len(), 1);
        calls.remove(0)
    }

    fn dialed(&self) -> usize {
        self.fake.received(Route::Dialout).len()
    }
}

async fn dial_in(world: &World, body: &DialoutInput) -> Result<Value> {
    let target = DialoutTarget { config_url: CONFIG_URL.to_owned(), core_secret: Some(Secret::new(SECRET)) };
    world.services.dialouts.start(&world.admin, body, target).await
}

fn refused(status: u16, body: &str) -> Fault {
    Fault::Answer { status, body: body.to_owned() }
}

fn fault(result: Result<Value>) -> (String, String) {
    let Err(Error::Invalid(errors)) = result else { panic!("{result:?}") };
    let error = errors.iter().next().expect("a fault");
    (error.field.clone(), error.code.clone())
}

fn limit(result: Result<Value>) -> PacingLimit {
    match result {
        Err(Error::Dialout(DialoutError::Paced { limit, .. })) => limit,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn call_is_placed_and_recorded() {
    let line = Line::new(json!({})).await;
    let fields = json!({ "to_number": "(415) 555-0123", "variables": { "name": "Ada" } });
    let answer = line.dial(fields).await.unwrap();
    assert_eq!(answer, json!({ "status": "accepted", "call_id": "call-1", "room_name": "dialout-call-1" }));
    let received = &line.fake.received(Route::Dialout)[0];
    assert_eq!(received.secret.as_deref(), Some(SECRET));
    assert_eq!(
        received.body,
        json!({ "bot_id": line.bot.id, "to_number": "+14155550123", "from_number": line.did.number,
                "connected_event": { "name": "Ada" }, "config_url": CONFIG_URL })
    );
    let call = line.only_call().await;
    assert_eq!((call.state, call.outcome), (CallState::Dialing, CallOutcome::InProgress));
    assert_eq!(call.to, "+14155550123");
    assert_eq!(call.carrier.map(|carrier| carrier.id), Some(line.carrier.id.clone()));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_dialouts_in_one_room_are_two_calls() {
    let line = Line::new(json!({})).await;
    let body = json!({ "status": "accepted", "call_id": "same", "room_name": "dialout-same" }).to_string();
    line.fake.fail_always(Route::Dialout, Fault::Answer { status: 200, body });
    for number in ["+14155550123", "+14155550124"] {
        line.dial(json!({ "to_number": number })).await.unwrap();
    }
    assert_eq!(line.calls().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_are_in_the_published_order() {
    let line = Line::new(json!({})).await;
    let bad = json!({ "to_number": "", "variables": {}, "connected_event": {} });
    line.set_fleet(&[]).await;
    assert!(matches!(line.dial(bad.clone()).await, Err(Error::NoFleet)));
    let failing = Fake::start().await;
    failing.fail_always(Route::Health, Fault::Drop);
    line.set_fleet(&[&failing]).await;
    assert!(matches!(line.dial(bad.clone()).await, Err(Error::NoHealthyFleet)));
    line.set_fleet(&[&line.fake]).await;
    assert_eq!(fault(line.dial(bad).await).1, "connected_event_and_variables");
    let unknown = json!({ "bot_id": "bot_01hf7yat000000000000000000", "to_number": "911" });
    assert!(matches!(line.dial(unknown).await, Err(Error::NotFound("bot"))));
    assert!(matches!(line.dial(json!({ "bot_id": "x" })).await, Err(Error::NotFound("bot"))));
    assert_eq!((line.calls().await.len(), line.dialed()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_numbers_are_refused() {
    let line = Line::new(json!({})).await;
    for number in ["911", "+1911", "9116666666", "112"] {
        let refused = line.dial(json!({ "to_number": number })).await;
        assert!(matches!(refused, Err(Error::Dialout(DialoutError::EmergencyNumber))), "{number}: {refused:?}");
    }
    for number in ["+1", "twelve", "+1415555012345678", "+1415555٠123", "+14155550123\r\nX: y"] {
        assert_eq!(fault(line.dial(json!({ "to_number": number })).await).0, "to_number", "{number}");
    }
    assert_eq!(line.dialed(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_number_is_never_replaced() {
    let line = Line::new(json!({})).await;
    let not_ours = line.dial(json!({ "from_number": "+14155550199" })).await;
    assert_eq!(fault(not_ours), ("from_number".to_owned(), "not_our_number".to_owned()));
    let inbound = json!({ "number": line.world.number(2), "direction": "inbound", "bot_id": line.bot.id });
    line.world.add_did_with(&line.carrier, inbound).await.unwrap();
    line.world.synced().await;
    let inbound = line.dial(json!({ "from_number": line.world.number(2) })).await;
    assert_eq!(fault(inbound).1, "inbound_only");
    assert_eq!(line.dialed(), 0);
    line.dial(json!({ "from_number": line.did.number })).await.unwrap();
    assert_eq!(line.fake.received(Route::Dialout)[0].body["from_number"], line.did.number);
}

#[tokio::test(flavor = "multi_thread")]
async fn developer_needs_an_api_key() {
    let line = Line::new(json!({})).await;
    let developer = actor(&line.world.services, Role::Developer).await;
    let target = DialoutTarget { config_url: String::new(), core_secret: None };
    let dialouts = &line.world.services.dialouts;
    let refused = dialouts.start(&developer, &line.body(json!({})), target.clone()).await;
    assert!(matches!(refused, Err(Error::Forbidden { needs: Role::Admin })));
    let refused = dialouts.start(&line.world.admin, &line.body(json!({})), target).await;
    assert!(matches!(refused, Err(Error::Dialout(DialoutError::NoCoreSecret))));
}

#[tokio::test(flavor = "multi_thread")]
async fn refusal_of_the_fleet_is_passed_on_and_frees_the_channel() {
    let line = Line::new(json!({ "outbound_channels": 1 })).await;
    for (status, body, error) in [
        (404, "{\"error\": \"bot not found\"}", "bot not found"),
        (429, "{\"error\": \"at capacity\"}", "at capacity"),
        (500, "<h1>oops</h1>", "oops"),
    ] {
        line.fake.fail(Route::Dialout, refused(status, body));
        let Err(Error::Dialout(refusal)) = line.dial(json!({})).await else { panic!("{status}") };
        assert!(refusal.is_final());
        assert_eq!(refusal, DialoutError::Refused { status, error: error.to_owned(), retry_after_seconds: None });
    }
    line.fake.fail(Route::Dialout, refused(400, "{\"error\": \"twirp error: sip status: 486: Busy here\"}"));
    line.dial(json!({})).await.unwrap_err();
    assert_eq!(line.calls().await[0].outcome, CallOutcome::Rejected, "the SIP status is read");
    line.dial(json!({})).await.unwrap();
    let calls = line.calls().await;
    assert_eq!(calls.len(), 5);
    assert!(calls[1..].iter().all(|call| call.state == CallState::Ended));
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answer_is_unknown_and_not_repeated() {
    let line = Line::new(json!({ "outbound_channels": 4 })).await;
    let faults = [Fault::Drop, Fault::Truncate, Fault::Delay(Duration::from_secs(20)), refused(200, "accepted")];
    for (index, fault) in faults.into_iter().enumerate() {
        line.fake.fail(Route::Dialout, fault.clone());
        let outcome = line.dial(json!({})).await;
        assert!(matches!(outcome, Err(Error::Dialout(DialoutError::AnswerLost { .. }))), "{fault:?}: {outcome:?}");
        assert_eq!(line.dialed(), index + 1, "{fault:?}");
    }
    let calls = line.calls().await;
    assert!(calls.iter().all(|call| call.outcome == CallOutcome::InProgress));
    // The calls may be under way: their channels stay in use.
    assert_eq!(limit(line.dial(json!({})).await), PacingLimit::Channels);
}

#[tokio::test(flavor = "multi_thread")]
async fn client_that_goes_away_does_not_end_the_call() {
    let line = Line::new(json!({})).await;
    line.fake.fail(Route::Dialout, Fault::Delay(Duration::from_millis(400)));
    let body = line.body(json!({}));
    let gone = tokio::time::timeout(Duration::from_millis(150), dial_in(&line.world, &body)).await;
    assert!(gone.is_err());
    line.world
        .eventually("the outcome", async || {
            line.calls().await.first().filter(|call| call.state == CallState::Dialing).map(drop)
        })
        .await;
    assert_eq!(line.dialed(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn server_that_accepts_no_connection_is_passed_over() {
    let line = Line::new(json!({})).await;
    let gone = Fake::start().await;
    gone.report(1000, 1000, 0);
    line.set_fleet(&[&line.fake, &gone]).await;
    // Both are polled, and the larger one stops.
    line.world.services.fleet_servers.status(&line.world.admin).await.unwrap();
    let addr = gone.addr();
    drop(gone);
    line.world
        .eventually("the closed port", async || tokio::net::TcpStream::connect(addr).await.is_err().then_some(()))
        .await;
    line.dial(json!({})).await.unwrap();
    assert_eq!(line.dialed(), 1);
    assert_eq!(line.only_call().await.state, CallState::Dialing);
    line.set_fleet(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_beyond_the_burst_wait_for_the_rate() {
    let line = Line::new(json!({ "outbound_cps": 2, "outbound_burst": 3 })).await;
    for _ in 0..3 {
        line.dial(json!({})).await.unwrap();
    }
    let Err(Error::Dialout(paced)) = line.dial(json!({})).await else { panic!("a fourth call") };
    let DialoutError::Paced { limit: PacingLimit::Rate, retry_after_millis, .. } = paced else { panic!("{paced:?}") };
    assert!((1..=500).contains(&retry_after_millis), "{retry_after_millis}");
    assert_eq!((line.dialed(), line.calls().await.len()), (3, 3), "a refused attempt is no call");
    tokio::time::sleep(Duration::from_millis(retry_after_millis.unsigned_abs() + 20)).await;
    line.dial(json!({})).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_attempts_use_no_capacity_of_the_fleet() {
    let line = Line::new(json!({ "outbound_cps": 0.1, "outbound_burst": 1 })).await;
    line.fake.report(3, 3, 0);
    line.dial(json!({})).await.unwrap();
    for _ in 0..5 {
        assert_eq!(limit(line.dial(json!({})).await), PacingLimit::Rate);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn channel_is_free_again_when_its_call_ends() {
    let line = Line::new(json!({ "outbound_channels": 1 })).await;
    line.dial(json!({})).await.unwrap();
    assert_eq!(limit(line.dial(json!({})).await), PacingLimit::Channels);
    set_state(&line, CallState::Ended).await;
    line.dial(json!({})).await.unwrap();
}

/// As LiveKit's webhook does.
async fn set_state(line: &Line, state: CallState) {
    let id = line.calls().await[0].id.clone();
    let mut tx = line.world.services.store().write().await.unwrap();
    let mut call = tx.call(&line.world.admin.account_id, &id).await.unwrap().unwrap();
    call.state = state;
    if state == CallState::Ended {
        (call.outcome, call.ended_at) = (CallOutcome::Answered, Some(line.world.clock.now()));
    }
    tx.save_call(&call).await.unwrap();
    tx.commit().await.unwrap();
}

/// Leases of 400 ms.
async fn short_leases() -> Line {
    let mut timing = quick();
    timing.channel_lease = Duration::from_millis(400);
    let mut world = World::with_timing(timing).await;
    world.start_reconciler();
    Line::in_world(world, json!({ "outbound_channels": 1 })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn lease_of_a_call_without_news_expires() {
    let line = short_leases().await;
    line.dial(json!({})).await.unwrap();
    assert_eq!(limit(line.dial(json!({})).await), PacingLimit::Channels);
    tokio::time::sleep(Duration::from_millis(450)).await;
    // The choice of a carrier follows with the worker.
    let stop = CancellationToken::new();
    tokio::spawn(line.world.services.channel_worker().run(stop.clone()));
    line.world.eventually("a free channel", async || line.dial(json!({})).await.ok().map(drop)).await;
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn lease_of_an_answered_call_is_renewed() {
    let line = short_leases().await;
    let stop = CancellationToken::new();
    line.dial(json!({})).await.unwrap();
    set_state(&line, CallState::Answered).await;
    tokio::spawn(line.world.services.channel_worker().run(stop.clone()));
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(limit(line.dial(json!({})).await), PacingLimit::Channels);
    set_state(&line, CallState::Ended).await;
    line.world.eventually("a free channel", async || line.dial(json!({})).await.ok().map(drop)).await;
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn crash_in_the_middle_leaves_the_attempt() {
    let line = Line::new(json!({ "outbound_channels": 1 })).await;
    line.fake.fail(Route::Dialout, Fault::Delay(Duration::from_secs(30)));
    let second = line.world.second_server().await;
    let body = line.body(json!({}));
    // A runtime of its own, which stops as a process does.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let fake = &line.fake;
                let asked = async {
                    while fake.received(Route::Dialout).is_empty() {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                };
                tokio::select! {
                    outcome = dial_in(&second, &body) => panic!("{outcome:?}"),
                    () = asked => {}
                }
            });
            runtime.shutdown_background();
        });
    });
    let call = line.only_call().await;
    assert_eq!((call.state, call.outcome), (CallState::Requested, CallOutcome::InProgress));
    assert_eq!(limit(line.dial(json!({})).await), PacingLimit::Channels, "the call may be under way");
    assert_eq!(line.dialed(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_share_one_pacing() {
    let Some((database, world)) = World::on_postgresql().await else { return };
    let limits = json!({ "outbound_cps": 0.1, "outbound_burst": 5, "outbound_channels": 100 });
    let line = Arc::new(Line::in_world(world, limits).await);
    let second = Arc::new(line.world.second_server().await);
    let mut dialing = tokio::task::JoinSet::new();
    for index in 0..24 {
        let (line, second) = (line.clone(), second.clone());
        dialing.spawn(async move {
            let world = if index % 2 == 0 { &line.world } else { &*second };
            dial_in(world, &line.body(json!({}))).await
        });
    }
    let started = Instant::now();
    let (mut placed, mut paced) = (0, 0);
    while let Some(outcome) = dialing.join_next().await {
        match outcome.unwrap() {
            Ok(_) => placed += 1,
            Err(Error::Dialout(DialoutError::Paced { limit: PacingLimit::Rate, .. })) => paced += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(started.elapsed() < Duration::from_secs(9), "no further token is there yet");
    assert_eq!((placed, paced, line.dialed()), (5, 19, 5));
    let (Ok(line), Ok(second)) = (Arc::try_unwrap(line), Arc::try_unwrap(second)) else { panic!("all tasks ended") };
    database.drop([line.world, second]).await;
}
