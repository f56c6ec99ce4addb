//! Phone numbers across carriers.

mod buy;
mod find;
mod found;
mod register;

pub use buy::BuyNumberPage;
pub use find::FindNumberPage;
pub use register::RegisterNumberPage;
