//! One writer at a time, among several servers.

use domain::Timestamp;

use crate::{Result, Tx};

impl Tx {
    /// Takes the lease, or renews it; false while another holder's has not run out.
    pub async fn acquire_lease(&mut self, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
             WHERE leases.holder = excluded.holder OR leases.expires_at <= $4",
        )
        .bind(name)
        .bind(holder)
        .bind(until.millis())
        .bind(now.millis())
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// False where somebody else has taken the lease since it was taken, be it that they have given it back by now. One that
    /// has merely run out is renewed: nobody was in between.
    pub async fn renew_lease(&mut self, name: &str, holder: &str, until: Timestamp) -> Result<bool> {
        let done = sqlx::query("UPDATE leases SET expires_at = $1 WHERE name = $2 AND holder = $3")
            .bind(until.millis())
            .bind(name)
            .bind(holder)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn release_lease(&mut self, name: &str, holder: &str) -> Result<()> {
        sqlx::query("DELETE FROM leases WHERE name = $1 AND holder = $2")
            .bind(name)
            .bind(holder)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
