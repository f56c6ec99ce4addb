//! Leases: of several servers on one database, one may write to LiveKit.
//!
//! Times are the database's, so that the servers' clocks do not matter.

use std::time::Duration;

use crate::{
    Result, Tx,
    statement::statements,
    tx::{Connection, execute, fetch},
};

statements! {
    ACQUIRE = "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
               WHERE leases.holder = excluded.holder OR leases.expires_at <= $4 \
               OR leases.expires_at > excluded.expires_at";
    RENEW = "UPDATE leases SET expires_at = $1 WHERE name = $2 AND holder = $3";
    RELEASE = "DELETE FROM leases WHERE name = $1 AND holder = $2";
}

const SQLITE_NOW: &str = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)";
/// The time of the statement: that of the transaction may be older than a lock that it waited for.
const POSTGRES_NOW: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

impl Tx {
    /// Acquires or renews the lease for `time` from now. False while another holder's has not expired. One that would expire
    /// later than `time` from now is void: another clock made it.
    pub async fn acquire_lease(&mut self, name: &str, holder: &str, time: Duration) -> Result<bool> {
        let now = self.database_millis().await?;
        let until = now.saturating_add(millis(time));
        Ok(execute!(self, sqlx::query(ACQUIRE).bind(name).bind(holder).bind(until).bind(now))? == 1)
    }

    /// Renews the lease, expired or not. False where another holder has acquired it since, even if that one has released
    /// it again.
    pub async fn renew_lease(&mut self, name: &str, holder: &str, time: Duration) -> Result<bool> {
        let until = self.database_millis().await?.saturating_add(millis(time));
        Ok(execute!(self, sqlx::query(RENEW).bind(until).bind(name).bind(holder))? == 1)
    }

    /// Ends the lease, if it is this holder's.
    pub async fn release_lease(&mut self, name: &str, holder: &str) -> Result<()> {
        execute!(self, sqlx::query(RELEASE).bind(name).bind(holder))?;
        Ok(())
    }

    /// The database's clock, in Unix milliseconds.
    pub async fn database_millis(&mut self) -> Result<i64> {
        if matches!(self.connection, Connection::Sqlite(_)) {
            fetch!(self, connection => sqlx::query_scalar(SQLITE_NOW).fetch_one(connection))
        } else {
            fetch!(self, connection => sqlx::query_scalar(POSTGRES_NOW).fetch_one(connection))
        }
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
