//! Purchases of phone numbers.

mod delete_dialog;
mod give_up_dialog;
mod list;
mod release_dialogs;
mod steps;

pub use list::NumberPurchaseListPage;
