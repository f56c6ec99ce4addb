//! Client of the fleet servers' HTTP API.
//!
//! | request | here |
//! |---|---|
//! | `GET {server}/health/fleet` | [`Client::health`] |
//! | `POST {server}/livekit/dialout` | [`Client::dialout`] |
//! | `POST {server}/livekit/dispatch` | [`Client::dispatch`] |
//!
//! Both POSTs start a call. They are sent once: after [`Error::Lost`] the call may have been started.

#![deny(missing_docs)]

mod client;
mod error;
mod request;

pub use client::{Client, Config};
pub use error::Error;
pub use request::{Answer, DialoutRequest, DispatchRequest};
