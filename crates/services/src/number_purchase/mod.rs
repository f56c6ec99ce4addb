//! Purchases of phone numbers: request, list, retry, give up. A worker executes them ([`PurchaseWorker`]), step by step, each
//! of which is recorded (docs/decisions/0020-number-purchases.md).

mod seller;
mod steps;
mod worker;

use std::sync::Arc;

use api_types::{
    input::{NumberOrder, NumberPurchaseInput, NumberPurchaseQuery},
    view::{ChangeKind, ChangedNoun, NumberPurchasePage, NumberPurchaseView, NumberView},
};
use domain::{
    Action, AuditAction, Did, FieldFault, NumberPurchase, NumberPurchaseId, PurchaseState, Requester, Timestamp,
};
use store::{Cursor, Key};
use tokio::time::{Instant, timeout};

use self::seller::Seller;
pub use self::worker::PurchaseWorker;
use crate::{
    Actor, Error, Result,
    carrier::SYNC_POLL,
    context::Context,
    did, number,
    number_provider::Providers,
    snapshot::PurchaseSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
/// The order of the list, in its cursors.
const ORDER: &str = "-created_at";

/// Use cases of purchases.
#[derive(Clone)]
pub struct NumberPurchases {
    context: Arc<Context>,
    providers: Providers,
}

/// How a requested purchase ended, or where it is.
#[derive(Debug)]
pub enum PurchaseOutcome {
    /// The number is bought, and LiveKit has it.
    Completed {
        /// The number.
        number: Box<NumberView>,
        /// This request began the purchase; otherwise it joined one that was under way.
        is_new: bool,
    },
    /// It is not finished within the time that a request may take. The worker continues.
    Pending(Box<NumberPurchaseView>),
}

impl NumberPurchases {
    pub(crate) fn new(context: Arc<Context>, providers: Providers) -> Self {
        Self { context, providers }
    }

    pub(crate) fn worker(&self, holder: String) -> PurchaseWorker {
        PurchaseWorker::new(self.context.clone(), self.providers.clone(), holder)
    }

    /// A page of the purchases, the newest first.
    pub async fn list(&self, actor: &Actor, query: &NumberPurchaseQuery) -> Result<NumberPurchasePage> {
        actor.require(Action::ReadNumberPurchases)?;
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            let message = format!("The limit is a whole number from 1 to {MAX_LIMIT}.");
            return Err(Error::field("limit", FieldFault::new("out_of_range", message)));
        }
        let after = query.cursor.as_deref().filter(|cursor| !cursor.is_empty()).map(cursor).transpose()?;
        let mut tx = self.context.store.read().await?;
        let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
        let mut purchases = tx.number_purchases(&actor.account_id, after, limit + 1).await?;
        let has_more = purchases.len() > limit as usize;
        purchases.truncate(limit as usize);
        let next_cursor = purchases.last().filter(|_| has_more).map(|last| {
            let key = Key::Integer(last.created_at.millis());
            Cursor { sort: ORDER.to_owned(), key, id: last.id.to_string() }.encode()
        });
        let total = tx.count_number_purchases(&actor.account_id).await?;
        Ok(NumberPurchasePage { items: purchases.iter().map(Into::into).collect(), next_cursor, total })
    }

    /// One purchase.
    pub async fn get(&self, actor: &Actor, id: &NumberPurchaseId) -> Result<NumberPurchaseView> {
        actor.require(Action::ReadNumberPurchases)?;
        Ok((&self.load(actor, id).await?).into())
    }

    /// Buys the number, and waits for it up to [`crate::Timing::wait_limit`]. A request for a number whose purchase is under
    /// way waits for that one: whoever asks, the number is bought once. The intent is recorded before the provider is asked.
    ///
    /// # Errors
    /// [`Error::NumberOwned`] where a carrier has the number, [`Error::NotConnected`] without the provider's credentials,
    /// [`Error::PurchaseFailed`] where nothing was bought.
    pub async fn buy(&self, actor: &Actor, input: &NumberPurchaseInput) -> Result<PurchaseOutcome> {
        let (purchase, is_new) = self.request(actor, input).await?;
        let mut changes = self.context.events.subscribe();
        let deadline = Instant::now() + self.context.timing.wait_limit;
        loop {
            let purchase = self.load(actor, &purchase.id).await?;
            match (purchase.state, &purchase.did_id) {
                (PurchaseState::Completed, Some(did)) => {
                    let number = self.context.store.read().await?.number(&actor.account_id, did).await?;
                    let number = Box::new(number::view(&number.ok_or(Error::NotFound("number"))?));
                    return Ok(PurchaseOutcome::Completed { number, is_new });
                }
                (PurchaseState::Completed | PurchaseState::Failed | PurchaseState::Released, _) => {
                    return Err(Error::PurchaseFailed(Box::new((&purchase).into())));
                }
                _ if Instant::now() >= deadline => return Ok(PurchaseOutcome::Pending(Box::new((&purchase).into()))),
                _ => drop(timeout(SYNC_POLL, changes.recv()).await),
            }
        }
    }

    /// Records the intent to buy the number, and has the worker execute it. False: its purchase is under way already.
    ///
    /// # Errors
    /// As [`Self::buy`], but for [`Error::PurchaseFailed`].
    pub async fn request(&self, actor: &Actor, input: &NumberPurchaseInput) -> Result<(NumberPurchaseView, bool)> {
        actor.require(Action::BuyNumber)?;
        let order = input.parse()?;
        let seller = Seller::find(&self.providers, &actor.account_id, order.provider).await?;
        seller.require_sip_host()?;
        let work = (order, seller.provider_account().to_owned(), actor.requester());
        let (purchase, is_new) = self
            .context
            .transact(Some(actor), work, |uow, (order, provider_account, requester)| {
                Box::pin(record(uow, order, provider_account, requester))
            })
            .await?;
        self.context.purchase_notify.notify_one();
        Ok(((&purchase).into(), is_new))
    }

    /// The next attempt is due at once.
    ///
    /// # Errors
    /// [`Error::PurchaseEnded`] where nothing is left to do.
    pub async fn retry(&self, actor: &Actor, id: &NumberPurchaseId) -> Result<NumberPurchaseView> {
        actor.require(Action::BuyNumber)?;
        let purchase = self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(retry(uow, id))).await?;
        self.context.purchase_notify.notify_one();
        Ok((&purchase).into())
    }

    /// Ends a purchase that does not proceed. What was bought is released at the provider, and its DID is deleted.
    ///
    /// # Errors
    /// [`Error::PurchaseEnded`] where it cannot be given up any more.
    pub async fn give_up(&self, actor: &Actor, id: &NumberPurchaseId) -> Result<NumberPurchaseView> {
        actor.require(Action::BuyNumber)?;
        let purchase = self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(give_up(uow, id))).await?;
        self.context.purchase_notify.notify_one();
        Ok((&purchase).into())
    }

    /// Releases the number of a completed purchase, whose DID was deleted, at its provider.
    ///
    /// # Errors
    /// [`Error::PurchaseEnded`] where the number is not to be released so, [`Error::NumberOwned`] where a carrier has it again.
    pub async fn release(&self, actor: &Actor, id: &NumberPurchaseId) -> Result<NumberPurchaseView> {
        actor.require(Action::BuyNumber)?;
        let purchase =
            self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(release_deleted(uow, id))).await?;
        self.context.purchase_notify.notify_one();
        Ok((&purchase).into())
    }

    /// Ends a release that the provider does not confirm, such as after its account was closed. The provider is not asked.
    ///
    /// # Errors
    /// [`Error::PurchaseEnded`] where no release is under way.
    pub async fn mark_released(&self, actor: &Actor, id: &NumberPurchaseId) -> Result<NumberPurchaseView> {
        actor.require(Action::BuyNumber)?;
        let purchase =
            self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(mark_released(uow, id))).await?;
        Ok((&purchase).into())
    }

    async fn load(&self, actor: &Actor, id: &NumberPurchaseId) -> Result<NumberPurchase> {
        let purchase = self.context.store.read().await?.number_purchase(&actor.account_id, id).await?;
        purchase.ok_or(Error::NotFound("purchase"))
    }
}

fn cursor(text: &str) -> Result<(Timestamp, String)> {
    let fault = || FieldFault::new("bad_cursor", "Take next_cursor from a response, or leave it out.");
    match Cursor::decode(text) {
        Ok(Cursor { sort, key: Key::Integer(millis), id }) if sort == ORDER => Ok((Timestamp::from_millis(millis), id)),
        _ => Err(Error::field("cursor", fault())),
    }
}

async fn record(
    uow: &mut UnitOfWork,
    order: &NumberOrder,
    provider_account: &str,
    requester: &Requester,
) -> Result<(NumberPurchase, bool)> {
    if let Some(active) = uow.tx.active_number_purchase(&uow.account, &order.number).await? {
        return joined(active, order);
    }
    if let Some(did) = uow.tx.did_by_number(&uow.account, &order.number).await? {
        return Err(number_owned(uow, &did).await?);
    }
    if let Some(bot) = &order.bot_id
        && uow.tx.bot(&uow.account, bot).await?.is_none()
    {
        let fault = FieldFault::new("unknown_bot", "That bot is gone. Choose another one.");
        return Err(Error::field("agent_id", fault));
    }
    let now = uow.now();
    let purchase = NumberPurchase {
        id: NumberPurchaseId::new(uow.ulid()),
        account_id: uow.account.clone(),
        number: order.number.clone(),
        provider: order.provider,
        provider_account: provider_account.to_owned(),
        country: order.country,
        label: order.label.clone(),
        bot_id: order.bot_id.clone(),
        requester: requester.clone(),
        state: PurchaseState::Requested,
        buys: 0,
        buy_sent_at: None,
        refusal: None,
        provider_ref: None,
        carrier_id: None,
        did_id: None,
        bought_at: None,
        provisioned_at: None,
        ended_at: None,
        attempt: 0,
        due_at: now,
        fault: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    if !uow.tx.insert_number_purchase(&purchase).await? {
        return Err(Error::ConcurrentChange);
    }
    audit(uow, AuditAction::Created, None, &purchase).await?;
    uow.publish(ChangedNoun::NumberPurchase, ChangeKind::Created, &purchase.id);
    Ok((purchase, true))
}

/// A purchase of the number is under way: of the same provider, the request joins it.
fn joined(active: NumberPurchase, order: &NumberOrder) -> Result<(NumberPurchase, bool)> {
    use PurchaseState::{Releasing, Undoing};
    if active.provider == order.provider && !matches!(active.state, Undoing | Releasing) {
        return Ok((active, false));
    }
    Err(Error::PurchaseUnderWay(Box::new((&active).into())))
}

async fn number_owned(uow: &mut UnitOfWork, did: &Did) -> Result<Error> {
    let names = uow.tx.carrier_names(std::slice::from_ref(&did.carrier_id)).await?;
    // Deleted since: the next attempt succeeds.
    let Some((carrier_id, carrier_name)) = names.into_iter().next() else { return Ok(Error::ConcurrentChange) };
    let number = did.number.canonical().to_owned();
    Ok(Error::NumberOwned { number, sip_id: did.id.clone(), carrier_id, carrier_name })
}

async fn find(uow: &mut UnitOfWork, id: &NumberPurchaseId) -> Result<NumberPurchase> {
    uow.tx.number_purchase(&uow.account, id).await?.ok_or(Error::NotFound("purchase"))
}

async fn retry(uow: &mut UnitOfWork, id: &NumberPurchaseId) -> Result<NumberPurchase> {
    let current = find(uow, id).await?;
    if !current.state.is_active() {
        return Err(Error::PurchaseEnded(Box::new((&current).into())));
    }
    let now = uow.now();
    let next = NumberPurchase { attempt: 0, due_at: now, updated_at: now, ..current };
    write(uow, next).await
}

async fn give_up(uow: &mut UnitOfWork, id: &NumberPurchaseId) -> Result<NumberPurchase> {
    let current = find(uow, id).await?;
    let Some(next) = current.clone().given_up(uow.now()) else {
        return Err(Error::PurchaseEnded(Box::new((&current).into())));
    };
    if let Some(id) = &current.did_id
        && let Some(number) = uow.tx.number(&uow.account, id).await?
        && let Some(carrier) = uow.tx.carrier(&uow.account, &number.did.carrier_id).await?
    {
        did::delete(uow, &carrier, &number.did).await?;
    }
    audit(uow, AuditAction::Updated, Some(&current), &next).await?;
    write(uow, next).await
}

async fn release_deleted(uow: &mut UnitOfWork, id: &NumberPurchaseId) -> Result<NumberPurchase> {
    let current = find(uow, id).await?;
    if !current.can_be_released() {
        return Err(Error::PurchaseEnded(Box::new((&current).into())));
    }
    if let Some(did) = uow.tx.did_by_number(&uow.account, &current.number).await? {
        return Err(number_owned(uow, &did).await?);
    }
    let next = current.clone().moved(PurchaseState::Releasing, uow.now());
    audit(uow, AuditAction::Updated, Some(&current), &next).await?;
    write(uow, next).await
}

async fn mark_released(uow: &mut UnitOfWork, id: &NumberPurchaseId) -> Result<NumberPurchase> {
    let current = find(uow, id).await?;
    let Some(next) = current.clone().marked_released(uow.now()) else {
        return Err(Error::PurchaseEnded(Box::new((&current).into())));
    };
    audit(uow, AuditAction::Updated, Some(&current), &next).await?;
    write(uow, next).await
}

/// Requests the release of a bought number at its provider. Part of the transaction that deletes the DID.
///
/// # Errors
/// [`Error::Invalid`] where the number was not bought here.
pub(crate) async fn release(uow: &mut UnitOfWork, did: &Did) -> Result<()> {
    let purchase = uow.tx.number_purchase_of_did(&uow.account, &did.id).await?;
    let releasable =
        |purchase: &NumberPurchase| matches!(purchase.state, PurchaseState::Completed | PurchaseState::Provisioning);
    let Some(purchase) = purchase.filter(releasable) else {
        let message = "This number was not bought here, so it cannot be released from here. Delete it without `release`, \
                       and release it at its provider.";
        return Err(Error::field("release", FieldFault::new("not_bought_here", message)));
    };
    let next = purchase.clone().moved(PurchaseState::Releasing, uow.now());
    audit(uow, AuditAction::Updated, Some(&purchase), &next).await?;
    write(uow, next).await.map(drop)
}

/// Writes the purchase over the version that was read, and publishes the event.
async fn write(uow: &mut UnitOfWork, next: NumberPurchase) -> Result<NumberPurchase> {
    match uow.tx.update_number_purchase(&next).await {
        Ok(true) => {}
        Ok(false) => return Err(Error::ConcurrentChange),
        Err(error) if error.is_unique_violation() => return Err(Error::ConcurrentChange),
        Err(error) => return Err(error.into()),
    }
    uow.publish(ChangedNoun::NumberPurchase, ChangeKind::Updated, &next.id);
    Ok(NumberPurchase { version: next.version + 1, ..next })
}

async fn audit(
    uow: &mut UnitOfWork,
    action: AuditAction,
    before: Option<&NumberPurchase>,
    after: &NumberPurchase,
) -> Result<()> {
    let entry = Entry {
        action,
        subject_id: after.id.as_str(),
        subject_name: after.number.canonical(),
        before: before.map(PurchaseSnapshot::new),
        after: Some(PurchaseSnapshot::new(after)),
    };
    uow.audit(entry).await
}
