//! Twilio's HTTP APIs in the same process: one account, numbers for sale in the US, GB and DE, Elastic SIP trunks, and faults.
//!
//! Responses are as Twilio documents them (see the crate `twilio`).

#![deny(missing_docs)]

mod answers;
mod state;

use std::{ops::Deref, time::Duration};

use axum::response::Response;
use domain::{ProviderSecret, Secret, TwilioSettings, TwilioSid};
pub use number_provider_fake::Fault;
use number_provider_fake::{Account, Call, Server};
use serde_json::Value;
use state::State;
use twilio::Config;

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
    /// The account's SID, which is the user name too.
    pub const USER: &'static str = "AC0123456789abcdef0123456789abcdef";
    /// The account's auth token.
    pub const SECRET: &'static str = "7c1f0a5ea2b94d3e-token";
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
        Config::at(&self.0.url(), timeout)
    }

    /// The account's credentials.
    pub fn settings() -> TwilioSettings {
        let account_sid = TwilioSid::parse(Self::USER, "AC", "the account SID").expect("a valid SID");
        let secret = ProviderSecret::new(&Secret::new(Self::SECRET), "the auth token").expect("a valid token");
        TwilioSettings { account_sid, key_sid: None, secret }
    }

    /// The trunks, each with `origination_urls`, `credential_lists` and `phone_numbers`.
    pub fn trunks(&self) -> Vec<Value> {
        self.0.with_account(|account| account.trunks.clone())
    }

    /// The credential lists, each with `credentials`, whose passwords a test may read.
    pub fn credential_lists(&self) -> Vec<Value> {
        self.0.with_account(|account| account.credential_lists.clone())
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
    pub fn add_available(&self, number_type: &'static str, number: Value) {
        self.0.with_account(|account| account.available.push((number_type, number)));
    }

    /// Removes all numbers that are for sale.
    pub fn clear_available(&self) {
        self.0.with_account(|account| account.available.clear());
    }
}
