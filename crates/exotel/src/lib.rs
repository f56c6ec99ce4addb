//! Exotel's HTTP API, as far as Trunkline needs it: which numbers (ExoPhones) an account has.
//!
//! # What is asked, and where that is written
//!
//! | call | for | source |
//! |---|---|---|
//! | `GET /v2_beta/Accounts/{sid}/IncomingPhoneNumbers?Page=0&PageSize=50` | the numbers; its first page is also the test of the credentials | <https://developer.exotel.com/api/exophone-details>, <https://developer.exotel.com/docs/exophones/api-reference/list-numbers> |
//!
//! HTTP's basic authentication, API key and token (<https://developer.exotel.com/docs/references/authentication>), at
//! `api.exotel.com` (Singapore) or `api.in.exotel.com` (Mumbai). Read in November 2026.
//!
//! # What is certain, and what is not
//!
//! - Pages count from 0 and hold 50 numbers; `next_page_uri` is null on the last one. The newer page of the documentation
//!   leaves it out: then a page that is not full is the last. It names another host and plain HTTP
//!   (`http://twilix.exotel.com/…`): it says whether there is a page, and is never followed.
//! - Fields are in snake case there; older parts of the API write `PhoneNumber`. Both are read.
//! - Refusals are `{"RestException": {"Status", "Message", "Code"}}`
//!   (<https://developer.exotel.com/docs/sms-support/sms-api-errors>); v2 answers `{"http_code", "response": {"error_data"}}`;
//!   some come as XML or as a gateway's page. All keep status and words, see [`Error`].
//! - That an account without KYC is answered with 403 is not documented ("account suspended or insufficient permissions"),
//!   so the message for 403 names KYC as one thing to look at.
//! - 50 calls a minute are granted for ExoPhones, and `Retry-After` comes with a 429
//!   (<https://developer.exotel.com/docs/advanced-config/rate-limiting>). Nothing is repeated here.

#![deny(missing_docs)]

mod client;
mod config;
mod error;
mod response;

pub use client::Client;
pub use config::Config;
pub use error::Error;
pub use response::{ExoPhone, Listing};
