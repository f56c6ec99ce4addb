mod find;
mod found;

pub use find::FindNumberPage;
