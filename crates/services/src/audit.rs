//! The audit log with names, labels and links.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use api_types::{
    input::AuditQuery,
    view::{AuditActor, AuditItem, AuditPage, AuditSubject},
};
use domain::{AccountId, Action, AuditEvent, AuditKind, BotId, CarrierId, FieldFault, audit_changes};
use serde_json::Value;
use store::{Cursor, Tx};

use crate::{Actor, Result, context::Context};

/// Reads the audit log.
#[derive(Clone)]
pub struct Audit {
    context: Arc<Context>,
}

impl Audit {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// A page of entries, the newest first. A viewer may read the rows, and so also who changed them.
    pub async fn list(&self, actor: &Actor, query: &AuditQuery) -> Result<AuditPage> {
        actor.require(Action::ReadAudit)?;
        let (filter, after) = match (query.parse(), cursor(&query.cursor)) {
            (filter, Ok(after)) => (filter?, after),
            (filter, Err(fault)) => {
                let mut errors = filter.err().unwrap_or_default();
                errors.add("cursor", fault);
                return Err(errors.into());
            }
        };
        let account = &actor.account_id;
        let mut tx = self.context.store.read().await?;
        let page = tx.audit(account, &filter, after.as_ref()).await?;
        let names = Names::read(&mut tx, account, &page.events).await?;
        Ok(AuditPage {
            items: page.events.iter().map(|event| names.item(event)).collect(),
            next_cursor: page.next.map(|cursor| cursor.encode()),
            searched_to: page.searched_to,
        })
    }
}

fn cursor(text: &str) -> Result<Option<Cursor>, FieldFault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let cursor = Cursor::decode(text.trim()).ok().and_then(Cursor::for_audit);
    let message = "Use next_cursor of a response of this address, or leave it out.";
    cursor.map(Some).ok_or_else(|| FieldFault::new("bad_cursor", message))
}

/// The names of the rows on one page, and which of them still exist.
struct Names {
    /// Carriers, bots, API keys and users that exist.
    present: BTreeMap<String, String>,
    /// Numbers that exist, with their carriers.
    dids: BTreeMap<String, String>,
    /// The names of all rows that the events refer to.
    shown: BTreeMap<String, String>,
}

impl Names {
    async fn read(tx: &mut Tx, account: &AccountId, events: &[AuditEvent]) -> Result<Self> {
        let subjects: BTreeSet<String> = events.iter().map(|event| event.subject_id.clone()).collect();
        let (dids, rows): (Vec<String>, Vec<String>) =
            subjects.into_iter().partition(|id| AuditKind::of(id) == AuditKind::Did);
        let referred: BTreeSet<String> = events.iter().flat_map(references).collect();
        let ids: Vec<String> = rows.into_iter().chain(referred.iter().cloned()).collect();
        let present = tx.present(account, &ids).await?;
        let deleted: Vec<String> = referred.iter().filter(|id| !present.contains_key(*id)).cloned().collect();
        let names = tx.last_names(account, &deleted).await?;
        let mut shown: BTreeMap<String, String> =
            names.into_iter().map(|(id, name)| (id, format!("{name} (deleted)"))).collect();
        shown.extend(referred.iter().filter_map(|id| Some((id.clone(), present.get(id)?.clone()))));
        Ok(Self { dids: tx.present_dids(account, &dids).await?, present, shown })
    }

    fn item(&self, event: &AuditEvent) -> AuditItem {
        let (kind, id) = (AuditKind::of(&event.subject_id), &event.subject_id);
        let carrier_id = self.dids.get(id).and_then(|carrier| carrier.parse().ok());
        AuditItem {
            id: event.id.clone(),
            at: event.at,
            actor: AuditActor { id: event.actor.clone(), name: event.actor_name.clone() },
            action: event.action,
            subject: AuditSubject {
                kind,
                id: id.clone(),
                name: event.subject_name.clone(),
                exists: match kind {
                    AuditKind::Carrier | AuditKind::Bot | AuditKind::ApiKey | AuditKind::User => {
                        self.present.contains_key(id)
                    }
                    AuditKind::Did => carrier_id.is_some(),
                    _ => true,
                },
                carrier_id,
            },
            changes: audit_changes(event, &self.shown),
        }
    }
}

/// Rows that an event's fields name by their ids.
fn references(event: &AuditEvent) -> impl Iterator<Item = String> {
    let rows = [&event.before, &event.after].into_iter().flatten().filter_map(Value::as_object);
    let ids = rows.flat_map(|row| row.values()).filter_map(Value::as_str);
    ids.filter(|id| id.parse::<BotId>().is_ok() || id.parse::<CarrierId>().is_ok()).map(str::to_owned)
}
