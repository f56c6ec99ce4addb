//! A client of LiveKit's SIP API, in the types of `domain`.
//!
//! The client repeats nothing by itself. Each failure says whether the change was surely not made or may have been made
//! ([`Error::may_have_happened`]); whoever writes lists again before a second try.

mod client;
mod config;
mod error;
mod mapping;
mod token;
mod twirp;

pub use client::Client;
pub use config::Config;
pub use error::Error;
