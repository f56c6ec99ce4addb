//! One carrier: the comparison, the dry run, and its being applied out.

use api_types::{
    input::ApplyInput,
    view::{ChangeKind, ChangedNoun, DriftView},
};
use domain::{
    AuditAction, Carrier, CarrierId, Role,
    livekit::{ObjectDrift, Observed, Step, StepView, compare, describe, plan},
};
use serde_json::json;
use store::Tx;

use super::{Drift, fingerprint, orphans, to_json, unmanaged};
use crate::{
    Actor, Error, Result,
    audit::Entry,
    carrier,
    reconciler::{apply::load_desired, explain},
};

/// What a fingerprint names.
struct Compared {
    carrier: Carrier,
    objects: Vec<ObjectDrift>,
    steps: Vec<StepView>,
    fingerprint: String,
}

impl Drift {
    /// Reads LiveKit; changes nothing.
    pub async fn report(&self, actor: &Actor, id: &CarrierId) -> Result<DriftView> {
        actor.require(Role::Viewer)?;
        carrier::find(&mut self.context.store.read().await?, actor, id).await?;
        let observed = self.observe(&*self.context.writer()?).await?;
        self.view(actor, id, observed).await
    }

    /// Does what the dry run said, by a sync, and waits for it. Refused where it would be something else by now.
    pub async fn apply(&self, actor: &Actor, id: &CarrierId, input: &ApplyInput) -> Result<DriftView> {
        actor.require(Role::Developer)?;
        let observed_at = input.parse()?;
        carrier::find(&mut self.context.store.read().await?, actor, id).await?;
        let observed = self.observe(&*self.context.writer()?).await?;
        let mut changes = self.context.events.subscribe();
        let mut tx = self.context.store.write().await?;
        let now = compared(&mut tx, actor, id, &observed).await?;
        if now.fingerprint != observed_at {
            drop(tx);
            return Err(Error::Drifted(to_json(&self.view(actor, id, observed).await?)));
        }
        if !now.steps.is_empty() {
            let steps: Vec<&str> = now.steps.iter().map(|step| step.text.as_str()).collect();
            let (subject_id, subject_name) = (id.as_str(), now.carrier.settings.name.as_str());
            let after = Some(json!({ "livekit": steps }));
            let entry = Entry { action: AuditAction::Updated, subject_id, subject_name, before: None, after };
            self.context.audit(&mut tx, Some(actor), entry).await?;
            tx.request_sync(&actor.account_id, id, subject_name, self.context.clock.now()).await?;
            tx.commit().await?;
            self.context.events.publish(ChangedNoun::Carrier, ChangeKind::Updated, id);
            self.context.sync_notify.notify_one();
            self.carriers.applied(actor, id, &mut changes).await?;
        }
        self.report(actor, id).await
    }

    async fn view(&self, actor: &Actor, id: &CarrierId, observed: Observed) -> Result<DriftView> {
        let mut tx = self.context.store.read().await?;
        let Compared { carrier, objects, steps, fingerprint } = compared(&mut tx, actor, id, &observed).await?;
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

async fn compared(tx: &mut Tx, actor: &Actor, id: &CarrierId, observed: &Observed) -> Result<Compared> {
    let carrier = carrier::find(tx, actor, id).await?;
    let desired = load_desired(tx, &actor.account_id, id).await?;
    let objects = compare(id, &desired, observed);
    let steps = describe_steps(tx, id, &plan(id, &desired, observed), observed).await?;
    let fingerprint = fingerprint(&(&objects, &steps));
    Ok(Compared { carrier, objects, steps, fingerprint })
}

/// The steps as sentences, up to the one at which the reconciler would stop, and why.
pub(super) async fn describe_steps(
    tx: &mut Tx,
    id: &CarrierId,
    steps: &[Step],
    observed: &Observed,
) -> Result<Vec<StepView>> {
    let mut views = describe(steps, observed);
    let stop =
        steps.iter().enumerate().find_map(|(at, step)| Some((at, explain::conflicting_trunk(id, step, observed)?)));
    if let Some((at, found)) = stop {
        views[at].blocked = Some(explain::describe_conflict(tx, found).await?);
    }
    Ok(views)
}
