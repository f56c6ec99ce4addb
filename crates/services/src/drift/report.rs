//! One carrier: the comparison, the dry run, and its being carried out.

use domain::{
    AuditAction, Carrier, CarrierId, Role,
    input::ApplyInput,
    livekit::{Actual, Step, compare, describe, plan},
    view::{ChangeKind, ChangedNoun, DriftView, ObjectDrift, StepView},
};
use serde_json::json;
use store::Tx;

use super::{Drift, by_hand, fingerprint, orphans, to_json};
use crate::{
    Actor, Error, Result,
    audit::Entry,
    carrier,
    reconciler::{carry::wanted, explain},
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
        carrier::find(&mut self.core.store.read().await?, actor, id).await?;
        let actual = self.look(&*self.core.writer()?).await?;
        self.view(actor, id, actual).await
    }

    /// Does what the dry run said, by a sync, and waits for it. Refused where it would be something else by now.
    pub async fn apply(&self, actor: &Actor, id: &CarrierId, input: &ApplyInput) -> Result<DriftView> {
        actor.require(Role::Developer)?;
        let looked_at = input.parse()?;
        carrier::find(&mut self.core.store.read().await?, actor, id).await?;
        let actual = self.look(&*self.core.writer()?).await?;
        let mut changes = self.core.events.subscribe();
        let mut tx = self.core.store.write().await?;
        let now = compared(&mut tx, actor, id, &actual).await?;
        if now.fingerprint != looked_at {
            drop(tx);
            return Err(Error::Drifted(to_json(&self.view(actor, id, actual).await?)));
        }
        if !now.steps.is_empty() {
            let steps: Vec<&str> = now.steps.iter().map(|step| step.text.as_str()).collect();
            let (subject_id, subject_name) = (id.as_str(), now.carrier.settings.name.as_str());
            let after = Some(json!({ "livekit": steps }));
            let entry = Entry { action: AuditAction::Updated, subject_id, subject_name, before: None, after };
            self.core.audit(&mut tx, Some(actor), entry).await?;
            tx.request_sync(&actor.account_id, id, subject_name, self.core.clock.now()).await?;
            tx.commit().await?;
            self.core.events.tell(ChangedNoun::Carrier, ChangeKind::Updated, id);
            self.core.wake.wake();
            self.carriers.carried(actor, id, &mut changes).await?;
        }
        self.report(actor, id).await
    }

    async fn view(&self, actor: &Actor, id: &CarrierId, actual: Actual) -> Result<DriftView> {
        let mut tx = self.core.store.read().await?;
        let Compared { carrier, objects, steps, fingerprint } = compared(&mut tx, actor, id, &actual).await?;
        let dids = tx.dids_of(std::slice::from_ref(id)).await?;
        let by_hand = by_hand::of_carrier(&mut tx, &carrier, &dids, &actual).await?;
        let orphans = orphans::groups(&mut tx, actor, actual).await?;
        Ok(DriftView {
            carrier_id: carrier.id,
            carrier_name: carrier.settings.name.to_string(),
            lk_sync_status: carrier.sync.status,
            lk_sync_error: carrier.sync.error,
            looked_at: self.core.clock.now(),
            objects,
            steps,
            fingerprint,
            by_hand: by_hand.shown,
            by_hand_left_out: by_hand.left_out,
            orphans,
        })
    }
}

async fn compared(tx: &mut Tx, actor: &Actor, id: &CarrierId, actual: &Actual) -> Result<Compared> {
    let carrier = carrier::find(tx, actor, id).await?;
    let desired = wanted(tx, &actor.account_id, id).await?;
    let objects = compare(id, &desired, actual);
    let steps = words(tx, id, &plan(id, &desired, actual), actual).await?;
    let fingerprint = fingerprint(&(&objects, &steps));
    Ok(Compared { carrier, objects, steps, fingerprint })
}

/// The steps as sentences, up to the one at which the reconciler would stop, and why.
pub(super) async fn words(tx: &mut Tx, id: &CarrierId, steps: &[Step], actual: &Actual) -> Result<Vec<StepView>> {
    let mut views = describe(steps, actual);
    let stop = steps.iter().enumerate().find_map(|(at, step)| Some((at, explain::holder(id, step, actual)?)));
    if let Some((at, found)) = stop {
        views[at].blocked = Some(explain::conflict(tx, found).await?);
    }
    Ok(views)
}
