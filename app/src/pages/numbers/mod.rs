//! Phone numbers across carriers.

mod assign_dialog;
mod buy;
mod cells;
mod find;
mod found;
mod list;
mod register;

pub use buy::BuyNumberPage;
pub use find::FindNumberPage;
pub use list::NumberListPage;
pub use register::RegisterNumberPage;
