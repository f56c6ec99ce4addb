//! Who is logged in. A token without its row here is worth nothing.

use domain::{SessionId, Timestamp, UserId};

use crate::{Result, StoredUser, Tx, user};

impl Tx {
    /// Inserts a session of a user whose password was proven against `password_hash`. False, and nothing is inserted, where
    /// the user has another password by now.
    pub async fn insert_session(
        &mut self,
        id: &SessionId,
        user: &UserId,
        password_hash: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool> {
        // Writes nothing new: it locks the user's row, so that no change of the password commits between check and insert.
        let locked = sqlx::query("UPDATE users SET password_hash = password_hash WHERE id = $1 AND password_hash = $2")
            .bind(user.as_str())
            .bind(password_hash)
            .execute(self.connection())
            .await?
            .rows_affected();
        if locked == 0 {
            return Ok(false);
        }
        sqlx::query("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(id.as_str())
            .bind(user.as_str())
            .bind(now.millis())
            .bind(expires_at.millis())
            .execute(self.connection())
            .await?;
        Ok(true)
    }

    /// The person of a session that has not expired.
    pub async fn session_user(&mut self, id: &SessionId, now: Timestamp) -> Result<Option<StoredUser>> {
        let found = sqlx::query(
            "SELECT users.id, account_id, email, password_hash, role FROM sessions \
             JOIN users ON users.id = sessions.user_id WHERE sessions.id = $1 AND expires_at > $2",
        )
        .bind(id.as_str())
        .bind(now.millis())
        .fetch_optional(self.connection())
        .await?;
        found.as_ref().map(user::read).transpose()
    }

    /// Logs out, and sweeps what has expired.
    pub async fn end_session(&mut self, id: &SessionId, now: Timestamp) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE id = $1 OR expires_at <= $2")
            .bind(id.as_str())
            .bind(now.millis())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
