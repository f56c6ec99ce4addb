//! Purchases of phone numbers.

mod give_up_dialog;
mod list;
mod steps;

pub use list::NumberPurchaseListPage;
