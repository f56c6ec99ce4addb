//! Carriers: the list, a new one, one with its numbers, and one beside what LiveKit holds of it.

mod create;
mod detail;
mod form;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod livekit;
mod provider;

pub use create::CreateCarrierPage;
pub use detail::CarrierPage;
#[cfg(feature = "ssr")]
pub use detail::CarrierReadPage;
#[cfg(feature = "ssr")]
pub use list::CarrierListPage;
#[cfg(feature = "ssr")]
pub use livekit::CarrierLiveKitPage;
