//! Carriers: list, create, detail with phone numbers, and drift.

mod create;
mod detail;
mod drift;
mod form;
#[cfg(feature = "ssr")]
mod list;
mod provider;

pub use create::CreateCarrierPage;
pub use detail::CarrierPage;
#[cfg(feature = "ssr")]
pub use detail::CarrierReadPage;
pub use drift::CarrierDriftPage;
#[cfg(feature = "ssr")]
pub use list::CarrierListPage;
