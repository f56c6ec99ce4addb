//! What the clients of LiveKit and of providers share on top of reqwest.
//!
//! | need | here |
//! |---|---|
//! | a client without redirects, retries, and proxies for loopback addresses | [`builder`] |
//! | one request, with a limit on the response's body | [`send`] → [`Reply`] or [`Failure`] |
//! | whether the server can have received the request | [`Failure::may_have_been_received`] |
//! | texts of a response in an error message, without secrets | [`Redactor::snippet`] |
//!
//! reqwest has time-outs, redirect and retry policies itself; reqwest-middleware adds retries and tracing, which would
//! repeat requests that are not idempotent. Neither limits a body, nor tells "not sent" from "response lost".

#![deny(missing_docs)]

mod builder;
mod error_chain;
mod failure;
mod redact;
mod reply;
mod snippet;

pub use builder::{builder, is_loopback};
pub use error_chain::error_chain;
pub use failure::{Failure, FailureKind};
pub use redact::Redactor;
pub use reply::{Reply, send};
pub use snippet::snippet;
