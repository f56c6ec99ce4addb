//! LiveKit's SIP API: a client that speaks in the types of `domain`, and, with the feature `sandbox`, a faithful
//! in-process server to try it on.
//!
//! The client repeats nothing by itself. Each failure says whether the change was surely not made or may have been made
//! ([`Error::may_have_happened`]); whoever writes lists again before a second try.

mod client;
mod config;
mod error;
mod mapping;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod token;
mod twirp;

pub use client::Client;
pub use config::Config;
pub use error::Error;
