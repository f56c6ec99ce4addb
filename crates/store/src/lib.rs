//! Trunkline's rows: one file per noun, one SQL text for SQLite and PostgreSQL.
//!
//! All access goes through a [`Tx`]: [`Store::read`] for looking, [`Store::write`] for changing. What is dropped without
//! [`Tx::commit`] has not happened.

mod account;
mod attention;
mod audit;
mod audit_list;
mod bot;
mod carrier;
mod did;
mod error;
mod exotel;
mod lease;
mod migrations;
mod page;
mod row;
mod session;
mod setting;
mod store;
mod sync;
mod user;
mod vault;

pub use account::Totals;
pub use audit_list::{AUDIT_WINDOW, AuditFound};
pub use carrier::CarrierFilter;
pub use error::{Error, Result};
pub use page::{BadCursor, Cursor};
pub use store::{Store, Tx};
pub use sync::SyncTask;
pub use user::StoredUser;
pub use vault::Vault;
