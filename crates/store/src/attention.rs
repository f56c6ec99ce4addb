//! What needs attention. The conditions are those of partial indexes (migrations/0004_audit.sql) to the letter, so that
//! both databases read the index and nothing else.

use domain::{AccountId, Attention, Did};
use sqlx::Row;

use crate::{Result, Tx, did};

/// A number that rings without a bot.
const UNANSWERED: &str = "bot_id IS NULL AND direction <> 'outbound'";

/// Which carriers; on columns of `carriers`, with the account as `$1`.
pub(crate) fn condition(kind: Attention) -> &'static str {
    match kind {
        Attention::SyncError => "lk_sync_status = 'error'",
        Attention::NoNumbers => "did_count = 0",
        // The same as `domain::SourcePolicy::Any`.
        Attention::Open => {
            "accept_any_source = 1 AND allowed_addresses = '' AND (inbound_auth <> 'credentials' OR auth_username IS NULL)"
        }
        Attention::NoBot => {
            "carriers.id IN (SELECT carrier_id FROM dids WHERE account_id = $1 \
             AND bot_id IS NULL AND direction <> 'outbound')"
        }
    }
}

impl Tx {
    /// How many numbers ring without a bot.
    pub async fn count_unanswered(&mut self, account: &AccountId) -> Result<i64> {
        let sql = format!("SELECT COUNT(*) AS count FROM dids WHERE account_id = $1 AND {UNANSWERED}");
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(account.as_str()).fetch_one(self.connection()).await?;
        Ok(found.get("count"))
    }

    /// The first of them, in order, each with its carrier's name.
    pub async fn unanswered(&mut self, account: &AccountId, limit: u32) -> Result<Vec<(Did, String)>> {
        let sql = format!(
            "SELECT dids.*, (SELECT name FROM carriers WHERE carriers.id = dids.carrier_id) AS carrier_name FROM dids \
             WHERE account_id = $1 AND {UNANSWERED} ORDER BY number_key LIMIT {limit}"
        );
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(account.as_str()).fetch_all(self.connection()).await?;
        found.iter().map(|found| Ok((did::read(found)?, found.get("carrier_name")))).collect()
    }

    /// There are few bots.
    pub async fn count_bots(&mut self, account: &AccountId) -> Result<i64> {
        let found = sqlx::query("SELECT COUNT(*) AS count FROM bots WHERE account_id = $1")
            .bind(account.as_str())
            .fetch_one(self.connection())
            .await?;
        Ok(found.get("count"))
    }

    /// LiveKit has followed at least once.
    pub async fn any_synced(&mut self, account: &AccountId) -> Result<bool> {
        let found = sqlx::query("SELECT id FROM carriers WHERE account_id = $1 AND lk_last_synced_at > 0 LIMIT 1")
            .bind(account.as_str())
            .fetch_optional(self.connection())
            .await?;
        Ok(found.is_some())
    }
}
