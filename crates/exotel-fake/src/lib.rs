//! Exotel's HTTP API in the same process, for tests: one account with its key, pages of numbers, and faults.
//!
//! Responses are as Exotel documents them (see the crate `exotel`). Each [`Fault`] applies to one of the next calls, or to
//! all until it is removed.

#![deny(missing_docs)]

mod answers;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use api_types::input::ExotelInput;
use axum::Router;
use domain::ExotelSettings;
use exotel::Config;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// How a call fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused with that status, in Exotel's form.
    Status(u16),
    /// A response of any kind.
    Answer {
        /// HTTP status.
        status: u16,
        /// Body.
        body: String,
    },
    /// A login page with status 200, as a captive portal shows it.
    Html,
    /// The response is delayed.
    Delay(Duration),
    /// The connection closes before the response.
    Drop,
    /// The connection closes in the middle of the response.
    Truncate,
    /// A complete response whose JSON is cut off.
    CutJson,
    /// A redirect to that URL.
    Redirect(String),
    /// A body of 8 MiB.
    Huge,
}

#[derive(Debug)]
struct State {
    account_sid: String,
    api_key: String,
    api_token: String,
    numbers: Vec<Value>,
    page_size: usize,
    /// Responses contain `next_page_uri`, as in the older documentation.
    has_next_page_uri: bool,
    faults: VecDeque<(Fault, bool)>,
    calls: Vec<String>,
}

/// A running fake. Dropping it stops it.
#[derive(Debug)]
pub struct Fake {
    addr: SocketAddr,
    state: Arc<Mutex<State>>,
    served: JoinHandle<()>,
}

impl Fake {
    /// The account's SID.
    pub const ACCOUNT_SID: &'static str = "acme1";
    /// The account's API key.
    pub const API_KEY: &'static str = "2b04c2ff-key";
    /// The account's API token.
    pub const API_TOKEN: &'static str = "a1b2c3d4-token";

    /// Starts on a free loopback port, without numbers.
    pub async fn start() -> Self {
        let state = Arc::new(Mutex::new(State {
            account_sid: Self::ACCOUNT_SID.to_owned(),
            api_key: Self::API_KEY.to_owned(),
            api_token: Self::API_TOKEN.to_owned(),
            numbers: Vec::new(),
            page_size: 50,
            has_next_page_uri: true,
            faults: VecDeque::new(),
            calls: Vec::new(),
        }));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("a bound listener");
        let router = Router::new().fallback(answers::serve).with_state(state.clone());
        let served = tokio::spawn(async { axum::serve(listener, router).await.expect("the fake serves") });
        Self { addr, state, served }
    }

    /// Base URL of its API, for any subdomain.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Configuration of a client of this fake.
    pub fn config(&self, timeout: Duration) -> Config {
        Config { url: self.url(), timeout }
    }

    /// The account's credentials, as the body of a request.
    pub fn credentials() -> Value {
        json!({ "account_sid": Self::ACCOUNT_SID, "subdomain": "api.in.exotel.com", "api_key": Self::API_KEY,
                "api_token": Self::API_TOKEN })
    }

    /// The account's credentials, parsed.
    pub fn settings() -> ExotelSettings {
        let input: ExotelInput = serde_json::from_value(Self::credentials()).expect("an input");
        input.parse(None).expect("good credentials")
    }

    /// Adds an Indian number that has voice.
    pub fn add_number(&self, number: &str, friendly_name: &str) {
        self.add(json!({ "sid": number, "phone_number": number, "friendly_name": friendly_name,
                         "capabilities": { "voice": true, "sms": true }, "country": "IN", "region": "DL" }));
    }

    /// Adds a number as JSON.
    pub fn add(&self, number: Value) {
        self.lock().numbers.push(number);
    }

    /// Removes all numbers.
    pub fn clear_numbers(&self) {
        self.lock().numbers.clear();
    }

    /// Sets the size of a page, and whether responses contain `next_page_uri`.
    pub fn pages(&self, size: usize, has_next_page_uri: bool) {
        let mut state = self.lock();
        (state.page_size, state.has_next_page_uri) = (size, has_next_page_uri);
    }

    /// Applies to the next call.
    pub fn fail(&self, fault: Fault) {
        self.lock().faults.push_back((fault, false));
    }

    /// Applies to every call until [`Self::clear_faults`].
    pub fn fail_always(&self, fault: Fault) {
        self.lock().faults.push_back((fault, true));
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// Path and query of each call, in order.
    pub fn calls(&self) -> Vec<String> {
        self.lock().calls.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.served.abort();
    }
}
