//! Phone numbers of a carrier: add, update, remove.

use std::sync::Arc;

use api_types::{
    input::{AccountDidBulkInput, AccountDidQuery, DidBulkInput, DidInput, DidQuery},
    view::{AccountDidPage, AccountDidRow, ChangeKind, ChangedNoun, DidBulkResult, DidPage, DidRow, DidView},
};
use domain::{
    AccountDidFilter, AccountId, Action, AuditAction, Carrier, CarrierId, Did, DidFilter, DidId, DidSettings,
    FieldFault, PhoneNumber,
};
use store::{AccountDid, AccountDidSearch, Cursor, DidSearch, Tx};

use crate::{
    Actor, Error, Result, carrier,
    context::Context,
    did_bulk,
    edge::object,
    number_keys::{possible_keys, sync_guessing_carriers},
    snapshot::DidSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// Use cases of DIDs.
#[derive(Clone)]
pub struct Dids {
    context: Arc<Context>,
}

impl Dids {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// A page of the carrier's numbers that match the query. What is not on the page is not read, except by a search.
    pub async fn page(&self, actor: &Actor, carrier_id: &CarrierId, query: &DidQuery) -> Result<DidPage> {
        actor.require(Action::ReadDids)?;
        let filter = query.parse()?;
        let after = cursor(&query.cursor, &filter).map_err(|fault| Error::field("cursor", fault))?;
        let mut tx = self.context.store.read().await?;
        let (carrier, carrier_total) =
            tx.counted_carrier(&actor.account_id, carrier_id).await?.ok_or(Error::NotFound("carrier"))?;
        let search = search(&carrier, filter);
        let found = tx.did_page(&search, after.as_ref()).await?;
        let total = if search.filter.matches_all() { carrier_total } else { tx.count_dids(&search).await? };
        let row = |(did, bot_name): (Did, Option<String>)| DidRow { did: DidView::from(&did), bot_name };
        Ok(DidPage {
            items: found.dids.into_iter().map(row).collect(),
            next_cursor: found.next.map(|cursor| cursor.encode()),
            total,
            carrier_total,
        })
    }

    /// A page of the account's numbers that match the query, on whichever carrier.
    pub async fn list(&self, actor: &Actor, query: &AccountDidQuery) -> Result<AccountDidPage> {
        actor.require(Action::ReadDids)?;
        let filter = query.parse()?;
        let after = cursor(&query.cursor, &filter.did).map_err(|fault| Error::field("cursor", fault))?;
        let mut tx = self.context.store.read().await?;
        let search = account_search(&mut tx, &actor.account_id, filter).await?;
        let found = tx.account_did_page(&search, after.as_ref()).await?;
        let account_total = tx.totals(&actor.account_id).await?.numbers;
        let total = if search.filter.matches_all() { account_total } else { tx.count_account_dids(&search).await? };
        let row = |AccountDid { did, bot_name, carrier_name, provider, sync_status }| AccountDidRow {
            row: DidRow { did: DidView::from(&did), bot_name },
            carrier_name,
            provider,
            lk_sync_status: sync_status,
        };
        Ok(AccountDidPage {
            items: found.dids.into_iter().map(row).collect(),
            next_cursor: found.next.map(|cursor| cursor.encode()),
            total,
            account_total,
        })
    }

    /// As [`Self::bulk`], for numbers of any carriers.
    ///
    /// # Errors
    /// [`Error::StaleSelection`] where another count of numbers matches the filter than the input expects.
    pub async fn bulk_of_account(&self, actor: &Actor, input: &AccountDidBulkInput) -> Result<DidBulkResult> {
        actor.require(Action::UpdateDid)?;
        let bulk = input.parse()?;
        self.context.transact(Some(actor), bulk, |uow, bulk| Box::pin(did_bulk::change_of_account(uow, bulk))).await
    }

    /// One of the carrier's numbers.
    pub async fn get(&self, actor: &Actor, carrier_id: &CarrierId, id: &DidId) -> Result<DidView> {
        actor.require(Action::ReadDids)?;
        let mut tx = self.context.store.read().await?;
        carrier::load(&mut tx, &actor.account_id, carrier_id).await?;
        let did = tx.did(carrier_id, id).await?.ok_or(Error::NotFound("number"))?;
        Ok(DidView::from(&did))
    }

    /// Adds a number to the carrier.
    ///
    /// # Errors
    /// [`Error::NumberTaken`] where a carrier of the account has it, in any spelling.
    pub async fn add(&self, actor: &Actor, carrier_id: &CarrierId, input: &DidInput) -> Result<DidView> {
        actor.require(Action::CreateDid)?;
        let input = (carrier_id.clone(), input.clone());
        self.context.transact(Some(actor), input, |uow, (carrier, input)| Box::pin(add(uow, carrier, input))).await
    }

    /// Absent fields keep their value.
    ///
    /// # Errors
    /// [`Error::Stale`] where the input names another version than the current one.
    pub async fn update(&self, actor: &Actor, carrier_id: &CarrierId, id: &DidId, input: &DidInput) -> Result<DidView> {
        actor.require(Action::UpdateDid)?;
        let input = (carrier_id.clone(), id.clone(), input.clone());
        self.context
            .transact(Some(actor), input, |uow, (carrier, id, input)| Box::pin(update(uow, carrier, id, input)))
            .await
    }

    /// Removes the number; LiveKit follows.
    pub async fn remove(&self, actor: &Actor, carrier_id: &CarrierId, id: &DidId) -> Result<()> {
        actor.require(Action::DeleteDid)?;
        let input = (carrier_id.clone(), id.clone());
        self.context.transact(Some(actor), input, |uow, (carrier, id)| Box::pin(remove(uow, carrier, id))).await
    }

    /// Assigns a bot to many of the carrier's numbers, sets their direction or removes them, in one unit of work. Numbers
    /// that cannot be changed are skipped.
    ///
    /// # Errors
    /// [`Error::StaleSelection`] where another count of numbers matches the filter than the input expects.
    pub async fn bulk(&self, actor: &Actor, carrier_id: &CarrierId, input: &DidBulkInput) -> Result<DidBulkResult> {
        actor.require(Action::UpdateDid)?;
        let input = (carrier_id.clone(), input.parse()?);
        self.context
            .transact(Some(actor), input, |uow, (carrier, bulk)| Box::pin(did_bulk::change(uow, carrier, bulk)))
            .await
    }
}

fn cursor(text: &str, filter: &DidFilter) -> Result<Option<Cursor>, FieldFault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let cursor = Cursor::decode(text).ok().and_then(|cursor| cursor.for_dids(filter));
    let message = "Take next_cursor from a response with the same sort, or leave it out.";
    cursor.map(Some).ok_or_else(|| FieldFault::new("bad_cursor", message))
}

/// The filter, for the carrier's numbers.
pub(crate) fn search(carrier: &Carrier, filter: DidFilter) -> DidSearch {
    let country = carrier.settings.destination_country;
    let number_keys = possible_keys(&filter.q, country.as_slice()).into_iter().collect();
    DidSearch { carrier_id: carrier.id.clone(), filter, number_keys }
}

/// The filter, for the account's numbers.
pub(crate) async fn account_search(
    tx: &mut Tx,
    account: &AccountId,
    filter: AccountDidFilter,
) -> Result<AccountDidSearch> {
    let countries = tx.carrier_countries(account).await?;
    let number_keys = possible_keys(&filter.did.q, &countries).into_iter().collect();
    Ok(AccountDidSearch { account_id: account.clone(), filter, number_keys })
}

async fn add(uow: &mut UnitOfWork, carrier_id: &CarrierId, input: &DidInput) -> Result<DidView> {
    let carrier = carrier::load(&mut uow.tx, &uow.account, carrier_id).await?;
    let (number, settings) = input.parse_new(carrier.settings.destination_country)?;
    check_bot(&mut uow.tx, &uow.account, &settings).await?;
    let did = insert(uow, &carrier, number, settings).await?;
    added(uow, &carrier, &did).await?;
    Ok(DidView::from(&did))
}

async fn update(uow: &mut UnitOfWork, carrier_id: &CarrierId, id: &DidId, input: &DidInput) -> Result<DidView> {
    let expected = input.version()?;
    let carrier = carrier::load(&mut uow.tx, &uow.account, carrier_id).await?;
    let current = uow.tx.did(carrier_id, id).await?.ok_or(Error::NotFound("number"))?;
    if expected.is_some_and(|expected| expected != current.version) {
        return Err(Error::stale(DidView::from(&current)));
    }
    let country = carrier.settings.destination_country;
    let settings = input.parse_update(&current.number, &current.settings, country)?;
    if settings == current.settings {
        return Ok(DidView::from(&current));
    }
    check_bot(&mut uow.tx, &uow.account, &settings).await?;
    let updated = save(uow, current, settings).await?;
    changed(uow, &carrier, &updated).await?;
    Ok(DidView::from(&updated))
}

/// Writes changed settings, with their audit entry; [`changed`] follows. Nothing where they are the same.
pub(crate) async fn save(uow: &mut UnitOfWork, current: Did, settings: DidSettings) -> Result<Did> {
    if settings == current.settings {
        return Ok(current);
    }
    let updated = Did { settings, updated_at: uow.now(), version: current.version + 1, ..current.clone() };
    if !uow.tx.update_did(&updated).await? {
        return Err(Error::ConcurrentChange);
    }
    let change = (Some(DidSnapshot::new(&current)), Some(DidSnapshot::new(&updated)));
    audit(uow, &updated, AuditAction::Updated, change).await?;
    Ok(updated)
}

async fn remove(uow: &mut UnitOfWork, carrier_id: &CarrierId, id: &DidId) -> Result<()> {
    let carrier = carrier::load(&mut uow.tx, &uow.account, carrier_id).await?;
    let did = uow.tx.did(carrier_id, id).await?.ok_or(Error::NotFound("number"))?;
    delete(uow, &carrier, &did).await
}

/// Deletes a number of the carrier, with its audit entry and events.
pub(crate) async fn delete(uow: &mut UnitOfWork, carrier: &Carrier, did: &Did) -> Result<()> {
    let edge_objects = uow.tx.edge_objects_of_did(&did.id).await?;
    if !uow.tx.delete_did(did).await? {
        return Err(Error::NotFound("number"));
    }
    audit(uow, did, AuditAction::Deleted, (Some(DidSnapshot::new(did)), None)).await?;
    object::deleted_with_dids(uow, &edge_objects).await?;
    sync_guessing_carriers(uow, carrier, &[&did.number]).await?;
    uow.publish(ChangedNoun::Did, ChangeKind::Deleted, &did.id);
    carrier_changed(uow, carrier).await
}

/// Adds a number to the carrier, with its audit entry. [`many_changed`] follows, once for however many are added, or [`added`].
pub(crate) async fn insert(
    uow: &mut UnitOfWork,
    carrier: &Carrier,
    number: PhoneNumber,
    settings: DidSettings,
) -> Result<Did> {
    let now = uow.now();
    let did = Did {
        id: DidId::new(uow.ulid()),
        account_id: uow.account.clone(),
        carrier_id: carrier.id.clone(),
        number,
        settings,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    if !uow.tx.insert_did(&did).await? {
        return Err(taken(&mut uow.tx, carrier, &did.number, "number").await?);
    }
    audit(uow, &did, AuditAction::Created, (None, Some(DidSnapshot::new(&did)))).await?;
    sync_guessing_carriers(uow, carrier, &[&did.number]).await?;
    Ok(did)
}

/// Requests the sync and publishes the events that follow a new number.
pub(crate) async fn added(uow: &mut UnitOfWork, carrier: &Carrier, did: &Did) -> Result<()> {
    uow.publish(ChangedNoun::Did, ChangeKind::Created, &did.id);
    carrier_changed(uow, carrier).await
}

/// Requests the sync and publishes the events that follow a change of one number, or of its carrier.
pub(crate) async fn changed(uow: &mut UnitOfWork, carrier: &Carrier, did: &Did) -> Result<()> {
    uow.publish(ChangedNoun::Did, ChangeKind::Updated, &did.id);
    carrier_changed(uow, carrier).await
}

/// Requests the sync and publishes the events that follow a change of many of the carrier's numbers.
pub(crate) async fn many_changed(uow: &mut UnitOfWork, carrier: &Carrier) -> Result<()> {
    uow.publish(ChangedNoun::Did, ChangeKind::Updated, &carrier.id);
    carrier_changed(uow, carrier).await
}

async fn carrier_changed(uow: &mut UnitOfWork, carrier: &Carrier) -> Result<()> {
    uow.request_sync(&carrier.id, carrier.settings.name.as_str()).await?;
    uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, &carrier.id);
    Ok(())
}

pub(crate) async fn audit(
    uow: &mut UnitOfWork,
    did: &Did,
    action: AuditAction,
    (before, after): (Option<DidSnapshot>, Option<DidSnapshot>),
) -> Result<()> {
    let (subject_id, subject_name) = (did.id.as_str(), did.number.number());
    uow.audit(Entry { action, subject_id, subject_name, before, after }).await
}

/// Fails unless the bot of the settings exists.
pub(crate) async fn check_bot(tx: &mut Tx, account: &AccountId, settings: &DidSettings) -> Result<()> {
    let Some(bot_id) = &settings.bot_id else { return Ok(()) };
    match tx.bot(account, bot_id).await? {
        Some(_) => Ok(()),
        None => Err(Error::field("bot_id", FieldFault::new("unknown_bot", "That bot is gone. Choose another one."))),
    }
}

/// The error that names the carrier which has the number. `carrier` is the one that was to get it, and `field` the input's
/// field at fault.
pub(crate) async fn taken(tx: &mut Tx, carrier: &Carrier, number: &PhoneNumber, field: &'static str) -> Result<Error> {
    let owner = tx.did_by_number(&carrier.account_id, number).await?.map(|owner| owner.carrier_id);
    let owner = tx.carrier_names(owner.as_slice()).await?.pop_first();
    // The number was removed since: the next attempt succeeds.
    let Some((carrier_id, carrier_name)) = owner else { return Ok(Error::ConcurrentChange) };
    let (number, here) = (number.canonical().to_owned(), carrier_id == carrier.id);
    Ok(Error::NumberTaken { number, carrier_id, carrier_name, here, field })
}
