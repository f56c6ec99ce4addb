//! The store on SQLite and on PostgreSQL.

mod account;
mod api_key;
mod attention;
mod audit;
mod audit_list;
mod availability;
mod bot;
mod call;
mod call_list;
mod carrier;
mod carrier_list;
mod database;
mod did;
mod did_bulk;
mod did_list;
mod edge;
mod exotel;
mod fleet_server;
mod idempotency;
mod lease;
mod number;
mod number_integration;
mod number_purchase;
mod outbox;
mod pacing;
mod proxy;
mod rows;
mod session;
mod setting;
mod sync;

/// Runs each test on SQLite and on PostgreSQL, with a database of its own.
macro_rules! on_both {
    ($($check:ident)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let database = $crate::database::Database::sqlite();
                super::$check(&database).await;
            })+
        }

        mod postgresql {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let Some(database) = $crate::database::Database::postgresql().await else { return };
                super::$check(&database).await;
                database.drop().await;
            })+
        }
    };
}
pub(crate) use on_both;
