//! Audit events, as use cases write them.

use domain::{AuditAction, AuditEvent, EventId};
use serde_json::Value;
use store::Tx;

use crate::{Actor, Result, core::Core};

/// What happened to which row. Views hold no secrets, so their JSON is fit for the record.
pub(crate) struct Entry<'a> {
    pub action: AuditAction,
    pub subject_id: &'a str,
    pub subject_name: &'a str,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl Core {
    pub(crate) async fn audit(&self, tx: &mut Tx, actor: Option<&Actor>, entry: Entry<'_>) -> Result<()> {
        let event = AuditEvent {
            id: EventId::new(self.clock.ulid()),
            account_id: self.account.clone(),
            actor: actor.map(|actor| actor.user.id.clone()),
            actor_name: actor.map_or_else(|| "command line".to_owned(), |actor| actor.user.email.clone()),
            action: entry.action,
            subject_id: entry.subject_id.to_owned(),
            subject_name: entry.subject_name.to_owned(),
            before: entry.before,
            after: entry.after,
            at: self.clock.now(),
        };
        Ok(tx.insert_audit(&event).await?)
    }
}
