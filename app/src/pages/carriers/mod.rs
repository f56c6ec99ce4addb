//! Carriers: list, create, detail with phone numbers, and drift.

mod create;
mod detail;
mod drift;
mod form;
mod list;
mod provider;

pub use create::CreateCarrierPage;
pub use detail::CarrierPage;
pub use drift::CarrierDriftPage;
pub use list::CarrierListPage;
