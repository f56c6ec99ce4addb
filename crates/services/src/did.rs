//! Phone numbers of a carrier: add, update, remove.

use std::sync::Arc;

use api_types::{
    input::DidInput,
    view::{ChangeKind, ChangedNoun, DidView},
};
use domain::{AuditAction, Carrier, CarrierId, Did, DidId, DidSettings, FieldFault, PhoneNumber, Role};
use serde_json::Value;
use store::Tx;

use crate::{Actor, Error, Result, audit::Entry, carrier, context::Context};

#[derive(Clone)]
pub struct Dids {
    context: Arc<Context>,
}

impl Dids {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    pub async fn add(&self, actor: &Actor, carrier_id: &CarrierId, input: &DidInput) -> Result<DidView> {
        actor.require(Role::Developer)?;
        let mut tx = self.context.store.write().await?;
        let carrier = carrier::find(&mut tx, actor, carrier_id).await?;
        let (number, settings) = input.parse_new(carrier.settings.destination_country)?;
        check_bot(&mut tx, actor, &settings).await?;
        let did = insert(&self.context, &mut tx, actor, &carrier, number, settings).await?;
        commit(&self.context, tx, actor, &carrier).await?;
        Ok(DidView::from(&did))
    }

    pub async fn update(&self, actor: &Actor, carrier_id: &CarrierId, id: &DidId, input: &DidInput) -> Result<DidView> {
        actor.require(Role::Developer)?;
        let expected = input.version()?;
        loop {
            let mut tx = self.context.store.write().await?;
            let carrier = carrier::find(&mut tx, actor, carrier_id).await?;
            let current = tx.did(carrier_id, id).await?.ok_or(Error::NotFound("number"))?;
            if expected.is_some_and(|expected| expected != current.version) {
                return Err(Error::Stale(record(&current)));
            }
            let country = carrier.settings.destination_country;
            let settings = input.parse_update(&current.number, &current.settings, country)?;
            if settings == current.settings {
                return Ok(DidView::from(&current));
            }
            check_bot(&mut tx, actor, &settings).await?;
            let updated =
                Did { settings, updated_at: self.context.clock.now(), version: current.version + 1, ..current.clone() };
            if !tx.update_did(&updated).await? {
                // Somebody was faster between our read and our write: look again.
                continue;
            }
            let change = (Some(record(&current)), Some(record(&updated)));
            self.committed(tx, actor, &carrier, &updated, AuditAction::Updated, change).await?;
            return Ok(DidView::from(&updated));
        }
    }

    pub async fn remove(&self, actor: &Actor, carrier_id: &CarrierId, id: &DidId) -> Result<()> {
        actor.require(Role::Developer)?;
        let mut tx = self.context.store.write().await?;
        let carrier = carrier::find(&mut tx, actor, carrier_id).await?;
        let did = tx.did(carrier_id, id).await?.ok_or(Error::NotFound("number"))?;
        if !tx.delete_did(&did).await? {
            return Err(Error::NotFound("number"));
        }
        let change = (Some(record(&did)), None);
        self.committed(tx, actor, &carrier, &did, AuditAction::Deleted, change).await
    }

    /// The end of a change of one number.
    async fn committed(
        &self,
        mut tx: Tx,
        actor: &Actor,
        carrier: &Carrier,
        did: &Did,
        action: AuditAction,
        change: (Option<Value>, Option<Value>),
    ) -> Result<()> {
        audit(&self.context, &mut tx, actor, did, action, change).await?;
        commit(&self.context, tx, actor, carrier).await
    }
}

/// A new number of the carrier with its audit event; [`commit`] ends what may be many.
pub(crate) async fn insert(
    context: &Context,
    tx: &mut Tx,
    actor: &Actor,
    carrier: &Carrier,
    number: PhoneNumber,
    settings: DidSettings,
) -> Result<Did> {
    let now = context.clock.now();
    let did = Did {
        id: DidId::new(context.clock.ulid()),
        account_id: actor.account_id.clone(),
        carrier_id: carrier.id.clone(),
        number,
        settings,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    if !tx.insert_did(&did).await? {
        return Err(taken(tx, &did).await?);
    }
    audit(context, tx, actor, &did, AuditAction::Created, (None, Some(record(&did)))).await?;
    Ok(did)
}

/// The end of every change of a carrier's numbers: sync asked for, committed, told.
pub(crate) async fn commit(context: &Context, mut tx: Tx, actor: &Actor, carrier: &Carrier) -> Result<()> {
    let name = carrier.settings.name.as_str();
    tx.request_sync(&actor.account_id, &carrier.id, name, context.clock.now()).await?;
    tx.commit().await?;
    context.events.publish(ChangedNoun::Carrier, ChangeKind::Updated, &carrier.id);
    context.sync_notify.notify_one();
    Ok(())
}

async fn audit(
    context: &Context,
    tx: &mut Tx,
    actor: &Actor,
    did: &Did,
    action: AuditAction,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<()> {
    let (subject_id, subject_name) = (did.id.as_str(), did.number.number());
    context.audit(tx, Some(actor), Entry { action, subject_id, subject_name, before, after }).await
}

pub(crate) async fn check_bot(tx: &mut Tx, actor: &Actor, settings: &DidSettings) -> Result<()> {
    let Some(bot_id) = &settings.bot_id else { return Ok(()) };
    match tx.bot(&actor.account_id, bot_id).await? {
        Some(_) => Ok(()),
        None => Err(Error::field("bot_id", FieldFault::new("unknown_bot", "That bot is gone. Choose another one."))),
    }
}

pub(crate) async fn taken(tx: &mut Tx, did: &Did) -> Result<Error> {
    let holder = tx.did_by_number(&did.account_id, &did.number).await?.map(|holder| holder.carrier_id);
    let names = tx.carrier_names(holder.as_slice()).await?;
    let here = holder.as_ref() == Some(&did.carrier_id);
    // Gone again by now: the number is free, and the next try takes it.
    let (carrier_id, carrier_name) = holder
        .and_then(|id| names.get(&id).map(|name| (id.to_string(), name.clone())))
        .unwrap_or_else(|| (String::new(), "another carrier".to_owned()));
    let number = did.number.canonical().to_owned();
    Ok(Error::NumberTaken { number, carrier_id, carrier_name, here, field: "number" })
}

pub(crate) fn record(did: &Did) -> Value {
    serde_json::to_value(DidView::from(did)).unwrap_or_default()
}
