//! Fleet servers. An account has few, and they are read together.

use domain::{AccountId, FleetServer, FleetServerId, FleetServerSettings, Timestamp};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{parse, parse_optional},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "fleet_servers";

statements! {
    INSERT = "INSERT INTO fleet_servers (id, account_id, url, name, enabled, created_at, updated_at, version) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account_id, url) DO NOTHING";
    UPDATE = "UPDATE fleet_servers SET url = $1, name = $2, enabled = $3, updated_at = $4, version = version + 1 \
              WHERE id = $5 AND version = $6";
    DELETE = "DELETE FROM fleet_servers WHERE id = $1 AND account_id = $2";
    ALL = "SELECT id, account_id, url, name, enabled, created_at, updated_at, version FROM fleet_servers \
           WHERE account_id = $1 ORDER BY id";
    VERSION = "SELECT fleet_version FROM accounts WHERE id = $1";
    NEXT_VERSION = "UPDATE accounts SET fleet_version = fleet_version + 1 WHERE id = $1";
}

impl Tx {
    /// The account's fleet servers, in the order in which they were added.
    pub async fn fleet_servers(&mut self, account: &AccountId) -> Result<Vec<FleetServer>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, FleetServerRow>(ALL).bind(account.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// The version of the list of the account's fleet servers.
    pub async fn fleet_version(&mut self, account: &AccountId) -> Result<i64> {
        fetch!(self, connection => sqlx::query_scalar(VERSION).bind(account.as_str()).fetch_one(connection))
    }

    /// Adds a fleet server. False where the account has one with this URL.
    pub async fn insert_fleet_server(&mut self, server: &FleetServer) -> Result<bool> {
        let inserted = execute!(
            self,
            sqlx::query(INSERT)
                .bind(server.id.as_str())
                .bind(server.account_id.as_str())
                .bind(server.settings.url.as_str())
                .bind(server.settings.name.as_ref().map(|name| name.as_str()))
                .bind(i64::from(server.settings.enabled))
                .bind(server.created_at.millis())
                .bind(server.updated_at.millis())
                .bind(server.version)
        )?;
        self.next_fleet_version(&server.account_id).await?;
        Ok(inserted == 1)
    }

    /// Writes the settings over the row of version `server.version - 1`. False where the row has another version, or is gone.
    pub async fn update_fleet_server(&mut self, server: &FleetServer) -> Result<bool> {
        let updated = execute!(
            self,
            sqlx::query(UPDATE)
                .bind(server.settings.url.as_str())
                .bind(server.settings.name.as_ref().map(|name| name.as_str()))
                .bind(i64::from(server.settings.enabled))
                .bind(server.updated_at.millis())
                .bind(server.id.as_str())
                .bind(server.version - 1)
        )?;
        self.next_fleet_version(&server.account_id).await?;
        Ok(updated == 1)
    }

    /// Deletes a fleet server. False where it is gone already.
    pub async fn delete_fleet_server(&mut self, account: &AccountId, id: &FleetServerId) -> Result<bool> {
        let deleted = execute!(self, sqlx::query(DELETE).bind(id.as_str()).bind(account.as_str()))?;
        self.next_fleet_version(account).await?;
        Ok(deleted == 1)
    }

    async fn next_fleet_version(&mut self, account: &AccountId) -> Result<()> {
        execute!(self, sqlx::query(NEXT_VERSION).bind(account.as_str()))?;
        Ok(())
    }
}

#[derive(FromRow)]
struct FleetServerRow {
    id: String,
    account_id: String,
    url: String,
    name: Option<String>,
    enabled: i64,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

impl TryFrom<FleetServerRow> for FleetServer {
    type Error = Error;

    fn try_from(row: FleetServerRow) -> Result<Self> {
        let id = &row.id;
        Ok(Self {
            id: parse(TABLE, id, id)?,
            account_id: parse(TABLE, id, &row.account_id)?,
            settings: FleetServerSettings {
                url: parse(TABLE, id, &row.url)?,
                name: parse_optional(TABLE, id, row.name.as_deref())?,
                enabled: row.enabled != 0,
            },
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            version: row.version,
        })
    }
}
