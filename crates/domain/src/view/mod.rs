//! What `/api/v1` answers and pages show: the nouns as JSON, secrets masked.

mod bot;
mod carrier;
mod change;
mod did;
mod drift;
mod user;

pub use bot::{BotPage, BotView};
pub use carrier::{CarrierPage, CarrierQuery, CarrierSort, CarrierView};
pub use change::{Change, ChangeKind, ChangedNoun};
pub use did::DidView;
pub use drift::{
    AdoptNumber, AdoptRule, AdoptSetting, AdoptView, ByHandView, DriftState, DriftView, FieldDrift, Holder,
    ObjectDrift, OrphanGroup, OrphanOrigin, OrphansView, StepAction, StepView,
};
pub use user::{Login, LoginInput, SetupInput, UserView};
