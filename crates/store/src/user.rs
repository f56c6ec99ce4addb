//! Users.

use domain::{AccountId, Email, SessionId, Timestamp, User, UserId};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{parse, zero_as_never},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "users";

/// The columns of [`UserRow`].
macro_rules! user_columns {
    () => {
        "users.id, users.account_id, users.email, users.password_hash, users.role, users.is_active, users.version"
    };
}
pub(crate) use user_columns;

/// The further columns of [`EntryRow`]; $2 is the current time.
macro_rules! entry_columns {
    () => {
        "users.created_at, users.last_seen_at, \
         (SELECT COUNT(*) FROM sessions WHERE sessions.user_id = users.id AND sessions.expires_at > $2) AS sessions, \
         (SELECT COUNT(*) FROM api_keys WHERE api_keys.user_id = users.id) AS api_keys, \
         COALESCE((SELECT expires_at FROM password_links WHERE password_links.user_id = users.id \
                   AND password_links.expires_at > $2), 0) AS link_expires_at \
         FROM users"
    };
}

/// A user with what belongs to the row.
#[derive(Clone, Debug)]
pub struct UserEntry {
    /// The user.
    pub user: User,
    /// When the user was added.
    pub created_at: Timestamp,
    /// When the last request of a session came, some minutes late.
    pub last_seen_at: Option<Timestamp>,
    /// How many sessions have not ended.
    pub sessions: i64,
    /// How many API keys may do no more than the user.
    pub api_keys: i64,
    /// When the user's one-time link expires; None where there is none.
    pub link_expires_at: Option<Timestamp>,
}

statements! {
    INSERT = "INSERT INTO users (id, account_id, email, password_hash, role, is_active, version, created_at, updated_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (email) DO NOTHING";
    ANY = "SELECT id FROM users LIMIT 1";
    BY_EMAIL = concat!("SELECT ", user_columns!(), " FROM users WHERE email = $1");
    BY_ID = concat!("SELECT ", user_columns!(), " FROM users WHERE id = $1 AND account_id = $2");
    ALL = concat!("SELECT ", user_columns!(), ", ", entry_columns!(), " WHERE users.account_id = $1 ORDER BY users.email");
    ENTRY = concat!("SELECT ", user_columns!(), ", ", entry_columns!(), " WHERE users.account_id = $1 AND users.id = $3");
    UPDATE = "UPDATE users SET role = $1, is_active = $2, version = $3, updated_at = $4 WHERE id = $5 AND version = $3 - 1";
    DELETE = "DELETE FROM users WHERE id = $1 AND account_id = $2";
    OTHER_ADMINS = "SELECT COUNT(*) FROM users WHERE account_id = $1 AND id <> $2 AND role = 'admin' AND is_active = 1 \
                    AND password_hash <> ''";
    SET_PASSWORD = "UPDATE users SET password_hash = $1, updated_at = $2 WHERE id = $3";
    CHANGE_PASSWORD = "UPDATE users SET password_hash = $1, updated_at = $2 WHERE id = $3 AND password_hash = $4";
    END_OTHER_SESSIONS = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    END_LINK = "DELETE FROM password_links WHERE user_id = $1";
    SET_LINK = "INSERT INTO password_links (user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at, \
                expires_at = excluded.expires_at";
    BY_LINK = concat!(
        "SELECT ",
        user_columns!(),
        " FROM password_links JOIN users ON users.id = password_links.user_id \
         WHERE token_hash = $1 AND expires_at > $2 AND users.is_active = 1",
    );
}

impl Tx {
    /// Adds a user. False where another user has the e-mail address.
    pub async fn insert_user(&mut self, user: &User, now: Timestamp) -> Result<bool> {
        let inserted = execute!(
            self,
            sqlx::query(INSERT)
                .bind(user.id.as_str())
                .bind(user.account_id.as_str())
                .bind(user.email.as_str())
                .bind(user.password_hash.as_str())
                .bind(user.role.as_str())
                .bind(i64::from(user.is_active))
                .bind(user.version)
                .bind(now.millis())
        )?;
        Ok(inserted == 1)
    }

    /// Whether there is a user at all.
    pub async fn any_user(&mut self) -> Result<bool> {
        let id = fetch!(self, connection => sqlx::query_scalar::<_, String>(ANY).fetch_optional(connection))?;
        Ok(id.is_some())
    }

    /// The user who logs in with this address.
    pub async fn user_by_email(&mut self, email: &Email) -> Result<Option<User>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, UserRow>(BY_EMAIL).bind(email.as_str()).fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// A user of the account.
    pub async fn user(&mut self, account: &AccountId, id: &UserId) -> Result<Option<User>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, UserRow>(BY_ID)
                .bind(id.as_str())
                .bind(account.as_str())
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// All users of the account, by e-mail address.
    pub async fn users(&mut self, account: &AccountId, now: Timestamp) -> Result<Vec<UserEntry>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, EntryRow>(ALL)
                .bind(account.as_str())
                .bind(now.millis())
                .fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// A user of the account with what belongs to the row.
    pub async fn user_entry(&mut self, account: &AccountId, id: &UserId, now: Timestamp) -> Result<Option<UserEntry>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, EntryRow>(ENTRY)
                .bind(account.as_str())
                .bind(now.millis())
                .bind(id.as_str())
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// How many other users are administrators who can log in. Transactions that write execute one after another, so that
    /// the count is right until this one commits.
    pub async fn other_administrators(&mut self, account: &AccountId, id: &UserId) -> Result<i64> {
        fetch!(
            self,
            connection => sqlx::query_scalar::<_, i64>(OTHER_ADMINS)
                .bind(account.as_str())
                .bind(id.as_str())
                .fetch_one(connection)
        )
    }

    /// Writes role and state over the row of version `user.version - 1`. False where the row has another version.
    pub async fn update_user(&mut self, user: &User, now: Timestamp) -> Result<bool> {
        let updated = execute!(
            self,
            sqlx::query(UPDATE)
                .bind(user.role.as_str())
                .bind(i64::from(user.is_active))
                .bind(user.version)
                .bind(now.millis())
                .bind(user.id.as_str())
        )?;
        Ok(updated == 1)
    }

    /// Deletes the user with sessions and link. False where the user is gone already.
    pub async fn delete_user(&mut self, account: &AccountId, id: &UserId) -> Result<bool> {
        Ok(execute!(self, sqlx::query(DELETE).bind(id.as_str()).bind(account.as_str()))? == 1)
    }

    /// Sets a new password, and ends the user's sessions and link: whoever had the old password is logged out.
    pub async fn set_password(&mut self, user: &UserId, password_hash: &str, now: Timestamp) -> Result<()> {
        execute!(self, sqlx::query(SET_PASSWORD).bind(password_hash).bind(now.millis()).bind(user.as_str()))?;
        self.end_sessions_of(user).await?;
        self.end_password_link(user).await
    }

    /// Replaces the password that was proven against `proven`, and ends all sessions but `kept`. False, and nothing is
    /// changed, where the user has another password by now.
    pub async fn change_password(
        &mut self,
        user: &UserId,
        proven: &str,
        password_hash: &str,
        kept: &SessionId,
        now: Timestamp,
    ) -> Result<bool> {
        let changed = execute!(
            self,
            sqlx::query(CHANGE_PASSWORD).bind(password_hash).bind(now.millis()).bind(user.as_str()).bind(proven)
        )?;
        if changed == 0 {
            return Ok(false);
        }
        execute!(self, sqlx::query(END_OTHER_SESSIONS).bind(user.as_str()).bind(kept.as_str()))?;
        self.end_password_link(user).await?;
        Ok(true)
    }

    /// Sets the user's one-time link, which replaces an earlier one. `hash` is the SHA-256 of its token, in hex.
    pub async fn set_password_link(
        &mut self,
        user: &UserId,
        hash: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        execute!(
            self,
            sqlx::query(SET_LINK).bind(user.as_str()).bind(hash).bind(now.millis()).bind(expires_at.millis())
        )?;
        Ok(())
    }

    /// The user of a one-time link that has not expired. None for a disabled user.
    pub async fn user_by_password_link(&mut self, hash: &str, now: Timestamp) -> Result<Option<User>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, UserRow>(BY_LINK).bind(hash).bind(now.millis()).fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// Ends the user's one-time link.
    pub async fn end_password_link(&mut self, user: &UserId) -> Result<()> {
        execute!(self, sqlx::query(END_LINK).bind(user.as_str()))?;
        Ok(())
    }
}

#[derive(FromRow)]
pub(crate) struct UserRow {
    id: String,
    account_id: String,
    email: String,
    password_hash: String,
    role: String,
    is_active: i64,
    version: i64,
}

#[derive(FromRow)]
struct EntryRow {
    #[sqlx(flatten)]
    user: UserRow,
    created_at: i64,
    last_seen_at: i64,
    sessions: i64,
    api_keys: i64,
    link_expires_at: i64,
}

impl TryFrom<EntryRow> for UserEntry {
    type Error = Error;

    fn try_from(row: EntryRow) -> Result<Self> {
        Ok(Self {
            user: row.user.try_into()?,
            created_at: Timestamp::from_millis(row.created_at),
            last_seen_at: zero_as_never(row.last_seen_at),
            sessions: row.sessions,
            api_keys: row.api_keys,
            link_expires_at: zero_as_never(row.link_expires_at),
        })
    }
}

impl TryFrom<UserRow> for User {
    type Error = Error;

    fn try_from(row: UserRow) -> Result<Self> {
        Ok(Self {
            id: parse(TABLE, &row.id, &row.id)?,
            account_id: parse(TABLE, &row.id, &row.account_id)?,
            email: parse(TABLE, &row.id, &row.email)?,
            role: parse(TABLE, &row.id, &row.role)?,
            password_hash: row.password_hash,
            is_active: row.is_active != 0,
            version: row.version,
        })
    }
}
