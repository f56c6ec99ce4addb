//! What `/api/v1` answers and pages show: the nouns as JSON, secrets masked.

mod bot;
mod carrier;
mod change;
mod did;
mod exotel;
mod user;

pub use bot::{BotPage, BotView};
pub use carrier::{CarrierPage, CarrierQuery, CarrierSort, CarrierView};
pub use change::{Change, ChangeKind, ChangedNoun};
pub use did::DidView;
pub use exotel::{
    ExotelImported, ExotelNumber, ExotelNumbers, ExotelSummary, ExotelView, ImportOutcome, ImportedNumber,
};
pub use user::{Login, LoginInput, SetupInput, UserView};
