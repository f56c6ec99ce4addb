//! Vonage's Numbers API (`rest.nexmo.com`): numbers for sale, the account's numbers, and the forwarding of their calls to SIP.
//!
//! | call | for |
//! |---|---|
//! | `GET /number/search` | numbers for sale, with their monthly cost |
//! | `GET /account/numbers` | the account's numbers; one of them is the test of the credentials |
//! | `POST /number/buy`, `/number/cancel` | form body `country`, `msisdn` |
//! | `POST /number/update` | `voiceCallbackType=sip` and `voiceCallbackValue`: where the number's calls go |
//!
//! Source: Vonage's OpenAPI document of the Numbers API 1.0.17 and its Python SDK, read in November 2026.
//!
//! # What is certain, and what is not
//!
//! - Numbers are E.164 without `+` everywhere.
//! - A search without results is the body `{}`.
//! - A change is answered by 200 with `error-code` `"200"`; any other code is a failure, also with HTTP status 200. Both are read.
//! - 420 means bad parameters as well as too little credit; there is no list of its causes.
//! - 429 is not documented: nothing is repeated.
//! - There is no API for SIP trunks: the operator enters the domain of the one that the dashboard created.
//! - Whether `/number/update` keeps the fields that it does not name is not documented.

#![deny(missing_docs)]

mod account;
mod client;
mod error;
mod numbers;

pub use account::Account;
pub use client::{Client, Config};
