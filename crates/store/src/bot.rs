//! Bots.

use domain::{AccountId, AgentName, Bot, BotId, BotSettings, RuntimeConfig, Timestamp};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{corrupt, parse, parse_optional},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "bots";

/// The columns of [`BotRow`].
macro_rules! columns {
    () => {
        "bots.id, bots.account_id, bots.name, bots.answered_by, bots.agent_name, bots.metadata, bots.sip_header_config, \
         bots.runtime_config, bots.created_at, bots.updated_at, bots.version"
    };
}
/// The columns of [`CountedRow`].
macro_rules! counted_columns {
    () => {
        concat!(columns!(), ", (SELECT COUNT(*) FROM dids WHERE bot_id = bots.id) AS did_count")
    };
}

statements! {
    INSERT = "INSERT INTO bots (id, account_id, name, name_key, answered_by, agent_name, metadata, sip_header_config, \
              runtime_config, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    UPDATE = "UPDATE bots SET name = $1, name_key = $2, answered_by = $3, agent_name = $4, metadata = $5, \
              sip_header_config = $6, runtime_config = $7, updated_at = $8, version = version + 1 \
              WHERE id = $9 AND version = $10";
    RENAME_IN_DIDS = "UPDATE dids SET bot_key = $1 WHERE bot_id = $2 AND bot_key <> $1";
    UNASSIGN = "UPDATE dids SET bot_id = NULL, bot_key = '', version = version + 1 \
                WHERE bot_id = $1 AND account_id = $2";
    DELETE = "DELETE FROM bots WHERE id = $1 AND account_id = $2";
    BY_ID = concat!("SELECT ", columns!(), " FROM bots WHERE id = $1 AND account_id = $2");
    COUNTED_BY_ID = concat!("SELECT ", counted_columns!(), " FROM bots WHERE id = $1 AND account_id = $2");
    ALL = concat!("SELECT ", columns!(), " FROM bots WHERE account_id = $1");
    ALL_COUNTED = concat!("SELECT ", counted_columns!(), " FROM bots WHERE account_id = $1 ORDER BY name_key, id");
    COUNT = "SELECT COUNT(*) FROM bots WHERE account_id = $1";
}

impl Tx {
    /// Adds a bot.
    pub async fn insert_bot(&mut self, bot: &Bot) -> Result<()> {
        execute!(
            self,
            sqlx::query(INSERT)
                .bind(bot.id.as_str())
                .bind(bot.account_id.as_str())
                .bind(bot.settings.name.as_str())
                .bind(bot.settings.name.as_str().to_lowercase())
                .bind(bot.settings.answered_by.as_str())
                .bind(agent_name(bot))
                .bind(bot.settings.metadata.as_str())
                .bind(sip_header_config(bot))
                .bind(bot.settings.runtime_config.json())
                .bind(bot.created_at.millis())
                .bind(bot.updated_at.millis())
                .bind(bot.version)
        )?;
        Ok(())
    }

    /// Writes the settings over the row of version `bot.version - 1`. False where the row has another version, or is gone.
    pub async fn update_bot(&mut self, bot: &Bot) -> Result<bool> {
        let name_key = bot.settings.name.as_str().to_lowercase();
        let updated = execute!(
            self,
            sqlx::query(UPDATE)
                .bind(bot.settings.name.as_str())
                .bind(name_key.as_str())
                .bind(bot.settings.answered_by.as_str())
                .bind(agent_name(bot))
                .bind(bot.settings.metadata.as_str())
                .bind(sip_header_config(bot))
                .bind(bot.settings.runtime_config.json())
                .bind(bot.updated_at.millis())
                .bind(bot.id.as_str())
                .bind(bot.version - 1)
        )?;
        if updated == 0 {
            return Ok(false);
        }
        execute!(self, sqlx::query(RENAME_IN_DIDS).bind(name_key.as_str()).bind(bot.id.as_str()))?;
        Ok(true)
    }

    /// Deletes the bot; the DIDs that it answered stay, without a bot. False where it is gone already.
    pub async fn delete_bot(&mut self, account: &AccountId, id: &BotId) -> Result<bool> {
        execute!(self, sqlx::query(UNASSIGN).bind(id.as_str()).bind(account.as_str()))?;
        Ok(execute!(self, sqlx::query(DELETE).bind(id.as_str()).bind(account.as_str()))? == 1)
    }

    /// One bot of the account.
    pub async fn bot(&mut self, account: &AccountId, id: &BotId) -> Result<Option<Bot>> {
        let row = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, BotRow>(BY_ID).bind(id.as_str()).bind(account.as_str()).fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// One bot, with the count of DIDs that it answers. The count reads each of them.
    pub async fn counted_bot(&mut self, account: &AccountId, id: &BotId) -> Result<Option<(Bot, i64)>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, CountedRow>(COUNTED_BY_ID)
                .bind(id.as_str())
                .bind(account.as_str())
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// All bots of the account, in no order.
    pub async fn bots(&mut self, account: &AccountId) -> Result<Vec<Bot>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, BotRow>(ALL).bind(account.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// All bots of the account by name, each with the count of DIDs that it answers.
    pub async fn counted_bots(&mut self, account: &AccountId) -> Result<Vec<(Bot, i64)>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, CountedRow>(ALL_COUNTED).bind(account.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// How many bots the account has. They are few: this counts the rows.
    pub async fn count_bots(&mut self, account: &AccountId) -> Result<i64> {
        fetch!(self, connection => sqlx::query_scalar(COUNT).bind(account.as_str()).fetch_one(connection))
    }
}

/// Empty where the fleet answers and no agent was ever named.
fn agent_name(bot: &Bot) -> &str {
    bot.settings.agent_name.as_ref().map_or("", AgentName::as_str)
}

fn sip_header_config(bot: &Bot) -> String {
    serde_json::to_string(&bot.settings.sip_header_config).expect("a struct of flags, numbers and texts is always JSON")
}

#[derive(FromRow)]
struct BotRow {
    id: String,
    account_id: String,
    name: String,
    answered_by: String,
    agent_name: String,
    metadata: String,
    sip_header_config: String,
    runtime_config: String,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

#[derive(FromRow)]
struct CountedRow {
    #[sqlx(flatten)]
    bot: BotRow,
    did_count: i64,
}

impl TryFrom<BotRow> for Bot {
    type Error = Error;

    fn try_from(row: BotRow) -> Result<Self> {
        let agent_name = Some(row.agent_name.as_str()).filter(|name| !name.is_empty());
        let sip_header_config =
            serde_json::from_str(&row.sip_header_config).map_err(|error| corrupt(TABLE, &row.id, &error))?;
        let runtime_config =
            RuntimeConfig::restore(&row.runtime_config).map_err(|error| corrupt(TABLE, &row.id, &error))?;
        Ok(Self {
            id: parse(TABLE, &row.id, &row.id)?,
            account_id: parse(TABLE, &row.id, &row.account_id)?,
            settings: BotSettings {
                name: parse(TABLE, &row.id, &row.name)?,
                answered_by: parse(TABLE, &row.id, &row.answered_by)?,
                agent_name: parse_optional(TABLE, &row.id, agent_name)?,
                metadata: parse(TABLE, &row.id, &row.metadata)?,
                sip_header_config,
                runtime_config,
            },
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            version: row.version,
        })
    }
}

impl TryFrom<CountedRow> for (Bot, i64) {
    type Error = Error;

    fn try_from(row: CountedRow) -> Result<Self> {
        Ok((row.bot.try_into()?, row.did_count))
    }
}
