//! Carriers: list, read, create, update, delete, sync.

use std::{sync::Arc, time::Duration};

use api_types::{
    input::{CarrierInput, search},
    view::{CarrierPage, CarrierQuery, CarrierView, Change, ChangeKind, ChangedNoun},
};
use domain::{
    Attention, AuditAction, Carrier, CarrierId, CarrierSort, FieldFault, PhoneNumber, Role, SyncState, SyncStatus,
};
use serde_json::{Value, json};
use store::{CarrierFilter, Cursor, Tx};
use tokio::{
    sync::broadcast::Receiver,
    time::{Instant, timeout},
};

use crate::{Actor, Error, Result, audit::Entry, context::Context, provider};

const DEFAULT_LIMIT: u32 = 50;
const MOST: u32 = 200;
/// How long a sync that an operator asked for is waited for before the answer is "still pending".
const SYNC_PATIENCE: Duration = Duration::from_secs(20);
/// How often to look, besides being told: another server may be the one that syncs.
const SYNC_POLL: Duration = Duration::from_millis(500);

#[derive(Clone)]
pub struct Carriers {
    context: Arc<Context>,
}

impl Carriers {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    pub async fn list(&self, actor: &Actor, query: &CarrierQuery) -> Result<CarrierPage> {
        actor.require(Role::Viewer)?;
        let filter = filter(query)?;
        let mut tx = self.context.store.read().await?;
        let totals = tx.totals(&actor.account_id).await?;
        let (carriers, next) = tx.carriers(&actor.account_id, &filter).await?;
        let total = match filter.attention {
            None if filter.q.is_empty() => totals.carriers,
            Some(Attention::SyncError) if filter.q.is_empty() => totals.sync_errors,
            _ => tx.count_carriers(&actor.account_id, &filter).await?,
        };
        let dids = if query.include_dids.unwrap_or(true) {
            let ids: Vec<CarrierId> = carriers.iter().map(|(carrier, _)| carrier.id.clone()).collect();
            tx.dids_of(&ids).await?
        } else {
            Vec::new()
        };
        let items = carriers
            .iter()
            .map(|(carrier, count)| {
                // Sorted by carrier: each one's numbers lie together.
                let first = dids.partition_point(|did| did.carrier_id < carrier.id);
                let behind = dids.partition_point(|did| did.carrier_id <= carrier.id);
                CarrierView::new(carrier, &dids[first..behind], *count)
            })
            .collect();
        Ok(CarrierPage {
            items,
            next_cursor: next.map(|cursor| cursor.encode()),
            total,
            number_total: totals.numbers,
            error_total: totals.sync_errors,
        })
    }

    pub async fn get(&self, actor: &Actor, id: &CarrierId) -> Result<CarrierView> {
        actor.require(Role::Viewer)?;
        let mut tx = self.context.store.read().await?;
        let carrier = find(&mut tx, actor, id).await?;
        view(&mut tx, &carrier).await
    }

    pub async fn create(&self, actor: &Actor, input: &CarrierInput) -> Result<CarrierView> {
        actor.require(Role::Developer)?;
        let settings = input.parse(None)?;
        provider::refuse_pattern(&settings.sip_address)?;
        let now = self.context.clock.now();
        let carrier = Carrier {
            id: CarrierId::new(self.context.clock.ulid()),
            account_id: actor.account_id.clone(),
            settings,
            sync: SyncState::default(),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let mut tx = self.context.store.write().await?;
        tx.insert_carrier(&carrier).await?;
        let after = Some(record(&carrier));
        self.committed(tx, actor, &carrier, ChangeKind::Created, (None, after)).await
    }

    /// Absent fields keep their value. Without a version the change goes over whatever is there.
    pub async fn update(&self, actor: &Actor, id: &CarrierId, input: &CarrierInput) -> Result<CarrierView> {
        actor.require(Role::Developer)?;
        let expected = input.version()?;
        loop {
            let mut tx = self.context.store.write().await?;
            let current = find(&mut tx, actor, id).await?;
            if expected.is_some_and(|expected| expected != current.version) {
                return Err(Error::Stale(to_json(&view(&mut tx, &current).await?)));
            }
            let settings = input.parse(Some(&current.settings))?;
            provider::refuse_pattern(&settings.sip_address)?;
            if settings == current.settings {
                return view(&mut tx, &current).await;
            }
            let updated = Carrier {
                settings,
                updated_at: self.context.clock.now(),
                version: current.version + 1,
                ..current.clone()
            };
            if !tx.update_carrier(&updated).await? {
                // Somebody was faster between our read and our write: look again, and answer as if we had come later.
                continue;
            }
            if updated.settings.destination_country != current.settings.destination_country {
                renumber(&mut tx, &updated).await?;
            }
            let change = (Some(record(&current)), Some(record_after(&current, &updated)));
            return self.committed(tx, actor, &updated, ChangeKind::Updated, change).await;
        }
    }

    /// Takes the carrier's numbers along; LiveKit lets go of its trunks and rules as soon as it can be reached.
    pub async fn delete(&self, actor: &Actor, id: &CarrierId) -> Result<()> {
        actor.require(Role::Admin)?;
        let mut tx = self.context.store.write().await?;
        let carrier = find(&mut tx, actor, id).await?;
        let dids = tx.dids_of(std::slice::from_ref(id)).await?;
        let mut before = record(&carrier);
        before["dids"] = dids.iter().map(|did| did.number.number()).collect();
        if !tx.delete_carrier(&actor.account_id, id).await? {
            return Err(Error::NotFound("carrier"));
        }
        tx.request_removal(&actor.account_id, id, carrier.settings.name.as_str(), self.context.clock.now()).await?;
        self.audit(&mut tx, actor, &carrier, AuditAction::Deleted, (Some(before), None)).await?;
        tx.commit().await?;
        self.context.events.publish(ChangedNoun::Carrier, ChangeKind::Deleted, id);
        self.context.sync_notify.notify_one();
        Ok(())
    }

    /// Syncs now and waits: the carrier as it is then, `pending` where LiveKit takes longer than a person waits.
    pub async fn sync(&self, actor: &Actor, id: &CarrierId) -> Result<CarrierView> {
        actor.require(Role::Developer)?;
        let mut changes = self.context.events.subscribe();
        let mut tx = self.context.store.write().await?;
        let carrier = find(&mut tx, actor, id).await?;
        let name = carrier.settings.name.as_str();
        tx.request_sync(&actor.account_id, id, name, self.context.clock.now()).await?;
        tx.commit().await?;
        self.context.events.publish(ChangedNoun::Carrier, ChangeKind::Updated, id);
        self.context.sync_notify.notify_one();
        self.applied(actor, id, &mut changes).await
    }

    /// Waits for the end of a sync that was asked for; `changes` has listened since before.
    pub(crate) async fn applied(
        &self,
        actor: &Actor,
        id: &CarrierId,
        changes: &mut Receiver<Change>,
    ) -> Result<CarrierView> {
        let deadline = Instant::now() + SYNC_PATIENCE;
        loop {
            let carrier = self.get(actor, id).await?;
            match carrier.lk_sync_status {
                SyncStatus::Synced => return Ok(carrier),
                SyncStatus::Error => return Err(Error::SyncFailed(Box::new(carrier))),
                SyncStatus::Pending if Instant::now() >= deadline => return Ok(carrier),
                // Whatever is heard, even that much was missed, is a reason to look; so is hearing nothing.
                SyncStatus::Pending => drop(timeout(SYNC_POLL, changes.recv()).await),
            }
        }
    }

    /// The end of every change of a carrier: sync asked for, audit written, committed, told.
    async fn committed(
        &self,
        mut tx: Tx,
        actor: &Actor,
        carrier: &Carrier,
        kind: ChangeKind,
        change: (Option<Value>, Option<Value>),
    ) -> Result<CarrierView> {
        let name = carrier.settings.name.as_str();
        tx.request_sync(&actor.account_id, &carrier.id, name, self.context.clock.now()).await?;
        let action = if kind == ChangeKind::Created { AuditAction::Created } else { AuditAction::Updated };
        self.audit(&mut tx, actor, carrier, action, change).await?;
        let carrier = find(&mut tx, actor, &carrier.id).await?;
        let answer = view(&mut tx, &carrier).await?;
        tx.commit().await?;
        self.context.events.publish(ChangedNoun::Carrier, kind, &carrier.id);
        self.context.sync_notify.notify_one();
        Ok(answer)
    }

    async fn audit(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        carrier: &Carrier,
        action: AuditAction,
        (before, after): (Option<Value>, Option<Value>),
    ) -> Result<()> {
        let (subject_id, subject_name) = (carrier.id.as_str(), carrier.settings.name.as_str());
        self.context.audit(tx, Some(actor), Entry { action, subject_id, subject_name, before, after }).await
    }
}

pub(crate) async fn find(tx: &mut Tx, actor: &Actor, id: &CarrierId) -> Result<Carrier> {
    tx.carrier(&actor.account_id, id).await?.ok_or(Error::NotFound("carrier"))
}

async fn view(tx: &mut Tx, carrier: &Carrier) -> Result<CarrierView> {
    let dids = tx.dids_of(std::slice::from_ref(&carrier.id)).await?;
    let count = i64::try_from(dids.len()).unwrap_or(i64::MAX);
    Ok(CarrierView::new(carrier, &dids, count))
}

fn filter(query: &CarrierQuery) -> Result<CarrierFilter> {
    let fault = |field, code, message: &str| Error::field(field, FieldFault::new(code, message));
    let (sort, descending) = CarrierSort::parse(&query.sort).ok_or_else(|| {
        let known = CarrierSort::ALL.map(CarrierSort::as_str).join(", ");
        fault("sort", "unknown_sort", &format!("Sort by one of {known}; put - in front to turn it round."))
    })?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(fault("limit", "out_of_range", &format!("The limit is a whole number from 1 to {MOST}.")));
    }
    let q = search(&query.q).map_err(|error| Error::field("q", error))?;
    let attention = match query.attention.trim() {
        "" => None,
        text => Some(text.parse().map_err(|error| Error::field("attention", error))?),
    };
    let filter = CarrierFilter { q, attention, sort, descending, limit, after: None };
    let bad_cursor =
        || fault("cursor", "bad_cursor", "Take next_cursor from an answer with the same sort, or leave it out.");
    let after = match query.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
        None => None,
        Some(text) => {
            let cursor = Cursor::decode(text).map_err(|_| bad_cursor())?;
            Some(filter.accepts(cursor).ok_or_else(bad_cursor)?)
        }
    };
    Ok(CarrierFilter { after, ..filter })
}

/// The carrier's country tells what a local number means: each one is read anew.
pub(crate) async fn renumber(tx: &mut Tx, carrier: &Carrier) -> Result<()> {
    for did in tx.dids_of(std::slice::from_ref(&carrier.id)).await? {
        let Ok(number) = PhoneNumber::parse(did.number.number(), carrier.settings.destination_country) else {
            continue;
        };
        if number == did.number {
            continue;
        }
        if let Some(holder) = tx.did_by_number(&carrier.account_id, &number).await?
            && holder.id != did.id
        {
            let names = tx.carrier_names(std::slice::from_ref(&holder.carrier_id)).await?;
            return Err(Error::NumberTaken {
                number: number.canonical().to_owned(),
                carrier_name: names.get(&holder.carrier_id).cloned().unwrap_or_default(),
                here: holder.carrier_id == carrier.id,
                carrier_id: holder.carrier_id.to_string(),
                field: "destination_country",
            });
        }
        tx.renumber_did(&did.id, &number).await?;
    }
    Ok(())
}

fn to_json(view: &CarrierView) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}

/// What an operator decided, as the audit keeps it.
pub(crate) fn record(carrier: &Carrier) -> Value {
    let view = to_json(&CarrierView::new(carrier, &[], 0));
    let Value::Object(mut fields) = view else { return view };
    fields.retain(|name, _| {
        !name.starts_with("lk_")
            && !["dids", "did_count", "created_at", "updated_at", "version"].contains(&name.as_str())
    });
    Value::Object(fields)
}

/// Says that the password changed, since the mask cannot.
pub(crate) fn record_after(before: &Carrier, after: &Carrier) -> Value {
    let password =
        |carrier: &Carrier| carrier.settings.credentials.as_ref().map(|credentials| credentials.password.clone());
    let mut fields = record(after);
    if password(after).is_some() && password(before) != password(after) {
        fields["auth_password"] = json!("******** (new)");
    }
    fields
}
