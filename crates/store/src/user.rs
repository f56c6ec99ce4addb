//! People.

use domain::{AccountId, Email, Role, Timestamp, UserId};
use sqlx::{Row, any::AnyRow};

use crate::{Result, Tx, row};

/// A person with what proves them.
#[derive(Clone, Debug)]
pub struct StoredUser {
    pub id: UserId,
    pub account_id: AccountId,
    pub email: Email,
    /// PHC string (argon2id).
    pub password_hash: String,
    pub role: Role,
}

const COLUMNS: &str = "id, account_id, email, password_hash, role";

impl Tx {
    /// False: the e-mail address is taken.
    pub async fn insert_user(&mut self, user: &StoredUser, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO users (id, account_id, email, password_hash, role, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (email) DO NOTHING",
        )
        .bind(user.id.as_str())
        .bind(user.account_id.as_str())
        .bind(user.email.as_str())
        .bind(user.password_hash.as_str())
        .bind(user.role.as_str())
        .bind(now.millis())
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn any_user(&mut self) -> Result<bool> {
        Ok(sqlx::query("SELECT id FROM users LIMIT 1").fetch_optional(self.connection()).await?.is_some())
    }

    pub async fn user_by_email(&mut self, email: &Email) -> Result<Option<StoredUser>> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE email = $1");
        let found =
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(email.as_str()).fetch_optional(self.connection()).await?;
        found.as_ref().map(read).transpose()
    }

    /// Also ends the person's sessions: who changes a password wants the old doors shut.
    pub async fn set_password(&mut self, user: &UserId, password_hash: &str, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE users SET password_hash = $1, updated_at = $2 WHERE id = $3")
            .bind(password_hash)
            .bind(now.millis())
            .bind(user.as_str())
            .execute(self.connection())
            .await?;
        sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user.as_str()).execute(self.connection()).await?;
        Ok(())
    }
}

pub(crate) fn read(found: &AnyRow) -> Result<StoredUser> {
    let id: String = found.get("id");
    let column = |name: &str| found.get::<String, _>(name);
    Ok(StoredUser {
        account_id: row::parse("users", &id, &column("account_id"))?,
        email: row::parse("users", &id, &column("email"))?,
        password_hash: column("password_hash"),
        role: row::parse("users", &id, &column("role"))?,
        id: row::parse("users", &id, &id)?,
    })
}
