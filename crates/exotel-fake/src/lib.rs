//! An Exotel in the same process: accounts, keys, numbers in pages, and each way to fail.
//!
//! It answers as Exotel documents it (see the crate's documentation). [`Fault`]s strike the calls to come, one each, unless
//! they are made to stay.

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

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused with that status, in Exotel's own form.
    Status(u16),
    /// Refused with that status and body.
    Answer { status: u16, body: String },
    /// A login page with status 200, as a hotel's network shows it.
    Html,
    /// The call takes longer, and goes on.
    Delay(Duration),
    /// The connection is dropped without a byte of an answer.
    Drop,
    /// The connection is dropped in the middle of the answer.
    Truncate,
    /// The answer ends in the middle, as if that were all.
    CutJson,
    /// To that address.
    Redirect(String),
    /// More than anybody should read.
    Huge,
}

#[derive(Debug)]
struct State {
    account_sid: String,
    api_key: String,
    api_token: String,
    numbers: Vec<Value>,
    page_size: usize,
    /// `next_page_uri` is part of the answers, as in the older documentation.
    tells_next: bool,
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
    pub const ACCOUNT_SID: &'static str = "acme1";
    pub const API_KEY: &'static str = "2b04c2ff-key";
    pub const API_TOKEN: &'static str = "a1b2c3d4-token";

    /// Without numbers.
    pub async fn start() -> Self {
        let state = Arc::new(Mutex::new(State {
            account_sid: Self::ACCOUNT_SID.to_owned(),
            api_key: Self::API_KEY.to_owned(),
            api_token: Self::API_TOKEN.to_owned(),
            numbers: Vec::new(),
            page_size: 50,
            tells_next: true,
            faults: VecDeque::new(),
            calls: Vec::new(),
        }));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("it is bound");
        let router = Router::new().fallback(answers::serve).with_state(state.clone());
        let served = tokio::spawn(async { axum::serve(listener, router).await.expect("the fake serves") });
        Self { addr, state, served }
    }

    /// Base of its API, for any subdomain.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub fn config(&self, timeout: Duration) -> Config {
        Config { url: self.url(), timeout }
    }

    /// As an operator enters them.
    pub fn credentials() -> Value {
        json!({ "account_sid": Self::ACCOUNT_SID, "subdomain": "api.in.exotel.com", "api_key": Self::API_KEY,
                "api_token": Self::API_TOKEN })
    }

    pub fn settings() -> ExotelSettings {
        let input: ExotelInput = serde_json::from_value(Self::credentials()).expect("an input");
        input.parse(None).expect("good credentials")
    }

    /// With voice, in India.
    pub fn add_number(&self, number: &str, friendly_name: &str) {
        self.add(json!({ "sid": number, "phone_number": number, "friendly_name": friendly_name,
                         "capabilities": { "voice": true, "sms": true }, "country": "IN", "region": "DL" }));
    }

    pub fn add(&self, number: Value) {
        self.lock().numbers.push(number);
    }

    pub fn clear_numbers(&self) {
        self.lock().numbers.clear();
    }

    /// How many numbers a page has, and whether an answer says that there is another.
    pub fn pages(&self, size: usize, tells_next: bool) {
        let mut state = self.lock();
        (state.page_size, state.tells_next) = (size, tells_next);
    }

    /// Strikes the next call.
    pub fn fail(&self, fault: Fault) {
        self.lock().faults.push_back((fault, false));
    }

    /// Strikes every call until [`Self::clear_faults`].
    pub fn fail_always(&self, fault: Fault) {
        self.lock().faults.push_back((fault, true));
    }

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
