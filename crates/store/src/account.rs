//! Owners of rows, and their running totals.

use domain::{AccountId, Timestamp};
use sqlx::Row;

use crate::{Result, Tx, row};

/// What the head of the carriers page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub carriers: i64,
    pub numbers: i64,
    pub sync_errors: i64,
}

impl Tx {
    /// The account of this installation; the first start makes it.
    pub async fn first_account(&mut self) -> Result<Option<AccountId>> {
        let found = sqlx::query("SELECT id FROM accounts ORDER BY created_at, id LIMIT 1")
            .fetch_optional(self.connection())
            .await?;
        found.map(|found| found.get::<String, _>("id")).map(|id| row::parse("accounts", &id, &id)).transpose()
    }

    pub async fn insert_account(&mut self, id: &AccountId, name: &str, now: Timestamp) -> Result<()> {
        sqlx::query("INSERT INTO accounts (id, name, created_at) VALUES ($1, $2, $3)")
            .bind(id.as_str())
            .bind(name)
            .bind(now.millis())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    pub async fn totals(&mut self, account: &AccountId) -> Result<Totals> {
        let found = sqlx::query("SELECT carrier_total, number_total, sync_error_total FROM accounts WHERE id = $1")
            .bind(account.as_str())
            .fetch_one(self.connection())
            .await?;
        Ok(Totals {
            carriers: found.get("carrier_total"),
            numbers: found.get("number_total"),
            sync_errors: found.get("sync_error_total"),
        })
    }

    /// Adds to the totals; the row that made the difference is written in the same transaction.
    pub(crate) async fn add_to_totals(&mut self, account: &AccountId, change: Totals) -> Result<()> {
        if change == Totals::default() {
            return Ok(());
        }
        sqlx::query(
            "UPDATE accounts SET carrier_total = carrier_total + $1, number_total = number_total + $2, \
             sync_error_total = sync_error_total + $3 WHERE id = $4",
        )
        .bind(change.carriers)
        .bind(change.numbers)
        .bind(change.sync_errors)
        .bind(account.as_str())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
