//! One module for the pages of each noun.

pub mod account;
pub mod api_keys;
pub mod audit;
pub mod bots;
pub mod calls;
pub mod carriers;
#[cfg(debug_assertions)]
pub mod design;
pub mod edge;
pub mod entry;
pub mod exotel;
pub mod fleet_server;
pub mod guide;
pub mod home;
pub mod integrations;
pub mod not_found;
pub mod number_purchases;
pub mod numbers;
mod row_page;
pub mod users;
