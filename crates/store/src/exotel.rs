//! Integrations: the providers' credentials, sealed.

use domain::{AccountId, DidId, Exotel, ExotelCheck, ExotelKey, ExotelSettings, IntegrationId, Secret, Timestamp};
use sqlx::{Row, any::AnyRow};

use crate::{
    Error, Result, Tx, Vault,
    row::{corrupt, never_is_zero, parse},
};

const TABLE: &str = "integrations";

impl Tx {
    /// False: the account has a connection already.
    pub async fn insert_exotel(&mut self, exotel: &Exotel) -> Result<bool> {
        let (key, token) = seal(exotel, &self.vault);
        let done = sqlx::query(
            "INSERT INTO integrations (id, account_id, provider, account_sid, host, api_key, api_token, last_checked_at, \
             created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10) \
             ON CONFLICT (account_id, provider) DO NOTHING",
        )
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
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Writes the settings over the row of version `exotel.version - 1`; what the last check said is about others, and
    /// forgotten. False: the row has moved on, nothing is written.
    pub async fn update_exotel(&mut self, exotel: &Exotel) -> Result<bool> {
        let (key, token) = seal(exotel, &self.vault);
        let done = sqlx::query(
            "UPDATE integrations SET account_sid = $1, host = $2, api_key = $3, api_token = $4, last_checked_at = 0, \
             last_check_error = NULL, updated_at = $5, version = version + 1 WHERE id = $6 AND version = $7",
        )
        .bind(exotel.settings.account_sid.as_str())
        .bind(exotel.settings.subdomain.as_str())
        .bind(key)
        .bind(token)
        .bind(exotel.updated_at.millis())
        .bind(exotel.id.as_str())
        .bind(exotel.version - 1)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Numbers that were imported stay. False: it is gone already.
    pub async fn delete_exotel(&mut self, account: &AccountId, id: &IntegrationId) -> Result<bool> {
        let done = sqlx::query("DELETE FROM integrations WHERE id = $1 AND account_id = $2")
            .bind(id.as_str())
            .bind(account.as_str())
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn exotel(&mut self, account: &AccountId) -> Result<Option<Exotel>> {
        let found = sqlx::query("SELECT * FROM integrations WHERE account_id = $1 AND provider = $2")
            .bind(account.as_str())
            .bind(Exotel::PROVIDER)
            .fetch_optional(self.connection())
            .await?;
        found.map(|found| read(&found, &self.vault)).transpose()
    }

    /// Notes how a call with the row's credentials went; no new version, since nobody has changed anything. False: they
    /// are others by now, and nothing is noted.
    pub async fn note_exotel_check(&mut self, id: &IntegrationId, version: i64, check: &ExotelCheck) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE integrations SET last_checked_at = $1, last_check_error = $2 WHERE id = $3 AND version = $4",
        )
        .bind(check.at.millis())
        .bind(check.error.clone())
        .bind(id.as_str())
        .bind(version)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Remembers where a number came from.
    pub async fn mark_imported(&mut self, did: &DidId, provider: &str) -> Result<()> {
        sqlx::query("UPDATE dids SET imported_from = $1 WHERE id = $2")
            .bind(provider)
            .bind(did.as_str())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Numbers that came from there and are still here.
    pub async fn count_imported(&mut self, account: &AccountId, provider: &str) -> Result<i64> {
        let found = sqlx::query("SELECT COUNT(*) AS count FROM dids WHERE account_id = $1 AND imported_from = $2")
            .bind(account.as_str())
            .bind(provider)
            .fetch_one(self.connection())
            .await?;
        Ok(found.get("count"))
    }
}

/// Key and token, each bound to its place: neither opens in the other's, nor in another row.
fn seal(exotel: &Exotel, vault: &Vault) -> (String, String) {
    let seal = |key: &ExotelKey, place: &str| vault.seal(key.secret(), &place_of(exotel.id.as_str(), place));
    (seal(&exotel.settings.api_key, "api_key"), seal(&exotel.settings.api_token, "api_token"))
}

fn place_of(id: &str, column: &str) -> String {
    format!("{id}/{column}")
}

fn read(found: &AnyRow, vault: &Vault) -> Result<Exotel> {
    let id: String = found.get("id");
    let text = |name: &str| found.get::<String, _>(name);
    let open = |column: &str| -> Result<ExotelKey> {
        let opened: Secret = vault
            .open(&text(column), &place_of(&id, column))
            .ok_or_else(|| Error::WrongKey { table: TABLE, id: id.clone() })?;
        ExotelKey::new(&opened, column).map_err(|fault| corrupt(TABLE, &id, &fault))
    };
    Ok(Exotel {
        account_id: parse(TABLE, &id, &text("account_id"))?,
        settings: ExotelSettings {
            account_sid: parse(TABLE, &id, &text("account_sid"))?,
            subdomain: parse(TABLE, &id, &text("host"))?,
            api_key: open("api_key")?,
            api_token: open("api_token")?,
        },
        check: never_is_zero(found.get("last_checked_at"))
            .map(|at| ExotelCheck { at, error: found.get("last_check_error") }),
        created_at: Timestamp::from_millis(found.get("created_at")),
        updated_at: Timestamp::from_millis(found.get("updated_at")),
        version: found.get("version"),
        id: parse(TABLE, &id, &id)?,
    })
}
