//! Vonage's Numbers API in the same process: one account, numbers for sale in the US and GB, and faults.
//!
//! Responses are as Vonage documents them (see the crate `vonage`).

#![deny(missing_docs)]

mod answers;
mod state;

use std::{ops::Deref, time::Duration};

use axum::response::Response;
use domain::{ProviderSecret, Secret, VonageKey, VonageSettings};
pub use number_provider_fake::Fault;
use number_provider_fake::{Account, Call, Server};
use serde_json::Value;
use state::State;
use vonage::Config;

/// A running fake. Dropping it stops it.
#[derive(Debug)]
pub struct Fake(Server<State>);

/// Its address, its log of calls, and faults.
impl Deref for Fake {
    type Target = Server<State>;

    fn deref(&self) -> &Server<State> {
        &self.0
    }
}

impl Account for State {
    const INVALID_SECRET: &'static str = Fake::INVALID_SECRET;

    fn answer(&mut self, call: &Call) -> Response {
        answers::answer(self, call)
    }

    fn refusal(status: u16) -> Response {
        answers::refusal(status)
    }
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
        Self(Server::start(Some((Self::USER, Self::SECRET))).await)
    }

    /// The same for the sandbox: any credentials but [`Self::INVALID_SECRET`] are accepted.
    pub async fn start_for_sandbox() -> Self {
        Self(Server::start(None).await)
    }

    /// Configuration of a client of this fake.
    pub fn config(&self, timeout: Duration) -> Config {
        Config { url: self.0.url(), timeout }
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

    /// Sets the most items on a page.
    pub fn set_page_size(&self, size: usize) {
        self.0.with_account(|account| account.page_size = size);
    }

    /// The numbers that the account has.
    pub fn owned(&self) -> Vec<Value> {
        self.0.with_account(|account| account.owned.clone())
    }

    /// Gives the account a number, as if it had been bought elsewhere.
    pub fn add_owned(&self, number: &str) {
        self.0.with_account(|account| account.own(number, &[]));
    }

    /// Adds a number that is for sale, as JSON.
    pub fn add_available(&self, number: Value) {
        self.0.with_account(|account| account.available.push(number));
    }

    /// Removes all numbers that are for sale.
    pub fn clear_available(&self) {
        self.0.with_account(|account| account.available.clear());
    }
}
