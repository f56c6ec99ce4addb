//! Leases: of several servers, one may write to LiveKit.

use domain::Timestamp;

use crate::{Result, Tx, statement::statements, tx::execute};

statements! {
    ACQUIRE = "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
               WHERE leases.holder = excluded.holder OR leases.expires_at <= $4";
    RENEW = "UPDATE leases SET expires_at = $1 WHERE name = $2 AND holder = $3";
    RELEASE = "DELETE FROM leases WHERE name = $1 AND holder = $2";
}

impl Tx {
    /// Acquires or renews the lease. False while another holder's has not expired.
    pub async fn acquire_lease(&mut self, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
        let acquired =
            execute!(self, sqlx::query(ACQUIRE).bind(name).bind(holder).bind(until.millis()).bind(now.millis()))?;
        Ok(acquired == 1)
    }

    /// Renews the lease, expired or not. False where another holder has acquired it since, even if that one has released
    /// it again.
    pub async fn renew_lease(&mut self, name: &str, holder: &str, until: Timestamp) -> Result<bool> {
        Ok(execute!(self, sqlx::query(RENEW).bind(until.millis()).bind(name).bind(holder))? == 1)
    }

    /// Ends the lease, if it is this holder's.
    pub async fn release_lease(&mut self, name: &str, holder: &str) -> Result<()> {
        execute!(self, sqlx::query(RELEASE).bind(name).bind(holder))?;
        Ok(())
    }
}
