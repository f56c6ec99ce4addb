//! What `/api/v1` answers and pages show: the nouns as JSON, secrets masked.

mod bot;
mod carrier;
mod change;
mod did;
mod provider;
mod user;

pub use bot::{BotPage, BotView};
pub use carrier::{CarrierPage, CarrierQuery, CarrierSort, CarrierView};
pub use change::{Change, ChangeKind, ChangedNoun};
pub use did::DidView;
pub use provider::{ProviderView, Signalling, SignallingRange};
pub use user::{Login, LoginInput, SetupInput, UserView};
