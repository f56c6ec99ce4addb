//! Carriers: the list, a new one, and one with its numbers.

mod create;
mod detail;
mod form;
mod list;
mod provider;

pub use create::CreateCarrierPage;
pub use detail::CarrierPage;
pub use list::CarrierListPage;
