//! Trunkline's rows: one file per noun, one SQL text for SQLite and PostgreSQL.
//!
//! All access goes through a [`Tx`]: [`Store::read`] for a snapshot, [`Store::write`] for changes. What is dropped without
//! [`Tx::commit`] is rolled back.
//!
//! # Errors
//!
//! Every call fails with [`Error::Unavailable`] where the database does not answer in time, and with [`Error::Corrupt`] or
//! [`Error::WrongKey`] where a row cannot be read. Writes may also fail with [`Error::Conflict`] or [`Error::ReadOnly`]. A
//! method's `# Errors` names what comes on top.

#![deny(missing_docs)]

mod account;
mod account_did_list;
mod api_key;
mod attention;
mod audit;
mod audit_list;
mod bot;
mod call;
mod call_list;
#[cfg(test)]
mod call_plan;
mod carrier;
mod carrier_list;
mod did;
mod did_bulk;
mod did_list;
mod did_search;
mod edge;
mod edge_ban;
mod edge_call;
mod edge_carrier;
mod error;
mod exotel;
mod fleet_server;
mod idempotency;
mod lease;
mod livekit_events;
mod livekit_objects;
mod lookup;
mod migrations;
mod number;
mod number_integration;
mod number_purchase;
mod outbox;
mod pacing;
mod page;
mod postgres;
mod row;
#[cfg(test)]
mod search_plan;
mod session;
mod setting;
mod sqlite;
mod statement;
mod store;
mod sync;
#[cfg(test)]
mod test_database;
mod trunk;
mod tx;
mod user;
mod vault;

pub use account::Totals;
pub use account_did_list::{AccountDid, AccountDidRows, AccountDidSearch};
pub use api_key::FoundApiKey;
pub use audit_list::{AUDIT_WINDOW, AuditRows};
pub use call_list::{CALL_WINDOW, CallRows};
pub use carrier_list::CarrierFilter;
pub use did_bulk::{DidPart, DidSelection};
pub use did_list::DidRows;
pub use did_search::DidSearch;
pub use edge::{AnyEdgeObject, EdgeRows, EdgeSearch, EdgeUse, StoredEdgeObject};
pub use edge_ban::BanFilter;
pub use edge_call::AorBindings;
pub use edge_carrier::EdgeCarrier;
pub use error::{Error, Result};
pub use idempotency::{IdempotentRequest, Reservation, SavedResponse};
pub use livekit_events::{AgentJoin, LiveKitEvent};
pub use lookup::{LookupCarrier, LookupDid};
pub use number::Number;
pub use outbox::Notifications;
pub use pacing::ChannelLease;
pub use page::{BadCursor, Cursor, Key};
pub use store::Store;
pub use sync::{SyncFailure, SyncTask, TrunkIds};
pub use tx::Tx;
pub use user::UserEntry;
pub use vault::Vault;
