//! Vonage's Numbers API in the same process: one account, numbers for sale in the US and GB, and faults.
//!
//! Responses are as Vonage documents them (see the crate `vonage`). Each [`Fault`] applies to one of the next calls, or to all
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
use domain::{ProviderSecret, Secret, VonageKey, VonageSettings};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};
use vonage::Config;

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
    /// The account's API key.
    pub const USER: &'static str = "abcd1234";
    /// The account's API secret.
    pub const SECRET: &'static str = "Qx7-vonage-secret";
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
        Config { url: self.url(), timeout }
    }

    /// The account's credentials.
    pub fn settings() -> VonageSettings {
        VonageSettings {
            api_key: VonageKey::parse(Self::USER).expect("a valid key"),
            api_secret: ProviderSecret::new(&Secret::new(Self::SECRET), "the API secret").expect("a valid secret"),
            sip_domain: "acme.sip-us.vonage.com".parse().expect("a valid address"),
            sip_credentials: None,
        }
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
    pub fn add_available(&self, number: Value) {
        self.lock().available.push(number);
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
