//! Sessions. A token without its row here is worth nothing.

use domain::{Session, SessionId, Timestamp, User, UserId};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::parse,
    statement::statements,
    tx::{execute, fetch},
    user::{UserRow, user_columns},
};

const TABLE: &str = "sessions";

statements! {
    /// Writes nothing new: it locks the user's row, so that no change of the password commits between check and insert.
    LOCK_PROVEN = "UPDATE users SET password_hash = password_hash WHERE id = $1 AND password_hash = $2 AND is_active = 1";
    INSERT = "INSERT INTO sessions (id, user_id, address, user_agent, created_at, last_used_at, expires_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    USER = concat!(
        "SELECT ",
        user_columns!(),
        " FROM sessions JOIN users ON users.id = sessions.user_id \
         WHERE sessions.id = $1 AND expires_at > $2 AND users.is_active = 1",
    );
    OF_USER = "SELECT id, user_id, address, user_agent, created_at, last_used_at, expires_at FROM sessions \
               WHERE user_id = $1 AND expires_at > $2 ORDER BY last_used_at DESC, id";
    END = "DELETE FROM sessions WHERE id = $1 OR expires_at <= $2";
    END_ONE = "DELETE FROM sessions WHERE id = $1 AND user_id = $2";
    END_ALL = "DELETE FROM sessions WHERE user_id = $1";
    SET_LAST_USED = "UPDATE sessions SET last_used_at = $1 WHERE id = $2 AND last_used_at < $1";
    SET_LAST_SEEN = "UPDATE users SET last_seen_at = $1 WHERE last_seen_at < $1 \
                     AND id IN (SELECT user_id FROM sessions WHERE id = $2)";
}

impl Tx {
    /// Inserts a session of a user whose password was proven against `password_hash`. False, and nothing is inserted, where
    /// the user has another password by now, or is disabled.
    pub async fn insert_session(&mut self, session: &Session, password_hash: &str) -> Result<bool> {
        if execute!(self, sqlx::query(LOCK_PROVEN).bind(session.user_id.as_str()).bind(password_hash))? == 0 {
            return Ok(false);
        }
        execute!(
            self,
            sqlx::query(INSERT)
                .bind(session.id.as_str())
                .bind(session.user_id.as_str())
                .bind(session.address.as_deref())
                .bind(session.user_agent.as_deref())
                .bind(session.created_at.millis())
                .bind(session.last_used_at.millis())
                .bind(session.expires_at.millis())
        )?;
        self.set_session_last_used(&session.id, session.last_used_at).await?;
        Ok(true)
    }

    /// The user of a session that has not expired. None for a disabled user.
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

    /// A user's sessions that have not expired, the one that was used last first.
    pub async fn sessions_of(&mut self, user: &UserId, now: Timestamp) -> Result<Vec<Session>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, SessionRow>(OF_USER)
                .bind(user.as_str())
                .bind(now.millis())
                .fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Records a use, of the session and of its user. What is recorded already as later stays.
    pub async fn set_session_last_used(&mut self, id: &SessionId, at: Timestamp) -> Result<()> {
        execute!(self, sqlx::query(SET_LAST_USED).bind(at.millis()).bind(id.as_str()))?;
        execute!(self, sqlx::query(SET_LAST_SEEN).bind(at.millis()).bind(id.as_str()))?;
        Ok(())
    }

    /// Ends a session, and removes the expired ones.
    pub async fn end_session(&mut self, id: &SessionId, now: Timestamp) -> Result<()> {
        execute!(self, sqlx::query(END).bind(id.as_str()).bind(now.millis()))?;
        Ok(())
    }

    /// Ends a session of this user. False where the user has no such session.
    pub async fn end_session_of(&mut self, user: &UserId, id: &SessionId) -> Result<bool> {
        Ok(execute!(self, sqlx::query(END_ONE).bind(id.as_str()).bind(user.as_str()))? == 1)
    }

    /// Ends all sessions of this user.
    pub async fn end_sessions_of(&mut self, user: &UserId) -> Result<()> {
        execute!(self, sqlx::query(END_ALL).bind(user.as_str()))?;
        Ok(())
    }
}

#[derive(FromRow)]
struct SessionRow {
    id: String,
    user_id: String,
    address: Option<String>,
    user_agent: Option<String>,
    created_at: i64,
    last_used_at: i64,
    expires_at: i64,
}

impl TryFrom<SessionRow> for Session {
    type Error = Error;

    fn try_from(row: SessionRow) -> Result<Self> {
        Ok(Self {
            id: parse(TABLE, &row.id, &row.id)?,
            user_id: parse(TABLE, &row.id, &row.user_id)?,
            address: row.address,
            user_agent: row.user_agent,
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: Timestamp::from_millis(row.last_used_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}
