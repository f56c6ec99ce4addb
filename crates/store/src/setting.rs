//! Values of the installation as a whole.

use sqlx::Row;

use crate::{Result, Tx};

impl Tx {
    pub async fn setting(&mut self, name: &str) -> Result<Option<String>> {
        let found = sqlx::query("SELECT value FROM settings WHERE name = $1")
            .bind(name)
            .fetch_optional(self.connection())
            .await?;
        Ok(found.map(|found| found.get("value")))
    }

    pub async fn set_setting(&mut self, name: &str, value: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// True: it was there. Of two that remove the same setting, one hears true.
    pub async fn remove_setting(&mut self, name: &str, value: &str) -> Result<bool> {
        let done = sqlx::query("DELETE FROM settings WHERE name = $1 AND value = $2")
            .bind(name)
            .bind(value)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
