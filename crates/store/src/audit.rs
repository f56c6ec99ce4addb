//! Who changed what: written with the change, never altered.

use domain::{AccountId, AuditAction, AuditEvent, Timestamp};
use sqlx::{Row, any::AnyRow};

use crate::{
    Result, Tx,
    row::{corrupt, parse},
};

const TABLE: &str = "audit_events";

impl Tx {
    pub async fn insert_audit(&mut self, event: &AuditEvent) -> Result<()> {
        sqlx::query(
            "INSERT INTO audit_events (id, account_id, actor_id, actor_name, action, subject_id, subject_name, \
             before_json, after_json, at, subject_key, history_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(event.id.as_str())
        .bind(event.account_id.as_str())
        .bind(event.actor.as_ref().map(|actor| actor.to_string()))
        .bind(event.actor_name.as_str())
        .bind(event.action.as_str())
        .bind(event.subject_id.as_str())
        .bind(event.subject_name.as_str())
        .bind(event.before.as_ref().map(ToString::to_string))
        .bind(event.after.as_ref().map(ToString::to_string))
        .bind(event.at.millis())
        .bind(subject_key(event))
        .bind(event.history_id())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What a row was called when it was deleted here; None where that is not on record.
    pub async fn deleted_name(&mut self, account: &AccountId, subject: &str) -> Result<Option<String>> {
        let found = sqlx::query(
            "SELECT subject_name FROM audit_events WHERE account_id = $1 AND subject_id = $2 AND action = $3 \
             ORDER BY at DESC, id DESC LIMIT 1",
        )
        .bind(account.as_str())
        .bind(subject)
        .bind(AuditAction::Deleted.as_str())
        .fetch_optional(self.connection())
        .await?;
        Ok(found.map(|found| found.get("subject_name")))
    }

    /// What happened to one row, the oldest first.
    pub async fn audit_of(&mut self, account: &AccountId, subject: &str) -> Result<Vec<AuditEvent>> {
        let found = sqlx::query("SELECT * FROM audit_events WHERE account_id = $1 AND subject_id = $2 ORDER BY at, id")
            .bind(account.as_str())
            .bind(subject)
            .fetch_all(self.connection())
            .await?;
        found.iter().map(read).collect()
    }
}

/// What a search looks through: what the row was called, and of a number that was given in a carrier's format the
/// international form, too.
fn subject_key(event: &AuditEvent) -> String {
    let name = event.subject_name.to_lowercase();
    let rows = [&event.after, &event.before].into_iter().flatten();
    match rows.filter_map(|row| row.get("e164")?.as_str()).find(|e164| *e164 != name) {
        Some(e164) => format!("{name} {e164}"),
        None => name,
    }
}

pub(crate) fn read(found: &AnyRow) -> Result<AuditEvent> {
    let id: String = found.get("id");
    let text = |name: &str| found.get::<String, _>(name);
    let json = |name: &str| {
        found.get::<Option<String>, _>(name).map(|text| parse::<serde_json::Value>(TABLE, &id, &text)).transpose()
    };
    let action = text("action");
    Ok(AuditEvent {
        account_id: parse(TABLE, &id, &text("account_id"))?,
        actor: found.get::<Option<String>, _>("actor_id").map(|actor| parse(TABLE, &id, &actor)).transpose()?,
        actor_name: text("actor_name"),
        action: AuditAction::ALL
            .into_iter()
            .find(|known| known.as_str() == action)
            .ok_or_else(|| corrupt(TABLE, &id, &format!("no action {action}")))?,
        subject_id: text("subject_id"),
        subject_name: text("subject_name"),
        before: json("before_json")?,
        after: json("after_json")?,
        at: Timestamp::from_millis(found.get("at")),
        id: parse(TABLE, &id, &id)?,
    })
}
