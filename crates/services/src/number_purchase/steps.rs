//! One step of a purchase: what its state asks for, and what follows from the answer.

use std::sync::Arc;

use api_types::{
    Problem,
    view::{ChangeKind, ChangedNoun},
};
use domain::{
    AfterCheck, AuditAction, BuyAnswer, Carrier, Did, DidSettings, NumberPurchase, PurchaseFault, PurchaseState,
    SyncStatus, Timestamp,
};
use number_provider::{Connection, ProviderError};
use tokio::time::{Instant, timeout};

use super::{audit, seller::Seller};
use crate::{
    Error, Result, backoff,
    carrier::SYNC_POLL,
    context::Context,
    did,
    number::{Match, carrier_settings, carrier_with, sources},
    number_provider::Providers,
    unit_of_work::UnitOfWork,
};

/// How long to wait before the provider is asked again whether it has executed a request, in milliseconds.
const CHECK_AGAIN: i64 = 2_000;

/// Executes one step, and records what follows.
///
/// # Errors
/// Of the database, and concurrent changes: the step is repeated. What else fails is recorded.
pub(super) async fn execute(context: &Arc<Context>, providers: &Providers, purchase: NumberPurchase) -> Result<()> {
    let step = match purchase.state {
        PurchaseState::Provisioning => return follow_sync(context, purchase).await,
        PurchaseState::Completed | PurchaseState::Failed | PurchaseState::Released => return Ok(()),
        step => step,
    };
    let seller = match seller(providers, &purchase).await? {
        Ok(seller) => seller,
        Err(fault) => {
            return if step == PurchaseState::Requested {
                end(context, purchase, fault).await
            } else {
                postpone(context, purchase, fault, None).await
            };
        }
    };
    match step {
        PurchaseState::Bought => provision(context, &seller, purchase).await,
        PurchaseState::Releasing => release(context, &seller, purchase).await,
        _ => check(context, &seller, purchase).await,
    }
}

/// The provider as the step needs it, or why the step cannot be executed.
async fn seller(providers: &Providers, purchase: &NumberPurchase) -> Result<Result<Seller, PurchaseFault>> {
    let found = Seller::find(providers, &purchase.account_id, purchase.provider).await.and_then(|seller| {
        let releases = matches!(purchase.state, PurchaseState::Undoing | PurchaseState::Releasing);
        if !releases {
            seller.require_sip_host()?;
        }
        Ok(seller)
    });
    match found {
        Ok(seller) if seller.provider_account() == purchase.provider_account => Ok(Ok(seller)),
        Ok(seller) => {
            let message = format!(
                "The purchase of {} belongs to {}'s account {}, and {} is connected now. Connect that account again under \
                 Integrations.",
                purchase.number.canonical(),
                purchase.provider.name(),
                purchase.provider_account,
                seller.provider_account(),
            );
            Ok(Err(PurchaseFault::new("other_account", message)))
        }
        Err(error) => Ok(Err(step_fault(error)?)),
    }
}

/// Asks whether the account owns the number, which decides about everything that follows.
async fn check(context: &Arc<Context>, seller: &Seller, purchase: NumberPurchase) -> Result<()> {
    let owned = match seller.owned(&purchase).await {
        Ok(owned) => owned.map(|owned| Some(owned.reference)),
        Err(error) if purchase.state == PurchaseState::Requested && is_refusal(&error) => {
            return end(context, purchase, fault(&error)).await;
        }
        Err(error) => return failed(context, purchase, &error).await,
    };
    let now = context.clock.now();
    match purchase.clone().after_check(owned, now) {
        AfterCheck::Write(next) => save(context, &purchase, next).await.map(drop),
        AfterCheck::Buy(next) => match save(context, &purchase, next).await? {
            Some(recorded) => buy(context, seller, recorded).await,
            None => Ok(()),
        },
        AfterCheck::CheckAgain => {
            let next = NumberPurchase { due_at: now.plus_millis(CHECK_AGAIN), ..purchase.clone() };
            save(context, &purchase, next).await.map(drop)
        }
    }
}

/// Asks the provider to sell the number; that it is asked was recorded.
async fn buy(context: &Arc<Context>, seller: &Seller, purchase: NumberPurchase) -> Result<()> {
    let answered = seller.buy(&purchase).await;
    let retry_after = answered.as_ref().err().and_then(ProviderError::retry_after);
    let answer = match &answered {
        Ok(owned) => BuyAnswer::Bought { provider_ref: Some(owned.reference.clone()) },
        Err(error) if is_refusal(error) => BuyAnswer::Refused(fault(error)),
        Err(error @ (ProviderError::RateLimited { .. } | ProviderError::NotSent { .. })) => {
            BuyAnswer::NotExecuted(fault(error))
        }
        Err(error) => BuyAnswer::Unknown(fault(error)),
    };
    let now = context.clock.now();
    let next = purchase.clone().after_buy(answer, next_attempt(&purchase, retry_after, now), now);
    save(context, &purchase, next).await.map(drop)
}

/// Directs the number's calls to LiveKit, and records its carrier and its DID.
async fn provision(context: &Arc<Context>, seller: &Seller, purchase: NumberPurchase) -> Result<()> {
    let connection = match seller.connect().await {
        Ok(connection) => connection,
        Err(error) => return postpone(context, purchase, step_fault(error)?, None).await,
    };
    let attached = async {
        let Some(owned) = seller.owned(&purchase).await? else { return Ok(None) };
        seller.attach(&owned, &connection).await?;
        Ok::<_, ProviderError>(Some(()))
    };
    match attached.await {
        Ok(Some(())) => match record(context, &purchase, &connection).await {
            Ok(()) => Ok(()),
            Err(error) => postpone(context, purchase, step_fault(error)?, None).await,
        },
        Ok(None) => {
            let message = format!(
                "{} does not list {} among the account's numbers any more. Check there; then retry, or give the purchase up.",
                purchase.provider.name(),
                purchase.number.canonical()
            );
            postpone(context, purchase, PurchaseFault::new("number_missing", message), None).await
        }
        Err(error) => failed(context, purchase, &error).await,
    }
}

async fn record(context: &Arc<Context>, purchase: &NumberPurchase, connection: &Connection) -> Result<()> {
    let mut uow = UnitOfWork::begin_for(context, &purchase.account_id, &purchase.requester).await?;
    if let Some(taken) = uow.tx.did_by_number(&uow.account, &purchase.number).await? {
        let names = uow.tx.carrier_names(&[taken.carrier_id]).await?;
        let carrier = names.into_values().next().unwrap_or_default();
        drop(uow);
        let message = format!(
            "{} was bought, but the carrier {carrier} has it here by now. Remove it there and retry, or give the purchase up, \
             which releases the number.",
            purchase.number.canonical()
        );
        return postpone(context, purchase.clone(), PurchaseFault::new("number_taken", message), None).await;
    }
    let carrier = receiving_carrier(&mut uow, purchase, connection).await?;
    let did = insert_did(&mut uow, &carrier, purchase).await?;
    let now = uow.now();
    let next = NumberPurchase {
        carrier_id: Some(carrier.id.clone()),
        did_id: Some(did.id.clone()),
        provisioned_at: Some(now),
        ..purchase.clone().moved(PurchaseState::Provisioning, now)
    };
    if uow.tx.update_number_purchase(&next).await? {
        uow.publish(ChangedNoun::NumberPurchase, ChangeKind::Updated, &next.id);
        uow.commit().await?;
    }
    Ok(())
}

/// The carrier that receives the provider's numbers: the one with the connection's address and credentials, or a new one.
async fn receiving_carrier(
    uow: &mut UnitOfWork,
    purchase: &NumberPurchase,
    connection: &Connection,
) -> Result<Carrier> {
    let mut settings = carrier_settings(
        purchase.provider.name(),
        purchase.provider.into(),
        &connection.outbound_address,
        connection.credentials.as_ref(),
    )?;
    sources(&mut settings)?;
    carrier_with(uow, &settings, Match::Registration).await
}

async fn insert_did(uow: &mut UnitOfWork, carrier: &Carrier, purchase: &NumberPurchase) -> Result<Did> {
    // A bot that was deleted since does not prevent the number from being recorded.
    let bot_id = match &purchase.bot_id {
        Some(id) => uow.tx.bot(&uow.account, id).await?.map(|bot| bot.id),
        None => None,
    };
    let settings = DidSettings { label: purchase.label.clone(), bot_id, ..DidSettings::default() };
    let did = did::insert(uow, carrier, purchase.number.clone(), settings).await?;
    did::added(uow, carrier, &did).await?;
    Ok(did)
}

/// Waits until LiveKit has the number.
async fn follow_sync(context: &Arc<Context>, purchase: NumberPurchase) -> Result<()> {
    let mut changes = context.events.subscribe();
    let deadline = Instant::now() + context.timing.wait_limit;
    loop {
        let number = match &purchase.did_id {
            Some(did) => context.store.read().await?.number(&purchase.account_id, did).await?,
            None => None,
        };
        let now = context.clock.now();
        let has_did = number.is_some();
        let fault = match number {
            None => None,
            Some(number) if number.sync_status == SyncStatus::Synced => None,
            Some(number) if number.sync_error.is_some() => number.sync_error,
            Some(_) if Instant::now() >= deadline => Some("LiveKit has not been changed yet.".to_owned()),
            Some(_) => {
                drop(timeout(SYNC_POLL, changes.recv()).await);
                continue;
            }
        };
        return match fault {
            None => save(context, &purchase, purchase.clone().completed(has_did, now)).await.map(drop),
            Some(reason) => {
                let message = format!("The number is bought and recorded, but LiveKit does not have it: {reason}");
                postpone(context, purchase, PurchaseFault::new("livekit_failed", message), None).await
            }
        };
    }
}

/// Returns the number to the provider.
async fn release(context: &Arc<Context>, seller: &Seller, purchase: NumberPurchase) -> Result<()> {
    let released = async {
        match seller.owned(&purchase).await? {
            Some(owned) => seller.release(&owned).await,
            None => Ok(()),
        }
    };
    match released.await {
        Ok(()) => {
            let next = purchase.clone().moved(PurchaseState::Released, context.clock.now());
            save(context, &purchase, next).await.map(drop)
        }
        Err(error) => failed(context, purchase, &error).await,
    }
}

fn is_refusal(error: &ProviderError) -> bool {
    matches!(error, ProviderError::Refused { .. } | ProviderError::CredentialsRefused { .. })
}

fn fault(error: &ProviderError) -> PurchaseFault {
    PurchaseFault::new(error.code(), error.to_string())
}

/// What is recorded of any other error. Err: nothing is recorded, and the step is repeated.
fn step_fault(error: Error) -> Result<PurchaseFault> {
    if matches!(error, Error::Store(_) | Error::ConcurrentChange) {
        return Err(error);
    }
    let problem = Problem::from(error);
    Ok(PurchaseFault::new(problem.code.clone(), problem.in_full()))
}

async fn failed(context: &Arc<Context>, purchase: NumberPurchase, error: &ProviderError) -> Result<()> {
    postpone(context, purchase, fault(error), error.retry_after()).await
}

async fn postpone(
    context: &Arc<Context>,
    purchase: NumberPurchase,
    fault: PurchaseFault,
    retry_after: Option<std::time::Duration>,
) -> Result<()> {
    let now = context.clock.now();
    let due_at = next_attempt(&purchase, retry_after, now);
    let next = purchase.clone().postponed(fault, due_at, now);
    save(context, &purchase, next).await.map(drop)
}

async fn end(context: &Arc<Context>, purchase: NumberPurchase, fault: PurchaseFault) -> Result<()> {
    let next = purchase.clone().failed(fault, context.clock.now());
    save(context, &purchase, next).await.map(drop)
}

/// When the step is repeated: not before the provider asks for it.
fn next_attempt(purchase: &NumberPurchase, retry_after: Option<std::time::Duration>, now: Timestamp) -> Timestamp {
    let backoff = backoff::millis(purchase.attempt, rand::random());
    let asked = retry_after.map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    now.plus_millis(backoff.max(asked))
}

/// Records the purchase as it is now. None where somebody has changed it since it was read: the step is chosen anew.
async fn save(context: &Arc<Context>, before: &NumberPurchase, next: NumberPurchase) -> Result<Option<NumberPurchase>> {
    let mut uow = UnitOfWork::begin_for(context, &next.account_id, &next.requester).await?;
    if !uow.tx.update_number_purchase(&next).await? {
        return Ok(None);
    }
    if !next.state.is_active() {
        audit(&mut uow, AuditAction::Updated, Some(before), &next).await?;
    }
    uow.publish(ChangedNoun::NumberPurchase, ChangeKind::Updated, &next.id);
    uow.commit().await?;
    Ok(Some(NumberPurchase { version: next.version + 1, ..next }))
}

#[cfg(test)]
mod tests {
    use domain::FieldFault;

    use super::*;

    #[test]
    fn invalid_carrier_is_recorded_as_a_fault() {
        let invalid = Error::field("sip_address", FieldFault::new("bad_address", "This is no SIP address."));
        assert!(step_fault(invalid).unwrap().message.contains("no SIP address"));
        assert!(matches!(step_fault(Error::ConcurrentChange), Err(Error::ConcurrentChange)));
    }
}
