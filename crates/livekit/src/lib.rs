//! A client of LiveKit's SIP API, in the types of `domain`.
//!
//! The client never repeats a call. [`Error::may_have_happened`] says whether a failed change may have been made all the
//! same; a caller then lists before it tries again.
//!
//! # Errors
//!
//! Every call may fail in each of the ways of [`Error`]; a method's `# Errors` names what comes on top.

#![deny(missing_docs)]

mod client;
mod config;
mod error;
mod mapping;
mod token;
mod twirp;
mod webhook;

pub use client::{Client, Selection};
pub use config::Config;
pub use error::Error;
pub use webhook::{InvalidSignature, WebhookEvent, WebhookParticipant, WebhookReceiver};
