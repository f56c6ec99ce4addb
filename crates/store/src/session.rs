//! Sessions. A token without its row here is worth nothing.

use domain::{SessionId, Timestamp, User, UserId};

use crate::{
    Result, Tx,
    statement::statements,
    tx::{execute, fetch},
    user::{UserRow, user_columns},
};

statements! {
    /// Writes nothing new: it locks the user's row, so that no change of the password commits between check and insert.
    LOCK_PROVEN = "UPDATE users SET password_hash = password_hash WHERE id = $1 AND password_hash = $2";
    INSERT = "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    USER = concat!(
        "SELECT ",
        user_columns!(),
        " FROM sessions JOIN users ON users.id = sessions.user_id WHERE sessions.id = $1 AND expires_at > $2",
    );
    END = "DELETE FROM sessions WHERE id = $1 OR expires_at <= $2";
}

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
        if execute!(self, sqlx::query(LOCK_PROVEN).bind(user.as_str()).bind(password_hash))? == 0 {
            return Ok(false);
        }
        execute!(
            self,
            sqlx::query(INSERT).bind(id.as_str()).bind(user.as_str()).bind(now.millis()).bind(expires_at.millis())
        )?;
        Ok(true)
    }

    /// The user of a session that has not expired.
    pub async fn session_user(&mut self, id: &SessionId, now: Timestamp) -> Result<Option<User>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, UserRow>(USER)
                .bind(id.as_str())
                .bind(now.millis())
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// Ends a session, and removes the expired ones.
    pub async fn end_session(&mut self, id: &SessionId, now: Timestamp) -> Result<()> {
        execute!(self, sqlx::query(END).bind(id.as_str()).bind(now.millis()))?;
        Ok(())
    }
}
