//! Twilio's HTTP APIs in the same process: one account, numbers for sale in the US, GB and DE, Elastic SIP trunks, and faults.
//!
//! Responses are as Twilio documents them (see the crate `twilio`). Each [`Fault`] applies to one of the next calls, or to all
//! until it is removed.

#![deny(missing_docs)]

mod answers;
mod fault;
mod server;
mod state;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::Router;
use domain::{ProviderSecret, Secret, TwilioSettings, TwilioSid};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};
use twilio::Config;

pub use fault::Fault;
use state::State;

/// A running fake. Dropping it stops it.
#[derive(Debug)]
pub struct Fake {
    addr: SocketAddr,
    state: Arc<Mutex<State>>,
    served: JoinHandle<()>,
}

impl Fake {
    /// The account's SID, which is the user name too.
    pub const USER: &'static str = "AC0123456789abcdef0123456789abcdef";
    /// The account's auth token.
    pub const SECRET: &'static str = "7c1f0a5ea2b94d3e-token";
    /// The secret that the sandbox refuses; it accepts every other one.
    pub const INVALID_SECRET: &'static str = "invalid";

    /// Starts on a free loopback port: one account, numbers for sale, none bought.
    pub async fn start() -> Self {
        let state = State { credentials: Some((Self::USER.to_owned(), Self::SECRET.to_owned())), ..State::default() };
        Self::serve(state).await
    }

    /// The same for the sandbox: any credentials but [`Self::INVALID_SECRET`] are accepted.
    pub async fn start_for_sandbox() -> Self {
        Self::serve(State::default()).await
    }

    async fn serve(state: State) -> Self {
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("a bound listener");
        let router = Router::new().fallback(server::serve).with_state(state.clone());
        let served = tokio::spawn(async { axum::serve(listener, router).await.expect("the fake serves") });
        Self { addr, state, served }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Configuration of a client of this fake.
    pub fn config(&self, timeout: Duration) -> Config {
        Config::at(&self.url(), timeout)
    }

    /// The account's credentials.
    pub fn settings() -> TwilioSettings {
        let account_sid = TwilioSid::parse(Self::USER, "AC", "the account SID").expect("a valid SID");
        let secret = ProviderSecret::new(&Secret::new(Self::SECRET), "the auth token").expect("a valid token");
        TwilioSettings { account_sid, key_sid: None, secret }
    }

    /// The trunks, each with `origination_urls`, `credential_lists` and `phone_numbers`.
    pub fn trunks(&self) -> Vec<Value> {
        self.lock().trunks.clone()
    }

    /// The credential lists, each with `credentials`, whose passwords a test may read.
    pub fn credential_lists(&self) -> Vec<Value> {
        self.lock().credential_lists.clone()
    }

    /// Applies to the next call.
    pub fn fail(&self, fault: Fault) {
        self.fail_at("", fault);
    }

    /// Applies to the next call that contains this text, as in `POST /path`.
    pub fn fail_at(&self, call: &str, fault: Fault) {
        self.lock().faults.add(call, fault, false);
    }

    /// Applies to every call that contains this text, until [`Self::clear_faults`].
    pub fn fail_always(&self, call: &str, fault: Fault) {
        self.lock().faults.add(call, fault, true);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// Sets the most items on a page.
    pub fn set_page_size(&self, size: usize) {
        self.lock().page_size = size;
    }

    /// Method, path, query and form body of each call, in order.
    pub fn calls(&self) -> Vec<String> {
        self.lock().calls.clone()
    }

    /// The numbers that the account has.
    pub fn owned(&self) -> Vec<Value> {
        self.lock().owned.clone()
    }

    /// Gives the account a number, as if it had been bought elsewhere.
    pub fn add_owned(&self, number: &str) {
        self.lock().own(number, &[]);
    }

    /// Adds a number that is for sale, as JSON.
    pub fn add_available(&self, number_type: &'static str, number: Value) {
        self.lock().available.push((number_type, number));
    }

    /// Removes all numbers that are for sale.
    pub fn clear_available(&self) {
        self.lock().available.clear();
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
