//! Calls: list, read, retention; and what changes them.

mod handover;
mod outbound;
mod replay;
mod upkeep;
mod webhook;

use std::sync::Arc;

use api_types::{
    input::{CallQuery, CallSettingsInput},
    view::{CallDetail, CallFilters, CallPage, CallSettings, ChangeKind, ChangedNoun},
};
use domain::{
    Action, AuditAction, Call, CallEvent, CallEventKind, CallFilter, CallId, Carrier, CarrierSort, EventId, FieldFault,
    NamedId, Timestamp,
};
use store::{CarrierFilter, Cursor, Tx};

pub(crate) use self::outbound::{Accepted, Dialout, accepted, answer_lost, open, refused};
pub use self::{handover::HandoverError, upkeep::CallUpkeep};
use crate::{
    Actor, Error, FleetServers, Result,
    context::Context,
    number_keys::possible_keys,
    unit_of_work::{Entry, UnitOfWork},
};

/// Name of the setting with the retention in days.
const RETENTION: &str = "call_retention_days";
/// Carriers that the page of calls offers to filter by.
const FILTER_CARRIERS: u32 = 200;
/// How many days a call is kept where nothing else is set.
const DEFAULT_RETENTION_DAYS: u32 = 90;

/// Use cases of calls.
#[derive(Clone)]
pub struct Calls {
    context: Arc<Context>,
    fleet_servers: FleetServers,
}

impl Calls {
    pub(crate) fn new(context: Arc<Context>, fleet_servers: FleetServers) -> Self {
        Self { context, fleet_servers }
    }

    /// A page of calls, the newest first.
    pub async fn list(&self, actor: &Actor, query: &CallQuery) -> Result<CallPage> {
        actor.require(Action::ReadCalls)?;
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
        let keys = number_keys(&mut tx, actor, &filter).await?;
        let page = tx.calls(account, &filter, &keys, after.as_ref()).await?;
        Ok(CallPage {
            items: page.calls.iter().map(Into::into).collect(),
            next_cursor: page.next.map(|cursor| cursor.encode()),
            searched_to: page.searched_to,
        })
    }

    /// One call with its history.
    pub async fn get(&self, actor: &Actor, id: &CallId) -> Result<CallDetail> {
        actor.require(Action::ReadCalls)?;
        let mut tx = self.context.store.read().await?;
        let call = tx.call(&actor.account_id, id).await?.ok_or(Error::NotFound("call"))?;
        let events = tx.call_events(id).await?;
        let carrier = call.carrier.as_ref().map(|carrier| carrier.id.to_string());
        let bot = call.bot.as_ref().map(|bot| bot.id.to_string());
        let ids: Vec<String> = [&carrier, &bot].into_iter().flatten().cloned().collect();
        let present = tx.present(&actor.account_id, &ids).await?;
        let exists = |id: Option<String>| id.is_some_and(|id| present.contains_key(&id));
        Ok(CallDetail::new(&call, &events, (exists(carrier), exists(bot))))
    }

    /// What the page of calls offers to filter by.
    pub async fn filters(&self, actor: &Actor) -> Result<CallFilters> {
        actor.require(Action::ReadCalls)?;
        let filter = CarrierFilter {
            q: String::new(),
            number_keys: Vec::new(),
            attention: None,
            sort: CarrierSort::Name,
            descending: false,
            limit: FILTER_CARRIERS,
            after: None,
        };
        let mut tx = self.context.store.read().await?;
        let (carriers, _) = tx.carriers(&actor.account_id, &filter).await?;
        let mut bots = tx.bots(&actor.account_id).await?;
        bots.sort_by_key(|bot| bot.settings.name.as_str().to_lowercase());
        let carrier =
            |(carrier, _): (Carrier, i64)| NamedId { id: carrier.id, name: carrier.settings.name.to_string() };
        Ok(CallFilters {
            carriers: carriers.into_iter().map(carrier).collect(),
            bots: bots.into_iter().map(|bot| NamedId { id: bot.id, name: bot.settings.name.to_string() }).collect(),
        })
    }

    /// The settings of calls.
    pub async fn settings(&self, actor: &Actor) -> Result<CallSettings> {
        actor.require(Action::ReadCalls)?;
        Ok(settings(&mut self.context.store.read().await?).await?)
    }

    /// An absent field keeps its value.
    pub async fn update_settings(&self, actor: &Actor, input: &CallSettingsInput) -> Result<CallSettings> {
        actor.require(Action::UpdateCallSettings)?;
        let days = input.parse()?;
        self.context.transact(Some(actor), days, |uow, days| Box::pin(update_settings(uow, *days))).await
    }
}

fn cursor(text: &str) -> Result<Option<Cursor>, FieldFault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let cursor = Cursor::decode(text.trim()).ok().and_then(Cursor::for_calls);
    let message = "Use next_cursor of a response of this address, or leave it out.";
    cursor.map(Some).ok_or_else(|| FieldFault::new("bad_cursor", message))
}

/// What the filter's number may be stored as: the number of a call is read in its carrier's country.
async fn number_keys(tx: &mut Tx, actor: &Actor, filter: &CallFilter) -> Result<Vec<String>> {
    if filter.number.is_empty() {
        return Ok(Vec::new());
    }
    let countries = tx.carrier_countries(&actor.account_id).await?;
    let mut keys = possible_keys(&filter.number, &countries);
    // A caller without a phone number, such as anonymous.
    keys.insert(filter.number.to_lowercase());
    Ok(keys.into_iter().collect())
}

async fn settings(tx: &mut Tx) -> store::Result<CallSettings> {
    let stored = tx.setting(RETENTION).await?.and_then(|days| days.parse().ok());
    Ok(CallSettings { retention_days: stored.unwrap_or(DEFAULT_RETENTION_DAYS) })
}

async fn update_settings(uow: &mut UnitOfWork, days: Option<u32>) -> Result<CallSettings> {
    let before = settings(&mut uow.tx).await?;
    let after = CallSettings { retention_days: days.unwrap_or(before.retention_days) };
    if after == before {
        return Ok(before);
    }
    uow.tx.set_setting(RETENTION, &after.retention_days.to_string()).await?;
    uow.audit(Entry {
        action: AuditAction::Updated,
        subject_id: RETENTION,
        subject_name: "Calls",
        before: Some(before),
        after: Some(after.clone()),
    })
    .await?;
    Ok(after)
}

/// Adds an entry to a call's history.
pub(crate) async fn add_event(
    uow: &mut UnitOfWork,
    call: &Call,
    at: Timestamp,
    kind: CallEventKind,
    detail: &str,
) -> Result<()> {
    let event =
        CallEvent { id: EventId::new(uow.ulid()), call_id: call.id.clone(), at, kind, detail: detail.to_owned() };
    Ok(uow.tx.insert_call_event(&event).await?)
}

/// Saves a call that has changed, and publishes that.
pub(crate) async fn save(uow: &mut UnitOfWork, call: &Call, kind: ChangeKind) -> Result<()> {
    uow.tx.save_call(call).await?;
    uow.publish(ChangedNoun::Call, kind, &call.id);
    Ok(())
}
