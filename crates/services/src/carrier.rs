//! Carriers: list, read, create, update, delete, sync.

use std::{sync::Arc, time::Duration};

use api_types::{
    input::{CarrierInput, search},
    view::{CarrierPage, CarrierQuery, CarrierView, Change, ChangeKind, ChangedNoun},
};
use domain::{
    AccountId, Action, Attention, AuditAction, Carrier, CarrierId, CarrierSettings, CarrierSort, FieldFault,
    IntoEnumIterator, PhoneNumber, SyncState, SyncStatus,
};
use store::{CarrierFilter, Cursor, Tx};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, timeout},
};

use crate::{
    Actor, Error, Result,
    context::Context,
    did,
    edge::object,
    number_keys::possible_keys,
    provider,
    snapshot::CarrierSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
/// How often the carrier is read while its sync is waited for, besides after each event.
pub(crate) const SYNC_POLL: Duration = Duration::from_millis(500);

/// Use cases of carriers.
#[derive(Clone)]
pub struct Carriers {
    context: Arc<Context>,
}

impl Carriers {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// A page of the carriers that match the query.
    pub async fn list(&self, actor: &Actor, query: &CarrierQuery) -> Result<CarrierPage> {
        actor.require(Action::ReadCarriers)?;
        let mut filter = filter(query)?;
        let mut tx = self.context.store.read().await?;
        if filter.q.chars().filter(char::is_ascii_digit).count() >= 3 {
            let countries = tx.carrier_countries(&actor.account_id).await?;
            filter.number_keys = possible_keys(&filter.q, &countries).into_iter().collect();
        }
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
                // Sorted by carrier.
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

    /// One carrier with its numbers.
    pub async fn get(&self, actor: &Actor, id: &CarrierId) -> Result<CarrierView> {
        actor.require(Action::ReadCarriers)?;
        let mut tx = self.context.store.read().await?;
        let carrier = load(&mut tx, &actor.account_id, id).await?;
        view(&mut tx, &carrier).await
    }

    /// One carrier with the count of its numbers and without the numbers themselves, which `Dids::page` reads.
    pub async fn get_without_dids(&self, actor: &Actor, id: &CarrierId) -> Result<CarrierView> {
        actor.require(Action::ReadCarriers)?;
        let mut tx = self.context.store.read().await?;
        let (carrier, did_count) =
            tx.counted_carrier(&actor.account_id, id).await?.ok_or(Error::NotFound("carrier"))?;
        Ok(CarrierView::new(&carrier, &[], did_count))
    }

    /// Creates a carrier; LiveKit follows.
    pub async fn create(&self, actor: &Actor, input: &CarrierInput) -> Result<CarrierView> {
        actor.require(Action::CreateCarrier)?;
        let settings = input.parse(None)?;
        provider::refuse_pattern(&settings.sip_address)?;
        self.context.transact(Some(actor), settings, |uow, settings| Box::pin(create(uow, settings))).await
    }

    /// Absent fields keep their value. Without a version the change replaces whatever is there.
    ///
    /// # Errors
    /// [`Error::Stale`] where the input names another version than the current one, [`Error::NumberTaken`] where another
    /// country makes a number of the carrier the same as another row's.
    pub async fn update(&self, actor: &Actor, id: &CarrierId, input: &CarrierInput) -> Result<CarrierView> {
        actor.require(Action::UpdateCarrier)?;
        let input = (id.clone(), input.clone());
        self.context.transact(Some(actor), input, |uow, (id, input)| Box::pin(update(uow, id, input))).await
    }

    /// Deletes the carrier and its numbers; the reconciler removes its trunks and rules.
    pub async fn delete(&self, actor: &Actor, id: &CarrierId) -> Result<()> {
        actor.require(Action::DeleteCarrier)?;
        self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(delete(uow, id))).await
    }

    /// Syncs now, and waits for the end up to [`crate::Timing::wait_limit`]: the carrier as it is then, perhaps still `pending`.
    ///
    /// # Errors
    /// [`Error::SyncFailed`] where LiveKit refused or did not answer.
    pub async fn sync(&self, actor: &Actor, id: &CarrierId) -> Result<CarrierView> {
        actor.require(Action::SyncCarrier)?;
        let mut changes = self.context.events.subscribe();
        self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(request_sync(uow, id))).await?;
        self.applied(actor, id, &mut changes).await
    }

    /// Waits for the end of a requested sync; `changes` was subscribed before the request.
    pub(crate) async fn applied(
        &self,
        actor: &Actor,
        id: &CarrierId,
        changes: &mut Receiver<Change>,
    ) -> Result<CarrierView> {
        self.sync_end(&actor.account_id, id, changes).await?;
        let carrier = self.get(actor, id).await?;
        match (carrier.lk_sync_status, &carrier.lk_sync_error) {
            // Pending with an error: LiveKit did not answer.
            (SyncStatus::Error, _) | (SyncStatus::Pending, Some(_)) => Err(Error::SyncFailed(Box::new(carrier))),
            _ => Ok(carrier),
        }
    }

    /// As [`Self::applied`], without reading the carrier's numbers: the state at the end, or the pending one when the time is
    /// up.
    pub(crate) async fn sync_end(
        &self,
        account: &AccountId,
        id: &CarrierId,
        changes: &mut Receiver<Change>,
    ) -> Result<SyncState> {
        let deadline = Instant::now() + self.context.timing.wait_limit;
        loop {
            let sync = load(&mut self.context.store.read().await?, account, id).await?.sync;
            let is_pending = sync.status == SyncStatus::Pending && sync.error.is_none();
            if !is_pending || Instant::now() >= deadline {
                return Ok(sync);
            }
            // The carrier is also read again where no event came: another server's may be late.
            let _ = timeout(SYNC_POLL, concerned(id, changes)).await;
        }
    }
}

/// Returns after the next event that may concern the carrier.
async fn concerned(id: &CarrierId, changes: &mut Receiver<Change>) {
    loop {
        match changes.recv().await {
            Ok(change) if !concerns(&change, id) => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn concerns(change: &Change, id: &CarrierId) -> bool {
    change.noun == ChangedNoun::All || (change.noun == ChangedNoun::Carrier && change.id == id.as_str())
}

async fn create(uow: &mut UnitOfWork, settings: &CarrierSettings) -> Result<CarrierView> {
    let carrier = insert(uow, settings).await?;
    uow.request_sync(&carrier.id, carrier.settings.name.as_str()).await?;
    let carrier = load(&mut uow.tx, &uow.account, &carrier.id).await?;
    view(&mut uow.tx, &carrier).await
}

/// Adds a carrier, with its audit entry and event. What it has to have in LiveKit is requested by the caller.
pub(crate) async fn insert(uow: &mut UnitOfWork, settings: &CarrierSettings) -> Result<Carrier> {
    let now = uow.now();
    let carrier = Carrier {
        id: CarrierId::new(uow.ulid()),
        account_id: uow.account.clone(),
        settings: settings.clone(),
        sync: SyncState::default(),
        created_by: uow.user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    uow.tx.insert_carrier(&carrier).await?;
    audit(uow, &carrier, AuditAction::Created, (None, Some(CarrierSnapshot::new(&carrier)))).await?;
    uow.publish(ChangedNoun::Carrier, ChangeKind::Created, &carrier.id);
    Ok(carrier)
}

async fn update(uow: &mut UnitOfWork, id: &CarrierId, input: &CarrierInput) -> Result<CarrierView> {
    let expected = input.version()?;
    let current = load(&mut uow.tx, &uow.account, id).await?;
    if expected.is_some_and(|expected| expected != current.version) {
        return Err(Error::stale(view(&mut uow.tx, &current).await?));
    }
    let settings = input.parse(Some(&current.settings))?;
    provider::refuse_pattern(&settings.sip_address)?;
    if settings == current.settings {
        return view(&mut uow.tx, &current).await;
    }
    let updated = save(uow, current, settings).await?;
    saved(uow, &updated).await
}

/// Writes changed settings, with their audit entry.
pub(crate) async fn save(uow: &mut UnitOfWork, current: Carrier, settings: CarrierSettings) -> Result<Carrier> {
    let updated = Carrier { settings, updated_at: uow.now(), version: current.version + 1, ..current.clone() };
    if !uow.tx.update_carrier(&updated).await? {
        return Err(Error::ConcurrentChange);
    }
    if updated.settings.destination_country != current.settings.destination_country {
        reparse_numbers(&mut uow.tx, &updated).await?;
        uow.publish(ChangedNoun::Did, ChangeKind::Updated, &updated.id);
    }
    let change = (Some(CarrierSnapshot::new(&current)), Some(CarrierSnapshot::updated(&current, &updated)));
    audit(uow, &updated, AuditAction::Updated, change).await?;
    Ok(updated)
}

pub(crate) async fn delete(uow: &mut UnitOfWork, id: &CarrierId) -> Result<()> {
    let carrier = load(&mut uow.tx, &uow.account, id).await?;
    object::require_unused(uow, id.as_str(), "carrier").await?;
    let dids = uow.tx.dids_of(std::slice::from_ref(id)).await?;
    let edge_objects = object::of_carrier(uow, id).await?;
    if !uow.tx.delete_carrier(&uow.account, id).await? {
        return Err(Error::NotFound("carrier"));
    }
    object::deleted_with_dids(uow, &edge_objects).await?;
    uow.request_removal(id, carrier.settings.name.as_str()).await?;
    let before = CarrierSnapshot::deleted(&carrier, &dids);
    audit(uow, &carrier, AuditAction::Deleted, (Some(before), None)).await?;
    uow.publish(ChangedNoun::Carrier, ChangeKind::Deleted, id);
    Ok(())
}

async fn request_sync(uow: &mut UnitOfWork, id: &CarrierId) -> Result<()> {
    let carrier = load(&mut uow.tx, &uow.account, id).await?;
    uow.request_full_sync(id, carrier.settings.name.as_str()).await?;
    uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, id);
    Ok(())
}

/// Requests the sync of a carrier that was changed; answers how it is now.
async fn saved(uow: &mut UnitOfWork, carrier: &Carrier) -> Result<CarrierView> {
    uow.request_sync(&carrier.id, carrier.settings.name.as_str()).await?;
    uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, &carrier.id);
    let carrier = load(&mut uow.tx, &uow.account, &carrier.id).await?;
    view(&mut uow.tx, &carrier).await
}

async fn audit(
    uow: &mut UnitOfWork,
    carrier: &Carrier,
    action: AuditAction,
    (before, after): (Option<CarrierSnapshot>, Option<CarrierSnapshot>),
) -> Result<()> {
    let (subject_id, subject_name) = (carrier.id.as_str(), carrier.settings.name.as_str());
    uow.audit(Entry { action, subject_id, subject_name, before, after }).await
}

pub(crate) async fn load(tx: &mut Tx, account: &AccountId, id: &CarrierId) -> Result<Carrier> {
    tx.carrier(account, id).await?.ok_or(Error::NotFound("carrier"))
}

async fn view(tx: &mut Tx, carrier: &Carrier) -> Result<CarrierView> {
    let dids = tx.dids_of(std::slice::from_ref(&carrier.id)).await?;
    let count = i64::try_from(dids.len()).unwrap_or(i64::MAX);
    Ok(CarrierView::new(carrier, &dids, count))
}

fn filter(query: &CarrierQuery) -> Result<CarrierFilter> {
    let fault = |field, code, message: &str| Error::field(field, FieldFault::new(code, message));
    let (sort, descending) = CarrierSort::parse(&query.sort).ok_or_else(|| {
        let known = CarrierSort::iter().map(CarrierSort::as_str).collect::<Vec<_>>().join(", ");
        fault("sort", "unknown_sort", &format!("Sort by one of {known}; put - in front for the reverse order."))
    })?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(fault("limit", "out_of_range", &format!("The limit is a whole number from 1 to {MAX_LIMIT}.")));
    }
    let q = search(&query.q).map_err(|error| Error::field("q", error))?;
    let attention = match query.attention.trim() {
        "" => None,
        text => Some(text.parse().map_err(|error| Error::field("attention", error))?),
    };
    let filter = CarrierFilter { q, number_keys: Vec::new(), attention, sort, descending, limit, after: None };
    let bad_cursor =
        || fault("cursor", "bad_cursor", "Use next_cursor of a response with the same sort, or leave it out.");
    let after = match query.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
        None => None,
        Some(text) => {
            let cursor = Cursor::decode(text).map_err(|_| bad_cursor())?;
            Some(filter.accepts(cursor).ok_or_else(bad_cursor)?)
        }
    };
    Ok(CarrierFilter { after, ..filter })
}

/// A local number depends on the carrier's country: after that has changed, each one is parsed again.
async fn reparse_numbers(tx: &mut Tx, carrier: &Carrier) -> Result<()> {
    for did in tx.dids_of(std::slice::from_ref(&carrier.id)).await? {
        let Ok(number) = PhoneNumber::parse(did.number.number(), carrier.settings.destination_country) else {
            // Its meaning in the new country is not certain: it stays as it was stored, and is shown as incomplete.
            continue;
        };
        if number == did.number {
            continue;
        }
        if let Some(owner) = tx.did_by_number(&carrier.account_id, &number).await?
            && owner.id != did.id
        {
            return Err(did::taken(tx, carrier, &number, "destination_country").await?);
        }
        tx.renumber_did(&did.id, &number).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::sync::broadcast;

    use super::*;

    #[tokio::test]
    async fn events_of_other_rows_are_skipped() {
        let id: CarrierId = "car_01hgw2bbg00000000000000000".parse().unwrap();
        let (sender, mut changes) = broadcast::channel(8);
        let event = |noun, id: &str| {
            sender.send(Change { noun, kind: ChangeKind::Synced, id: id.to_owned() }).unwrap();
        };
        event(ChangedNoun::Carrier, "car_01hgw2bbg00000000000000001");
        event(ChangedNoun::Bot, id.as_str());
        assert!(timeout(Duration::from_millis(50), concerned(&id, &mut changes)).await.is_err());
        for noun in [ChangedNoun::Carrier, ChangedNoun::All] {
            event(noun, id.as_str());
            assert!(timeout(Duration::from_millis(50), concerned(&id, &mut changes)).await.is_ok(), "{noun:?}");
        }
        // Missed events may have been the carrier's.
        for _ in 0..9 {
            event(ChangedNoun::Bot, "");
        }
        assert!(timeout(Duration::from_millis(50), concerned(&id, &mut changes)).await.is_ok());
    }
}
