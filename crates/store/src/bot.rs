//! Bots.

use domain::{AccountId, Bot, BotId, BotSettings, Timestamp};
use sqlx::{Row, any::AnyRow};

use crate::{Result, Tx, row::parse};

const TABLE: &str = "bots";

impl Tx {
    pub async fn insert_bot(&mut self, bot: &Bot) -> Result<()> {
        sqlx::query(
            "INSERT INTO bots (id, account_id, name, name_key, agent_name, metadata, created_at, updated_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(bot.id.as_str())
        .bind(bot.account_id.as_str())
        .bind(bot.settings.name.as_str())
        .bind(bot.settings.name.as_str().to_lowercase())
        .bind(bot.settings.agent_name.as_str())
        .bind(bot.settings.metadata.as_str())
        .bind(bot.created_at.millis())
        .bind(bot.updated_at.millis())
        .bind(bot.version)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Writes the settings over the row of version `bot.version - 1`. False: it has moved on, nothing is written.
    pub async fn update_bot(&mut self, bot: &Bot) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE bots SET name = $1, name_key = $2, agent_name = $3, metadata = $4, updated_at = $5, \
             version = version + 1 WHERE id = $6 AND version = $7",
        )
        .bind(bot.settings.name.as_str())
        .bind(bot.settings.name.as_str().to_lowercase())
        .bind(bot.settings.agent_name.as_str())
        .bind(bot.settings.metadata.as_str())
        .bind(bot.updated_at.millis())
        .bind(bot.id.as_str())
        .bind(bot.version - 1)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Numbers that it answered stay, without a bot. False: it is gone already.
    pub async fn delete_bot(&mut self, account: &AccountId, id: &BotId) -> Result<bool> {
        sqlx::query("UPDATE dids SET bot_id = NULL, version = version + 1 WHERE bot_id = $1 AND account_id = $2")
            .bind(id.as_str())
            .bind(account.as_str())
            .execute(self.connection())
            .await?;
        let done = sqlx::query("DELETE FROM bots WHERE id = $1 AND account_id = $2")
            .bind(id.as_str())
            .bind(account.as_str())
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn bot(&mut self, account: &AccountId, id: &BotId) -> Result<Option<Bot>> {
        let found = sqlx::query("SELECT * FROM bots WHERE id = $1 AND account_id = $2")
            .bind(id.as_str())
            .bind(account.as_str())
            .fetch_optional(self.connection())
            .await?;
        found.as_ref().map(read).transpose()
    }

    /// With the count of numbers that it answers, for whoever shows it: that counts them one by one.
    pub async fn counted_bot(&mut self, account: &AccountId, id: &BotId) -> Result<Option<(Bot, i64)>> {
        let found = sqlx::query(
            "SELECT bots.*, (SELECT COUNT(*) FROM dids WHERE bot_id = bots.id) AS did_count FROM bots \
             WHERE id = $1 AND account_id = $2",
        )
        .bind(id.as_str())
        .bind(account.as_str())
        .fetch_optional(self.connection())
        .await?;
        found.as_ref().map(counted).transpose()
    }

    /// All bots of the account.
    pub async fn bots(&mut self, account: &AccountId) -> Result<Vec<Bot>> {
        let found = sqlx::query("SELECT * FROM bots WHERE account_id = $1")
            .bind(account.as_str())
            .fetch_all(self.connection())
            .await?;
        found.iter().map(read).collect()
    }

    /// All bots of the account by name, each with the count of numbers that it answers.
    pub async fn counted_bots(&mut self, account: &AccountId) -> Result<Vec<(Bot, i64)>> {
        let found = sqlx::query(
            "SELECT bots.*, (SELECT COUNT(*) FROM dids WHERE bot_id = bots.id) AS did_count FROM bots \
             WHERE account_id = $1 ORDER BY name_key, id",
        )
        .bind(account.as_str())
        .fetch_all(self.connection())
        .await?;
        found.iter().map(counted).collect()
    }
}

fn counted(found: &AnyRow) -> Result<(Bot, i64)> {
    Ok((read(found)?, found.get("did_count")))
}

fn read(found: &AnyRow) -> Result<Bot> {
    let id: String = found.get("id");
    let text = |name: &str| found.get::<String, _>(name);
    Ok(Bot {
        account_id: parse(TABLE, &id, &text("account_id"))?,
        settings: BotSettings {
            name: parse(TABLE, &id, &text("name"))?,
            agent_name: parse(TABLE, &id, &text("agent_name"))?,
            metadata: parse(TABLE, &id, &text("metadata"))?,
        },
        created_at: Timestamp::from_millis(found.get("created_at")),
        updated_at: Timestamp::from_millis(found.get("updated_at")),
        version: found.get("version"),
        id: parse(TABLE, &id, &id)?,
    })
}
