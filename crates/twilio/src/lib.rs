//! Twilio's HTTP APIs, as far as Trunkline needs them: numbers for sale, the account's numbers, and the Elastic SIP trunk
//! that connects them with LiveKit.
//!
//! | call | for |
//! |---|---|
//! | `GET /2010-04-01/Accounts/{AC}/AvailablePhoneNumbers/{CC}.json` | the types of numbers that a country offers |
//! | `GET …/AvailablePhoneNumbers/{CC}/{Type}.json` | numbers for sale |
//! | `GET pricing…/v1/PhoneNumbers/Countries/{CC}` | their monthly prices, which a search does not contain |
//! | `…/IncomingPhoneNumbers.json` | the account's numbers: list, buy, attach to the trunk, release |
//! | `trunking…/v1/Trunks` with `OriginationUrls` and `CredentialLists` | the trunk: calls to LiveKit, and from there |
//! | `…/SIP/CredentialLists.json` with `Credentials` | what LiveKit authenticates with |
//!
//! Source: the OpenAPI documents of `twilio/twilio-oai` 2.6.7 and twilio.com/docs, read in November 2026.
//!
//! # What is certain, and what is not
//!
//! - 429 (code 20429) is refused before it is processed, and may be repeated: here three times, with a growing pause. No other
//!   refusal is repeated, and no request without a response.
//! - There is no idempotency key. A purchase of a number that the account has already was answered 201 and acted as an update.
//! - The filter `PhoneNumber` of a list matches parts of numbers: the exact number is compared here.
//! - Lists of the 2010 API have `next_page_uri`, those of trunking `meta.next_page_url`. Only the query of either is used.
//! - The HTTP status of most codes is not documented, so that the code decides.

#![deny(missing_docs)]

mod account;
mod client;
mod config;
mod error;
mod numbers;
mod trunk;

pub use account::Account;
pub use client::Client;
pub use config::Config;
pub use trunk::trunk_domain;
