//! API keys, which are found by the hash of their text.

use domain::{AccountId, ApiKey, ApiKeyExpiry, ApiKeyId, ApiKeySettings, IpRange, Role, Timestamp, UserId};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{parse, parse_optional, zero_as_never},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "api_keys";

/// The columns of [`ApiKeyRow`].
macro_rules! columns {
    () => {
        "id, account_id, name, prefix, role, is_active, expires_at, allowed_addresses, last_used_at, created_by, \
         created_by_name, user_id, created_at, updated_at, version"
    };
}

statements! {
    INSERT = "INSERT INTO api_keys (id, account_id, name, name_key, prefix, key_hash, role, is_active, expires_at, \
              allowed_addresses, last_used_at, created_by, created_by_name, user_id, created_at, updated_at, \
              version) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14, $15, $16)";
    UPDATE = "UPDATE api_keys SET name = $1, name_key = $2, is_active = $3, expires_at = $4, allowed_addresses = $5, \
              updated_at = $6, version = version + 1 WHERE id = $7 AND version = $8";
    SET_LAST_USED = "UPDATE api_keys SET last_used_at = $1 WHERE id = $2 AND last_used_at < $1";
    DELETE = "DELETE FROM api_keys WHERE id = $1 AND account_id = $2";
    BY_ID = concat!("SELECT ", columns!(), " FROM api_keys WHERE id = $1 AND account_id = $2");
    BY_HASH = concat!(
        "SELECT ",
        columns!(),
        ", (SELECT users.role FROM users WHERE users.id = api_keys.user_id) AS user_role, \
         (SELECT users.is_active FROM users WHERE users.id = api_keys.user_id) AS user_is_active \
         FROM api_keys WHERE key_hash = $1",
    );
    OF_USER = concat!("SELECT ", columns!(), " FROM api_keys WHERE user_id = $1 ORDER BY name_key, id");
    ALL = concat!("SELECT ", columns!(), " FROM api_keys WHERE account_id = $1 ORDER BY name_key, id");
}

/// A key that was found by its hash, with the user behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundApiKey {
    /// The key.
    pub key: ApiKey,
    /// Role of the user behind the key, and whether the user is active. None where there is no such user.
    pub user: Option<(Role, bool)>,
}

impl Tx {
    /// Adds a key. `hash` is the SHA-256 of its text, in hex.
    pub async fn insert_api_key(&mut self, key: &ApiKey, hash: &str) -> Result<()> {
        let settings = &key.settings;
        execute!(
            self,
            sqlx::query(INSERT)
                .bind(key.id.as_str())
                .bind(key.account_id.as_str())
                .bind(settings.name.as_str())
                .bind(settings.name.as_str().to_lowercase())
                .bind(key.prefix.as_str())
                .bind(hash)
                .bind(settings.role.as_str())
                .bind(i64::from(settings.is_active))
                .bind(settings.expires_at.as_ref().map(ApiKeyExpiry::as_str))
                .bind(lines(&settings.allowed_addresses))
                .bind(key.created_by.as_ref().map(|actor| actor.as_str()))
                .bind(key.created_by_name.as_str())
                .bind(key.user_id.as_ref().map(UserId::as_str))
                .bind(key.created_at.millis())
                .bind(key.updated_at.millis())
                .bind(key.version)
        )?;
        Ok(())
    }

    /// Writes the settings but the role over the row of version `key.version - 1`. False where the row has another version,
    /// or is gone.
    pub async fn update_api_key(&mut self, key: &ApiKey) -> Result<bool> {
        let settings = &key.settings;
        let updated = execute!(
            self,
            sqlx::query(UPDATE)
                .bind(settings.name.as_str())
                .bind(settings.name.as_str().to_lowercase())
                .bind(i64::from(settings.is_active))
                .bind(settings.expires_at.as_ref().map(ApiKeyExpiry::as_str))
                .bind(lines(&settings.allowed_addresses))
                .bind(key.updated_at.millis())
                .bind(key.id.as_str())
                .bind(key.version - 1)
        )?;
        Ok(updated == 1)
    }

    /// Records a use. False where a later one is recorded already, or the key is gone.
    pub async fn set_api_key_last_used(&mut self, id: &ApiKeyId, at: Timestamp) -> Result<bool> {
        Ok(execute!(self, sqlx::query(SET_LAST_USED).bind(at.millis()).bind(id.as_str()))? == 1)
    }

    /// Deletes the key. False where it is gone already.
    pub async fn delete_api_key(&mut self, account: &AccountId, id: &ApiKeyId) -> Result<bool> {
        Ok(execute!(self, sqlx::query(DELETE).bind(id.as_str()).bind(account.as_str()))? == 1)
    }

    /// One key of the account.
    pub async fn api_key(&mut self, account: &AccountId, id: &ApiKeyId) -> Result<Option<ApiKey>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, ApiKeyRow>(BY_ID)
                .bind(id.as_str())
                .bind(account.as_str())
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The key whose text has this hash, of any account.
    pub async fn api_key_by_hash(&mut self, hash: &str) -> Result<Option<FoundApiKey>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, FoundRow>(BY_HASH).bind(hash).fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The keys behind which this user is, by name.
    pub async fn api_keys_of(&mut self, user: &UserId) -> Result<Vec<ApiKey>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, ApiKeyRow>(OF_USER).bind(user.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// All keys of the account, by name.
    pub async fn api_keys(&mut self, account: &AccountId) -> Result<Vec<ApiKey>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, ApiKeyRow>(ALL).bind(account.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

fn lines(ranges: &[IpRange]) -> String {
    let lines: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[derive(FromRow)]
struct ApiKeyRow {
    id: String,
    account_id: String,
    name: String,
    prefix: String,
    role: String,
    is_active: i64,
    expires_at: Option<String>,
    allowed_addresses: String,
    last_used_at: i64,
    created_by: Option<String>,
    created_by_name: String,
    user_id: Option<String>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

#[derive(FromRow)]
struct FoundRow {
    #[sqlx(flatten)]
    key: ApiKeyRow,
    user_role: Option<String>,
    user_is_active: Option<i64>,
}

impl TryFrom<FoundRow> for FoundApiKey {
    type Error = Error;

    fn try_from(row: FoundRow) -> Result<Self> {
        let role = parse_optional(TABLE, &row.key.id, row.user_role.as_deref())?;
        let user = role.zip(row.user_is_active.map(|is_active| is_active != 0));
        Ok(Self { key: row.key.try_into()?, user })
    }
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = Error;

    fn try_from(row: ApiKeyRow) -> Result<Self> {
        let addresses = row.allowed_addresses.lines().map(|line| parse(TABLE, &row.id, line));
        Ok(Self {
            id: parse(TABLE, &row.id, &row.id)?,
            account_id: parse(TABLE, &row.id, &row.account_id)?,
            prefix: row.prefix,
            settings: ApiKeySettings {
                name: parse(TABLE, &row.id, &row.name)?,
                role: parse(TABLE, &row.id, &row.role)?,
                is_active: row.is_active != 0,
                // Not parsed: a text that is not a time refuses the requests, and not the row.
                expires_at: row.expires_at.map(ApiKeyExpiry::stored),
                allowed_addresses: addresses.collect::<Result<_>>()?,
            },
            last_used_at: zero_as_never(row.last_used_at),
            created_by: parse_optional(TABLE, &row.id, row.created_by.as_deref())?,
            created_by_name: row.created_by_name,
            user_id: parse_optional(TABLE, &row.id, row.user_id.as_deref())?,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            version: row.version,
        })
    }
}
