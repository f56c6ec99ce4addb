//! A LiveKit to test against: the sandbox, or a real one.

#![allow(clippy::allow_attributes, dead_code, reason = "each test binary uses its own part of this")]

use std::{collections::BTreeSet, sync::atomic::AtomicU32, sync::atomic::Ordering, time::Duration};

use domain::{
    Secret, Transport,
    livekit::{DispatchRule, InboundTrunk, OutboundTrunk},
};
use jsonwebtoken::{EncodingKey, Header, get_current_timestamp};
use livekit::{Client, Config};
use livekit_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

pub const TIMEOUT: Duration = Duration::from_secs(5);

pub struct Target {
    pub name: &'static str,
    pub config: Config,
    /// Kept so that it keeps running.
    pub sandbox: Option<Sandbox>,
    /// First part of the names of all that the test makes.
    pub tag: String,
    next: AtomicU32,
}

pub struct Answer {
    pub status: u16,
    pub text: String,
    pub json: Value,
}

impl Answer {
    /// Status, Twirp code, message.
    pub fn refusal(&self) -> (u16, &str, &str) {
        (self.status, self.json["code"].as_str().unwrap_or_default(), self.json["msg"].as_str().unwrap_or_default())
    }
}

pub async fn sandbox() -> Target {
    let sandbox = Sandbox::start(([127, 0, 0, 1], 0).into(), Options::default()).await.expect("a free port");
    Target::new("sandbox", sandbox.config(TIMEOUT), Some(sandbox))
}

/// The server of LIVEKIT_TEST_URL, if it is set.
pub fn real() -> Option<Target> {
    let url = std::env::var("LIVEKIT_TEST_URL").ok()?;
    let setting = |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} goes with LIVEKIT_TEST_URL"));
    let config = Config {
        url,
        api_key: setting("LIVEKIT_TEST_API_KEY"),
        api_secret: Secret::new(setting("LIVEKIT_TEST_API_SECRET")),
        timeout: TIMEOUT,
    };
    Some(Target::new("real", config, None))
}

pub fn claims(key: &str, from: i64, to: i64, sip: Value) -> Value {
    let now = i64::try_from(get_current_timestamp()).expect("a time of this age");
    json!({ "iss": key, "nbf": now + from, "exp": now + to, "sip": sip })
}

pub fn signed(claims: &Value, secret: &Secret) -> String {
    let key = EncodingKey::from_secret(secret.expose().as_bytes());
    jsonwebtoken::encode(&Header::default(), claims, &key).expect("a token")
}

impl Target {
    fn new(name: &'static str, config: Config, sandbox: Option<Sandbox>) -> Self {
        static TESTS: AtomicU32 = AtomicU32::new(0);
        // Unlike any other run's, and any other test's of this run.
        let run = get_current_timestamp() % 1_000_000;
        let unique = format!("{run:06}{:03}{:03}", std::process::id() % 1000, TESTS.fetch_add(1, Ordering::Relaxed));
        Self { name, config, sandbox, tag: format!("conformance-{unique}"), next: AtomicU32::new(0) }
    }

    pub fn client(&self) -> Client {
        Client::new(self.config.clone()).expect("a usable configuration")
    }

    pub fn sandbox(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("this target is the sandbox")
    }

    pub fn name(&self, name: &str) -> String {
        format!("{}-{name}", self.tag)
    }

    /// A number that no other test uses: `+` and digits.
    pub fn number(&self) -> String {
        let unique = self.tag.trim_start_matches("conformance-");
        format!("+{unique}{:02}", self.next.fetch_add(1, Ordering::Relaxed))
    }

    pub fn token(&self, claims: &Value) -> String {
        signed(claims, &self.config.api_secret)
    }

    pub fn base(&self) -> String {
        self.config.url.replacen("ws", "http", 1).trim_end_matches('/').to_owned()
    }

    /// A call in JSON, as an administrator and caller.
    pub async fn call(&self, method: &str, body: Value) -> Answer {
        let claims = claims(&self.config.api_key, -5, 60, json!({ "admin": true, "call": true }));
        let token = self.token(&claims);
        self.send(method, Some(&token), "application/json", body.to_string().into()).await
    }

    pub async fn made(&self, method: &str, body: Value) -> Value {
        let answer = self.call(method, body).await;
        assert_eq!(answer.status, 200, "{} {method}: {}", self.name, answer.text);
        answer.json
    }

    pub async fn send(&self, method: &str, token: Option<&str>, content_type: &str, body: Vec<u8>) -> Answer {
        let mut request = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client")
            .post(format!("{}/twirp/livekit.SIP/{method}", self.base()))
            .header("content-type", content_type)
            .body(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        answer(request).await
    }

    /// Removes what the test made, by its tag, rules first.
    pub async fn clean_up(&self) {
        for (list, delete, field) in [
            ("ListSIPDispatchRule", "DeleteSIPDispatchRule", "sip_dispatch_rule_id"),
            ("ListSIPInboundTrunk", "DeleteSIPTrunk", "sip_trunk_id"),
            ("ListSIPOutboundTrunk", "DeleteSIPTrunk", "sip_trunk_id"),
        ] {
            for item in items(&self.made(list, json!({})).await) {
                if item["name"].as_str().unwrap_or_default().starts_with(&self.tag) {
                    self.made(delete, json!({ field: item[field] })).await;
                }
            }
        }
    }
}

pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a whole answer");
    let json = serde_json::from_str(&text).unwrap_or_default();
    Answer { status, text, json }
}

pub fn items(answer: &Value) -> Vec<Value> {
    answer["items"].as_array().cloned().unwrap_or_default()
}

pub fn ids(answer: &Value) -> Vec<String> {
    let id = |item: &Value| item["sip_trunk_id"].as_str().or(item["sip_dispatch_rule_id"].as_str()).map(str::to_owned);
    items(answer).iter().filter_map(id).collect()
}

/// A test's ids among those of everybody else.
pub fn only(own: &[&str], listed: Vec<String>) -> Vec<String> {
    let own: BTreeSet<_> = own.iter().copied().collect();
    listed.into_iter().filter(|id| own.contains(id.as_str())).collect()
}

pub fn inbound(name: String, number: &str) -> InboundTrunk {
    InboundTrunk {
        name,
        metadata: r#"{"managed_by":"trunkline"}"#.to_owned(),
        numbers: vec![number.to_owned()],
        allowed_addresses: vec!["192.0.2.0/24".to_owned()],
        auth_username: "acme".to_owned(),
        auth_password: Secret::new("hunter2"),
        headers_to_attributes: [("X-Tier".to_owned(), "sip.h.x-tier".to_owned())].into(),
        krisp_enabled: Some(true),
    }
}

pub fn outbound(name: String, number: &str) -> OutboundTrunk {
    OutboundTrunk {
        name,
        metadata: r#"{"managed_by":"trunkline"}"#.to_owned(),
        address: "sip.example.com:5070".to_owned(),
        transport: Transport::Tls,
        destination_country: "IN".parse().ok(),
        numbers: vec![number.to_owned()],
        auth_username: "acme".to_owned(),
        auth_password: Secret::new("hunter2"),
    }
}

pub fn rule(name: String, trunk_id: &str, number: &str) -> DispatchRule {
    DispatchRule {
        name,
        metadata: r#"{"managed_by":"trunkline"}"#.to_owned(),
        trunk_ids: vec![trunk_id.to_owned()],
        numbers: vec![number.to_owned()],
        room_prefix: "call-".to_owned(),
        agent_name: "front-desk".to_owned(),
        agent_metadata: "{}".to_owned(),
        attributes: [("carrier_id".to_owned(), "car_1".to_owned())].into(),
    }
}
