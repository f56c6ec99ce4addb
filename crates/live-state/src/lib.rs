//! What the SIP edge must know of this moment: open calls and their counters, registrations, dialogs, used nonces, and the
//! answers that repeated requests get again.
//!
//! [`LiveState`] has two engines: [`Memory`] for one server, and [`Redis`] for several that share it. Each method is one atomic
//! act in both. What a crash loses is built again from the database ([`LiveState::begin_rebuild`]).
//! (docs/decisions/0022-live-state.md)

#![deny(missing_docs)]

mod error;
mod event;
mod memory;
mod redis;

use std::{fmt::Debug, time::Duration};

use async_trait::async_trait;
use domain::{
    AccountId,
    edge::{
        binding::{Binding, RegisterOutcome, Registration},
        cac::{Admission, AdmitRequest, Counters, OpenCall},
        dialog::{Dialog, DialogChange, DialogEvent},
    },
};
use tokio::sync::broadcast;

pub use error::{Error, Result};
pub use event::{LiveEvent, LiveEventKind};
pub use memory::Memory;

pub use crate::redis::Redis;

/// Which engine has the live state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// This process; no other server may serve the edge.
    Memory,
    /// Redis or Valkey, shared by all servers.
    Redis,
}

/// How a digest nonce count was used (RFC 7616 section 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonceUse {
    /// The count is higher than all before.
    Fresh,
    /// The last count with the same response: a retransmission of the last request.
    Retransmission,
    /// The count was used before, with another response or not as the last one.
    Replay,
}

/// The answer that a repeated request gets again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstAnswer {
    /// This is the first answer; it is stored.
    Stored,
    /// Another one was stored before and is the valid one.
    Existing(String),
}

/// The live state of accounts.
///
/// # Parameters
/// `call_id` is SIP's Call-ID. `aor` is an address of record in one spelling: `1001@acme.example`.
///
/// # Errors
/// [`Error::Unavailable`] where Redis does not respond; the act may have happened or not. The memory engine never fails.
#[async_trait]
pub trait LiveState: Debug + Send + Sync {
    /// Which engine this is.
    fn engine(&self) -> Engine;

    /// Whether the engine responds.
    async fn ping(&self) -> Result<()>;

    /// Admits a call on all of its dimensions and windows, or on none.
    async fn admit(&self, account: &AccountId, request: &AdmitRequest) -> Result<Admission>;

    /// Lowers what the call has raised. Some for the first release of an open call, None for all further ones.
    async fn release(&self, account: &AccountId, call_id: &str) -> Result<Option<OpenCall>>;

    /// The call stays open for `lease` from now. False: it is not open.
    async fn renew(&self, account: &AccountId, call_id: &str, lease: Duration) -> Result<bool>;

    /// The open calls, the oldest first.
    async fn open_calls(&self, account: &AccountId) -> Result<Vec<OpenCall>>;

    /// All counters that are not 0.
    async fn counters(&self, account: &AccountId) -> Result<Counters>;

    /// Forgets all open calls and counters, and returns how many calls were open. Their later release changes nothing.
    async fn reset(&self, account: &AccountId) -> Result<usize>;

    /// Calls whose lease expired, each in one answer only: to be asked for regularly, by any server.
    async fn expired_calls(&self, account: &AccountId) -> Result<Vec<OpenCall>>;

    /// Opens a call again that was admitted before the state was lost, whatever the limits are now. False: it is open already,
    /// or its lease has expired.
    async fn restore_call(&self, account: &AccountId, call: &OpenCall) -> Result<bool>;

    /// Records the use of a nonce count. Only for a request with the right response, so that a forged one uses up no nonce.
    /// `lifetime` is at least how long the nonce stays valid.
    async fn use_nonce(&self, nonce: &str, count: u32, response: &str, lifetime: Duration) -> Result<NonceUse>;

    /// Applies a REGISTER to the bindings of `aor` (RFC 3261 section 10.3); an expiry of 0 removes a binding.
    async fn register(&self, account: &AccountId, aor: &str, registration: &Registration) -> Result<RegisterOutcome>;

    /// The bindings of `aor` that have not expired.
    async fn bindings(&self, account: &AccountId, aor: &str) -> Result<Vec<Binding>>;

    /// The bindings of several addresses of record, in their order.
    async fn bindings_of(&self, account: &AccountId, aors: &[String]) -> Result<Vec<Vec<Binding>>>;

    /// Bindings that expired, with their address of record, each in one answer only: to be asked for regularly, by any
    /// server.
    async fn expired_bindings(&self, account: &AccountId) -> Result<Vec<(String, Binding)>>;

    /// Adds a binding that was made before the state was lost. False: a newer one is known, or it has expired.
    async fn restore_binding(&self, account: &AccountId, aor: &str, binding: &Binding) -> Result<bool>;

    /// Applies what the edge reports of a dialog.
    async fn apply_dialog(&self, account: &AccountId, event: &DialogEvent) -> Result<DialogChange>;

    /// What is known of a dialog, also for some minutes after its end.
    async fn dialog(&self, account: &AccountId, call_id: &str) -> Result<Option<Dialog>>;

    /// The dialogs that have not ended, the oldest first.
    async fn dialogs(&self, account: &AccountId) -> Result<Vec<Dialog>>;

    /// The stored answer to the INVITE of a call.
    async fn answer(&self, account: &AccountId, call_id: &str) -> Result<Option<String>>;

    /// Stores the answer to the INVITE of a call, unless there is one: of several requests at once, one stores, and all answer
    /// the same. As one Call-ID is admitted once, a request that gets [`FirstAnswer::Existing`] has nothing to release, unless
    /// the existing answer is a refusal.
    async fn first_answer(
        &self,
        account: &AccountId,
        call_id: &str,
        answer: &str,
        lifetime: Duration,
    ) -> Result<FirstAnswer>;

    /// True for one server, after the state was lost: after the start of the memory engine, or of a Redis without its data. That
    /// server restores open calls and bindings, and calls [`Self::finish_rebuild`]. If it does not within a minute, another
    /// server may begin.
    async fn begin_rebuild(&self, account: &AccountId) -> Result<bool>;

    /// The state is complete; until it is lost, no rebuild begins.
    async fn finish_rebuild(&self, account: &AccountId) -> Result<()>;

    /// Forgets everything of the account.
    async fn clear(&self, account: &AccountId) -> Result<()>;

    /// Publishes an event to the subscribers on all servers, without waiting. Subscribers that are too slow miss events.
    fn publish(&self, event: LiveEvent);

    /// Events from now on.
    fn subscribe(&self) -> broadcast::Receiver<LiveEvent>;
}
