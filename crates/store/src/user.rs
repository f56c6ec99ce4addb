//! Users.

use domain::{Email, Timestamp, User, UserId};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::parse,
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "users";

/// The columns of [`UserRow`].
macro_rules! user_columns {
    () => {
        "users.id, users.account_id, users.email, users.password_hash, users.role"
    };
}
pub(crate) use user_columns;

statements! {
    INSERT = "INSERT INTO users (id, account_id, email, password_hash, role, created_at, updated_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (email) DO NOTHING";
    ANY = "SELECT id FROM users LIMIT 1";
    BY_EMAIL = concat!("SELECT ", user_columns!(), " FROM users WHERE email = $1");
    SET_PASSWORD = "UPDATE users SET password_hash = $1, updated_at = $2 WHERE id = $3";
    END_SESSIONS = "DELETE FROM sessions WHERE user_id = $1";
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

    /// Sets a new password, and ends the user's sessions: whoever had the old password is logged out.
    pub async fn set_password(&mut self, user: &UserId, password_hash: &str, now: Timestamp) -> Result<()> {
        execute!(self, sqlx::query(SET_PASSWORD).bind(password_hash).bind(now.millis()).bind(user.as_str()))?;
        execute!(self, sqlx::query(END_SESSIONS).bind(user.as_str()))?;
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
        })
    }
}
