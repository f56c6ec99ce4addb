//! Values of the installation as a whole.

use crate::{
    Result, Tx,
    statement::statements,
    tx::{execute, fetch},
};

statements! {
    GET = "SELECT value FROM settings WHERE name = $1";
    SET = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    REMOVE = "DELETE FROM settings WHERE name = $1 AND value = $2";
}

impl Tx {
    /// The value of a setting.
    pub async fn setting(&mut self, name: &str) -> Result<Option<String>> {
        fetch!(self, connection => sqlx::query_scalar(GET).bind(name).fetch_optional(connection))
    }

    /// Writes a setting, over its former value.
    pub async fn set_setting(&mut self, name: &str, value: &str) -> Result<()> {
        execute!(self, sqlx::query(SET).bind(name).bind(value))?;
        Ok(())
    }

    /// Removes a setting that has this value. True for one caller alone.
    pub async fn remove_setting(&mut self, name: &str, value: &str) -> Result<bool> {
        Ok(execute!(self, sqlx::query(REMOVE).bind(name).bind(value))? == 1)
    }
}
