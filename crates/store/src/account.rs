//! Accounts, and the totals that are kept in their rows.

use domain::{AccountId, Timestamp};
use sqlx_macros::FromRow;

use crate::{
    Result, Tx, row,
    statement::statements,
    tx::{execute, fetch},
};

statements! {
    FIRST = "SELECT id FROM accounts ORDER BY created_at, id LIMIT 1";
    INSERT = "INSERT INTO accounts (id, name, created_at) VALUES ($1, $2, $3)";
    TOTALS = "SELECT carrier_total AS carriers, number_total AS numbers, sync_error_total AS sync_errors \
              FROM accounts WHERE id = $1";
    ADD_TO_TOTALS = "UPDATE accounts SET carrier_total = carrier_total + $1, number_total = number_total + $2, \
                     sync_error_total = sync_error_total + $3 WHERE id = $4";
}

/// How many rows of each kind an account has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Totals {
    /// Carriers.
    pub carriers: i64,
    /// DIDs of all carriers.
    pub numbers: i64,
    /// Carriers whose last sync failed.
    pub sync_errors: i64,
}

impl Tx {
    /// The account of this installation; None before the first start.
    pub async fn first_account(&mut self) -> Result<Option<AccountId>> {
        let id = fetch!(self, connection => sqlx::query_scalar::<_, String>(FIRST).fetch_optional(connection))?;
        id.map(|id| row::parse("accounts", &id, &id)).transpose()
    }

    /// Adds an account.
    pub async fn insert_account(&mut self, id: &AccountId, name: &str, now: Timestamp) -> Result<()> {
        execute!(self, sqlx::query(INSERT).bind(id.as_str()).bind(name).bind(now.millis()))?;
        Ok(())
    }

    /// The account's totals.
    pub async fn totals(&mut self, account: &AccountId) -> Result<Totals> {
        fetch!(self, connection => sqlx::query_as(TOTALS).bind(account.as_str()).fetch_one(connection))
    }

    /// Adds to the totals; the row that made the difference is written in the same transaction.
    pub(crate) async fn add_to_totals(&mut self, account: &AccountId, change: Totals) -> Result<()> {
        if change == Totals::default() {
            return Ok(());
        }
        execute!(
            self,
            sqlx::query(ADD_TO_TOTALS)
                .bind(change.carriers)
                .bind(change.numbers)
                .bind(change.sync_errors)
                .bind(account.as_str())
        )?;
        Ok(())
    }
}
