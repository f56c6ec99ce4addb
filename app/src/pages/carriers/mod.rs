//! Carriers: the list, a new one, one with its numbers, and one beside what LiveKit holds of it.

mod create;
mod detail;
mod form;
mod list;
mod livekit;
mod provider;

pub use create::CreateCarrierPage;
pub use detail::CarrierPage;
pub use list::CarrierListPage;
pub use livekit::CarrierLiveKitPage;
