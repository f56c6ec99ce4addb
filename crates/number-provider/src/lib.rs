//! What Trunkline asks of a provider that sells phone numbers. The crates `twilio` and `vonage` implement it, each for one
//! account with its credentials.

#![deny(missing_docs)]

mod error;
mod number;

use async_trait::async_trait;
use domain::{E164, NumberProviderKind};

pub use error::ProviderError;
pub use number::{
    AvailableNumber, AvailableNumbers, Connection, ConnectionRequest, NumberSearch, OwnedNumber, Price, Purchase,
};

/// The result of a call to a provider.
pub type Result<T, E = ProviderError> = std::result::Result<T, E>;

/// One account at a provider.
///
/// No method repeats a request that changes something. After [`ProviderError::OutcomeUnknown`] the caller asks
/// [`owned`](Self::owned) before anything else.
#[async_trait]
pub trait NumberProvider: Send + Sync {
    /// Which provider it is.
    fn kind(&self) -> NumberProviderKind;

    /// Checks whether the provider accepts the credentials, by one request that changes nothing.
    async fn check(&self) -> Result<()>;

    /// Numbers that are for sale. An empty list where there is none.
    async fn search(&self, search: &NumberSearch) -> Result<AvailableNumbers>;

    /// The number, if the account has it now. The comparison is exact, although a provider's filter is not.
    async fn owned(&self, number: &E164) -> Result<Option<OwnedNumber>>;

    /// Buys a number, and changes nothing else. At Twilio a purchase of a number that the account has already acts as an
    /// update of its settings: ask [`owned`](Self::owned) first.
    async fn buy(&self, purchase: &Purchase) -> Result<OwnedNumber>;

    /// Directs the number's calls to LiveKit, through the connection. Idempotent: it may be repeated.
    async fn attach(&self, number: &OwnedNumber, connection: &Connection) -> Result<()>;

    /// Returns the number to the provider. Success also if the account does not have it any more.
    async fn release(&self, number: &OwnedNumber) -> Result<()>;

    /// Prepares the account for calls from and to LiveKit. Idempotent: what an earlier call made, even one that was
    /// interrupted, is found by its name and used again.
    async fn connect(&self, request: &ConnectionRequest) -> Result<Connection>;
}
