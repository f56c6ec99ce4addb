//! The Exotel integration: its credentials, sealed, and the DIDs that were imported through it.

use domain::{AccountId, DidId, Exotel, ExotelCheck, ExotelKey, ExotelSettings, IntegrationId, Timestamp};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx, Vault,
    row::{corrupt, parse, zero_as_never},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "integrations";

statements! {
    INSERT = "INSERT INTO integrations (id, account_id, provider, account_sid, host, api_key, api_token, \
              last_checked_at, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10) \
              ON CONFLICT (account_id, provider) DO NOTHING";
    UPDATE = "UPDATE integrations SET account_sid = $1, host = $2, api_key = $3, api_token = $4, last_checked_at = 0, \
              last_check_error = NULL, updated_at = $5, version = version + 1 WHERE id = $6 AND version = $7";
    DELETE = "DELETE FROM integrations WHERE id = $1 AND account_id = $2";
    BY_PROVIDER = "SELECT id, account_id, account_sid, host, api_key, api_token, last_checked_at, last_check_error, \
                   created_at, updated_at, version FROM integrations WHERE account_id = $1 AND provider = $2";
    NOTE_CHECK = "UPDATE integrations SET last_checked_at = $1, last_check_error = $2 WHERE id = $3 AND version = $4";
    MARK_IMPORTED = "UPDATE dids SET imported_from = $1 WHERE id = $2";
    COUNT_IMPORTED = "SELECT COUNT(*) FROM dids WHERE account_id = $1 AND imported_from = $2";
}

impl Tx {
    /// Adds the integration. False where the account has one already.
    pub async fn insert_exotel(&mut self, exotel: &Exotel) -> Result<bool> {
        let (key, token) = seal(exotel, &self.vault);
        let inserted = execute!(
            self,
            sqlx::query(INSERT)
                .bind(exotel.id.as_str())
                .bind(exotel.account_id.as_str())
                .bind(Exotel::PROVIDER)
                .bind(exotel.settings.account_sid.as_str())
                .bind(exotel.settings.subdomain.as_str())
                .bind(key)
                .bind(token)
                .bind(exotel.created_at.millis())
                .bind(exotel.updated_at.millis())
                .bind(exotel.version)
        )?;
        Ok(inserted == 1)
    }

    /// Writes the settings over the row of version `exotel.version - 1`, and clears the result of the last check, which
    /// concerned other credentials. False where the row has another version, or is gone.
    pub async fn update_exotel(&mut self, exotel: &Exotel) -> Result<bool> {
        let (key, token) = seal(exotel, &self.vault);
        let updated = execute!(
            self,
            sqlx::query(UPDATE)
                .bind(exotel.settings.account_sid.as_str())
                .bind(exotel.settings.subdomain.as_str())
                .bind(key)
                .bind(token)
                .bind(exotel.updated_at.millis())
                .bind(exotel.id.as_str())
                .bind(exotel.version - 1)
        )?;
        Ok(updated == 1)
    }

    /// Deletes the integration; DIDs that were imported stay. False where it is gone already.
    pub async fn delete_exotel(&mut self, account: &AccountId, id: &IntegrationId) -> Result<bool> {
        Ok(execute!(self, sqlx::query(DELETE).bind(id.as_str()).bind(account.as_str()))? == 1)
    }

    /// The account's integration.
    pub async fn exotel(&mut self, account: &AccountId) -> Result<Option<Exotel>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, IntegrationRow>(BY_PROVIDER)
                .bind(account.as_str())
                .bind(Exotel::PROVIDER)
                .fetch_optional(connection)
        )?;
        row.map(|row| row.open(&self.vault)).transpose()
    }

    /// Writes how a call with the credentials of this version went; that is no new version of the row. False where the
    /// row has another version, or is gone.
    pub async fn note_exotel_check(&mut self, id: &IntegrationId, version: i64, check: &ExotelCheck) -> Result<bool> {
        let noted = execute!(
            self,
            sqlx::query(NOTE_CHECK)
                .bind(check.at.millis())
                .bind(check.error.as_deref())
                .bind(id.as_str())
                .bind(version)
        )?;
        Ok(noted == 1)
    }

    /// Writes which provider a DID was imported from.
    pub async fn mark_imported(&mut self, did: &DidId, provider: &str) -> Result<()> {
        execute!(self, sqlx::query(MARK_IMPORTED).bind(provider).bind(did.as_str()))?;
        Ok(())
    }

    /// How many DIDs were imported from this provider and still exist.
    pub async fn count_imported(&mut self, account: &AccountId, provider: &str) -> Result<i64> {
        fetch!(
            self,
            connection =>
                sqlx::query_scalar(COUNT_IMPORTED).bind(account.as_str()).bind(provider).fetch_one(connection)
        )
    }
}

/// API key and token, each bound to its row and column: neither opens in another row or in the other's column.
fn seal(exotel: &Exotel, vault: &Vault) -> (String, String) {
    let seal = |key: &ExotelKey, column: &str| vault.seal(key.secret(), &cell(exotel.id.as_str(), column));
    (seal(&exotel.settings.api_key, "api_key"), seal(&exotel.settings.api_token, "api_token"))
}

fn cell(id: &str, column: &str) -> String {
    format!("{id}/{column}")
}

#[derive(FromRow)]
struct IntegrationRow {
    id: String,
    account_id: String,
    account_sid: String,
    host: String,
    api_key: String,
    api_token: String,
    last_checked_at: i64,
    last_check_error: Option<String>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

impl IntegrationRow {
    /// `TryFrom`, for a row with secrets.
    fn open(self, vault: &Vault) -> Result<Exotel> {
        let id = &self.id;
        let open = |sealed: &str, column: &str| -> Result<ExotelKey> {
            let opened = vault
                .open(sealed, &cell(id, column))
                .ok_or_else(|| Error::WrongKey { table: TABLE, id: id.clone() })?;
            ExotelKey::new(&opened, column).map_err(|fault| corrupt(TABLE, id, &fault))
        };
        Ok(Exotel {
            id: parse(TABLE, id, id)?,
            account_id: parse(TABLE, id, &self.account_id)?,
            settings: ExotelSettings {
                account_sid: parse(TABLE, id, &self.account_sid)?,
                subdomain: parse(TABLE, id, &self.host)?,
                api_key: open(&self.api_key, "api_key")?,
                api_token: open(&self.api_token, "api_token")?,
            },
            check: zero_as_never(self.last_checked_at).map(|at| ExotelCheck { at, error: self.last_check_error }),
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
            version: self.version,
        })
    }
}
