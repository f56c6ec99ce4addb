//! `kill -9` at each step of a purchase: afterwards the number is bought exactly once, and rows, carrier and LiveKit agree.

use std::time::Duration;

use livekit_sandbox::{Fault as LiveKitFault, FaultRule, Options, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use twilio_fake::{Fake, Fault};

use crate::{harness::answer, process::Process};

/// How often the process is killed at each step.
const ROUNDS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(60);
/// Longer than the server waits for an answer.
const NO_ANSWER: Duration = Duration::from_secs(60);
const OWNED: &str = "GET /2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/IncomingPhoneNumbers.json";
const BUY: &str = "POST /2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/IncomingPhoneNumbers.json";
/// The path goes on with the number's SID.
const ATTACH: &str = "POST /2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/IncomingPhoneNumbers/PN";

/// Where the process is killed: the request is executed, and its answer does not come.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A request to Twilio that contains this text.
    Twilio(&'static str),
    /// A method of LiveKit.
    LiveKit(&'static str),
}

struct World {
    twilio: Fake,
    livekit: Sandbox,
    server: Process,
    bot: String,
}

impl World {
    async fn start() -> Self {
        let twilio = Fake::start().await;
        let livekit = Sandbox::start(([127, 0, 0, 1], 0).into(), Options::default()).await.unwrap();
        let variables =
            vec![("TRUNKLINE_TWILIO_URL", twilio.url()), ("LIVEKIT_SIP_HOST", "sip.example.com".to_owned())];
        let server = Process::start_with("sqlite://data/trunkline.db", &livekit.url(), variables).await;
        let settings = json!({ "account": Fake::USER, "secret": Fake::SECRET });
        server.send(Method::PUT, "/api/v1/integrations/twilio", Some(settings)).await.expect(200);
        let bot = server.create_bot().await;
        Self { twilio, livekit, server, bot }
    }

    /// How often the step was reached.
    async fn count(&self, step: Step) -> usize {
        match step {
            Step::Twilio(part) => self.twilio.calls().iter().filter(|call| call.contains(part)).count(),
            Step::LiveKit(method) => {
                let url = format!("{}/sandbox/calls", self.livekit.url());
                let calls = answer(reqwest::get(url).await.unwrap()).await.expect(200);
                usize::try_from(calls[method].as_u64().unwrap_or_default()).unwrap()
            }
        }
    }

    async fn objects(&self) -> Value {
        let url = format!("{}/sandbox/state", self.livekit.url());
        answer(reqwest::get(url).await.unwrap()).await.expect(200)
    }

    /// Buys the number, kills the server at the step, and starts it again.
    async fn kill_at(&mut self, step: Step, number: &str) {
        let before = self.count(step).await;
        match step {
            Step::Twilio(part) => self.twilio.fail_at(part, Fault::Delay(NO_ANSWER)),
            Step::LiveKit(method) => {
                let millis = u64::try_from(NO_ANSWER.as_millis()).unwrap();
                self.livekit
                    .faults()
                    .add(FaultRule::once(LiveKitFault::Delay { ms: millis }).after_commit().on(method));
            }
        }
        let body = json!({ "phone_number": number, "provider": "twilio", "country_code": "US", "agent_id": self.bot });
        self.server.send(Method::POST, "/api/v1/number-purchases", Some(body)).await.expect(202);
        let deadline = Instant::now() + PATIENCE;
        while self.count(step).await == before {
            assert!(Instant::now() < deadline, "{step:?} was not reached");
            sleep(Duration::from_millis(5)).await;
        }
        self.server.kill();
        self.twilio.clear_faults();
        self.server.spawn().await;
    }

    async fn until_ended(&self, number: &str, state: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let page = self.server.send(Method::GET, "/api/v1/number-purchases", None).await.expect(200);
            let purchase = page["items"].as_array().unwrap().iter().find(|purchase| purchase["phone_number"] == number);
            let purchase = purchase.expect("the intent was recorded").clone();
            if purchase["is_active"] == false {
                assert_eq!(purchase["state"], state, "{purchase:#}");
                return purchase;
            }
            assert!(Instant::now() < deadline, "{purchase:#}");
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Everything is there once.
    async fn check(&self, purchase: &Value) {
        let number = &purchase["phone_number"];
        let owned = self.twilio.owned();
        assert_eq!(owned.len(), 1, "{owned:#?}");
        assert_eq!(owned[0]["phone_number"], *number);
        let numbers = self.server.send(Method::GET, "/sip", None).await.expect(200);
        let numbers = numbers.as_array().unwrap();
        assert_eq!(numbers.len(), 1, "{numbers:#?}");
        let row = &numbers[0];
        assert_eq!(row["phone_number"], *number);
        assert_eq!((&row["sip_id"], &row["status"]), (&purchase["sip_id"], &json!("synced")));
        let carriers = self.server.send(Method::GET, "/api/v1/carriers", None).await.expect(200);
        assert_eq!(carriers["total"], 1, "{carriers:#}");
        assert_eq!(self.twilio.trunks().len(), 1);
        let objects = self.objects().await;
        for (kind, key, field) in [
            ("inbound", "sip_trunk_id", "livekit_inbound_trunk_id"),
            ("outbound", "sip_trunk_id", "livekit_outbound_trunk_id"),
            ("rules", "sip_dispatch_rule_id", "livekit_dispatch_rule_id"),
        ] {
            let ids: Vec<&Value> = objects[kind].as_array().unwrap().iter().map(|object| &object[key]).collect();
            assert_eq!(ids, [&row[field]], "{kind}");
        }
        assert_eq!(objects["outbound"][0]["numbers"], json!([number]));
    }

    /// Deletes and releases the number, so that the next round makes everything anew.
    async fn release(&self, purchase: &Value) {
        let path = format!("/sip/{}?release=true", purchase["sip_id"].as_str().unwrap());
        self.server.send(Method::DELETE, &path, None).await.expect(204);
        self.until_ended(purchase["phone_number"].as_str().unwrap(), "released").await;
        assert!(self.twilio.owned().is_empty());
        let deadline = Instant::now() + PATIENCE;
        loop {
            let objects = self.objects().await;
            if ["inbound", "outbound", "rules"].iter().all(|kind| objects[*kind] == json!([])) {
                return;
            }
            assert!(Instant::now() < deadline, "LiveKit still has objects");
            sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn killed_at(step: Step, series: usize) {
    let mut world = World::start().await;
    for round in 0..ROUNDS {
        let number = format!("+1650555{series}{round:03}");
        let offer = json!({ "friendly_name": number, "phone_number": number, "iso_country": "US",
                            "address_requirements": "none", "beta": false, "capabilities": { "voice": true } });
        world.twilio.add_available("Local", offer);
        world.kill_at(step, &number).await;
        let purchase = world.until_ended(&number, "completed").await;
        world.check(&purchase).await;
        world.release(&purchase).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_intent() {
    killed_at(Step::Twilio(OWNED), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_answer_to_the_purchase() {
    killed_at(Step::Twilio(BUY), 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_trunk_at_twilio_is_prepared() {
    killed_at(Step::Twilio("GET /v1/Trunks"), 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_number_is_attached() {
    killed_at(Step::Twilio(ATTACH), 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_inbound_trunk_is_made() {
    killed_at(Step::LiveKit("CreateSIPInboundTrunk"), 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_outbound_trunk_is_made() {
    killed_at(Step::LiveKit("CreateSIPOutboundTrunk"), 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_rule_is_made() {
    killed_at(Step::LiveKit("CreateSIPDispatchRule"), 7).await;
}
