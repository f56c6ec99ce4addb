//! Audit events: who changed what. Written with the change, never altered.

use domain::{AccountId, AuditAction, AuditEvent, Timestamp};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{parse, parse_optional},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "audit_events";

/// The columns of [`AuditRow`].
macro_rules! audit_columns {
    () => {
        "id, account_id, actor_id, actor_name, action, subject_id, subject_name, before_json, after_json, at"
    };
}
pub(crate) use audit_columns;

statements! {
    INSERT = "INSERT INTO audit_events (id, account_id, actor_id, actor_name, action, subject_id, subject_name, \
              before_json, after_json, at, subject_key, history_id) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    DELETED_NAME = "SELECT subject_name FROM audit_events WHERE account_id = $1 AND subject_id = $2 AND action = $3 \
                    ORDER BY at DESC, id DESC LIMIT 1";
    BY_SUBJECT = concat!(
        "SELECT ", audit_columns!(), " FROM audit_events WHERE account_id = $1 AND subject_id = $2 ORDER BY at, id",
    );
}

impl Tx {
    /// Adds an event. Part of the transaction that makes the change.
    pub async fn insert_audit(&mut self, event: &AuditEvent) -> Result<()> {
        execute!(
            self,
            sqlx::query(INSERT)
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
        )?;
        Ok(())
    }

    /// The name that a row had when it was deleted; None where no such event is on record.
    pub async fn deleted_name(&mut self, account: &AccountId, subject: &str) -> Result<Option<String>> {
        fetch!(
            self,
            connection => sqlx::query_scalar(DELETED_NAME)
                .bind(account.as_str())
                .bind(subject)
                .bind(AuditAction::Deleted.as_str())
                .fetch_optional(connection)
        )
    }

    /// What happened to one row, the oldest first.
    pub async fn audit_of(&mut self, account: &AccountId, subject: &str) -> Result<Vec<AuditEvent>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, AuditRow>(BY_SUBJECT)
                .bind(account.as_str())
                .bind(subject)
                .fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

/// The text that a search matches: the row's name, and the E.164 form of a number that was given in a carrier's format.
fn subject_key(event: &AuditEvent) -> String {
    let name = event.subject_name.to_lowercase();
    let rows = [&event.after, &event.before].into_iter().flatten();
    match rows.filter_map(|row| row.get("e164")?.as_str()).find(|e164| *e164 != name) {
        Some(e164) => format!("{name} {e164}"),
        None => name,
    }
}

#[derive(FromRow)]
pub(crate) struct AuditRow {
    id: String,
    account_id: String,
    actor_id: Option<String>,
    actor_name: String,
    action: String,
    subject_id: String,
    subject_name: String,
    before_json: Option<String>,
    after_json: Option<String>,
    at: i64,
}

impl TryFrom<AuditRow> for AuditEvent {
    type Error = Error;

    fn try_from(row: AuditRow) -> Result<Self> {
        Ok(Self {
            id: parse(TABLE, &row.id, &row.id)?,
            account_id: parse(TABLE, &row.id, &row.account_id)?,
            actor: parse_optional(TABLE, &row.id, row.actor_id.as_deref())?,
            actor_name: row.actor_name,
            action: parse(TABLE, &row.id, &row.action)?,
            subject_id: row.subject_id,
            subject_name: row.subject_name,
            before: parse_optional(TABLE, &row.id, row.before_json.as_deref())?,
            after: parse_optional(TABLE, &row.id, row.after_json.as_deref())?,
            at: Timestamp::from_millis(row.at),
        })
    }
}
