//! What the simulated providers of numbers share: the server, its log of calls, and faults.
//!
//! Each [`Fault`] applies to one of the next calls, or to all until it is removed.

#![deny(missing_docs)]

mod call;
mod fault;
mod server;

pub use call::Call;
pub use fault::Fault;
pub use server::Server;

/// The account of a simulated provider.
pub trait Account: Default + Send + 'static {
    /// The password that is refused where every other one is accepted.
    const INVALID_SECRET: &'static str;

    /// Executes a call.
    fn answer(&mut self, call: &Call) -> axum::response::Response;

    /// Refuses a call with this HTTP status.
    fn refusal(status: u16) -> axum::response::Response;
}
