//! One carrier: the comparison, the dry run, and its application.

use api_types::{
    input::ApplyInput,
    view::{ChangeKind, ChangedNoun, DriftView},
};
use domain::{
    AccountId, Action, AuditAction, Carrier, CarrierId,
    livekit::{ObjectDrift, Observed, StepView, compare},
};
use store::Tx;

use super::{
    Drift, fingerprint, orphans,
    steps::{describe_steps, planned},
    unmanaged,
};
use crate::{
    Actor, Error, Result, carrier,
    reconciler::load_desired,
    snapshot::StepsSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// What a fingerprint identifies.
struct Compared {
    carrier: Carrier,
    objects: Vec<ObjectDrift>,
    steps: Vec<StepView>,
    fingerprint: String,
}

impl Drift {
    /// Compares the carrier with LiveKit, and plans; changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a carrier, [`Error::LiveKit`] where LiveKit does not list its objects.
    pub async fn report(&self, actor: &Actor, id: &CarrierId) -> Result<DriftView> {
        actor.require(Action::ReadCarriers)?;
        carrier::load(&mut self.context.store.read().await?, &actor.account_id, id).await?;
        let observed = self.observe(&*self.context.writer()?).await?;
        self.view(actor, id, observed).await
    }

    /// Applies the plan of the dry run by a sync, and waits for its end.
    ///
    /// # Errors
    /// [`Error::Drifted`] where the plan is another one by now, [`Error::SyncFailed`] where LiveKit refused or did not answer.
    pub async fn apply(&self, actor: &Actor, id: &CarrierId, input: &ApplyInput) -> Result<DriftView> {
        actor.require(Action::SyncCarrier)?;
        let expected = input.parse()?;
        carrier::load(&mut self.context.store.read().await?, &actor.account_id, id).await?;
        let observed = self.observe(&*self.context.writer()?).await?;
        let mut changes = self.context.events.subscribe();
        let input = (id.clone(), observed.clone(), expected.to_owned());
        let requested = self.context.transact(Some(actor), input, |uow, (id, observed, expected)| {
            Box::pin(request(uow, id, observed, expected))
        });
        match requested.await? {
            Request::Changed => return Err(Error::drifted(self.view(actor, id, observed).await?)),
            Request::Synced => {}
            Request::Requested => {
                self.carriers.applied(actor, id, &mut changes).await?;
            }
        }
        self.report(actor, id).await
    }

    async fn view(&self, actor: &Actor, id: &CarrierId, observed: Observed) -> Result<DriftView> {
        let mut tx = self.context.store.read().await?;
        let Compared { carrier, objects, steps, fingerprint } =
            compared(&mut tx, &actor.account_id, id, &observed).await?;
        let dids = tx.dids_of(std::slice::from_ref(id)).await?;
        let unmanaged = unmanaged::of_carrier(&mut tx, &carrier, &dids, &observed).await?;
        let orphans = orphans::groups(&mut tx, actor, observed).await?;
        Ok(DriftView {
            carrier_id: carrier.id,
            carrier_name: carrier.settings.name.to_string(),
            lk_sync_status: carrier.sync.status,
            lk_sync_error: carrier.sync.error,
            observed_at: self.context.clock.now(),
            objects,
            steps,
            fingerprint,
            unmanaged: unmanaged.shown,
            unmanaged_left_out: unmanaged.left_out,
            orphans,
        })
    }
}

/// The result of a request to apply a plan.
enum Request {
    /// The plan is another one by now: nothing was requested.
    Changed,
    /// The plan has no steps.
    Synced,
    Requested,
}

async fn request(uow: &mut UnitOfWork, id: &CarrierId, observed: &Observed, expected: &str) -> Result<Request> {
    let now = compared(&mut uow.tx, &uow.account, id, observed).await?;
    if now.fingerprint != expected {
        return Ok(Request::Changed);
    }
    if now.steps.is_empty() {
        return Ok(Request::Synced);
    }
    let (subject_id, subject_name) = (id.as_str(), now.carrier.settings.name.as_str());
    let after = Some(StepsSnapshot { livekit: now.steps.iter().map(|step| step.text.as_str()).collect() });
    uow.audit(Entry { action: AuditAction::Updated, subject_id, subject_name, before: None, after }).await?;
    uow.request_full_sync(id, subject_name).await?;
    uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, id);
    Ok(Request::Requested)
}

async fn compared(tx: &mut Tx, account: &AccountId, id: &CarrierId, observed: &Observed) -> Result<Compared> {
    let carrier = carrier::load(tx, account, id).await?;
    let desired = load_desired(tx, account, id).await?;
    let objects = compare(id, &desired, observed);
    let (steps, conflicts) = planned(id, desired, observed);
    let steps = describe_steps(tx, &steps, &conflicts, observed).await?;
    let fingerprint = fingerprint(&(&objects, &steps));
    Ok(Compared { carrier, objects, steps, fingerprint })
}
