//! What carries the mark of a carrier that is not there.

use std::collections::BTreeMap;

use domain::{
    AuditAction, CarrierId, Role,
    input::ApplyInput,
    livekit::{Actual, Desired, Step, compare, plan},
    view::{OrphanGroup, OrphanOrigin, OrphansView},
};
use serde_json::json;
use store::Tx;

use super::{Drift, by_hand, fingerprint, report::words, to_json, to_the_end};
use crate::{
    Actor, Error, Result,
    audit::Entry,
    reconciler::{Writer, carry::take, explain},
};

impl Drift {
    /// Reads LiveKit; changes nothing.
    pub async fn orphans(&self, actor: &Actor) -> Result<OrphansView> {
        actor.require(Role::Viewer)?;
        let actual = self.look(&*self.core.writer()?).await?;
        self.orphans_of(actor, actual).await
    }

    /// Removes exactly the objects of the group that the fingerprint names; refused where there is no such group any more.
    ///
    /// The steps are taken here, not by a task of the reconciler, which would remove whatever carries the mark by then: the
    /// carrier may be another Trunkline's.
    pub async fn remove_orphans(&self, actor: &Actor, input: &ApplyInput) -> Result<OrphansView> {
        actor.require(Role::Admin)?;
        let looked_at = input.parse()?.to_owned();
        let writer = self.core.writer()?;
        let (drift, actor) = (self.clone(), actor.clone());
        to_the_end(async move { drift.remove_group(&writer, &actor, &looked_at).await }).await
    }

    async fn remove_group(&self, writer: &Writer, actor: &Actor, looked_at: &str) -> Result<OrphansView> {
        let turn = writer.turn_and_lease(&self.core).await?;
        let mut actual = self.look(writer).await?;
        let mut tx = self.core.store.write().await?;
        let found = groups(&mut tx, actor, actual.clone()).await?;
        let Some(group) = found.iter().find(|group| group.fingerprint == looked_at) else {
            drop(tx);
            return Err(Error::Drifted(to_json(&self.orphans_of(actor, actual).await?)));
        };
        // On record before it happens: whatever comes in between, who decided it is known.
        for object in &group.objects {
            let (subject_id, subject_name) = (object.id.as_deref().unwrap_or_default(), object.name.as_str());
            let before = Some(json!({ "carrier_id": group.carrier_id, "object": to_json(object) }));
            let entry = Entry { action: AuditAction::Deleted, subject_id, subject_name, before, after: None };
            self.core.audit(&mut tx, Some(actor), entry).await?;
        }
        if !writer.renew_lease(&self.core, &mut tx).await? {
            return Err(Error::WriterBusy);
        }
        tx.commit().await?;
        let steps = removal(&group.carrier_id, &actual);
        for (taken, step) in steps.iter().enumerate() {
            let half = |why: String| {
                Error::LiveKit(format!(
                    "{why} {taken} of {} objects are removed: look again at what is left.",
                    steps.len()
                ))
            };
            self.still_writer(writer).await.map_err(half)?;
            take(&writer.livekit, step, &mut BTreeMap::new(), &mut actual)
                .await
                .map_err(|error| half(explain::explain(step, &error)))?;
        }
        drop(turn);
        let actual = self.look(writer).await?;
        self.orphans_of(actor, actual).await
    }

    async fn orphans_of(&self, actor: &Actor, actual: Actual) -> Result<OrphansView> {
        let mut tx = self.core.store.read().await?;
        let by_hand = by_hand::of_all(&mut tx, &actor.account_id, &actual).await?;
        let groups = groups(&mut tx, actor, actual).await?;
        Ok(OrphansView {
            looked_at: self.core.clock.now(),
            groups,
            by_hand: by_hand.shown,
            by_hand_left_out: by_hand.left_out,
        })
    }
}

/// By the carrier that the marks name.
pub(super) async fn groups(tx: &mut Tx, actor: &Actor, actual: Actual) -> Result<Vec<OrphanGroup>> {
    let known = tx.all_carrier_names(&actor.account_id).await?;
    let (ours, _) = actual.by_carrier();
    let mut groups = Vec::new();
    for (id, its) in ours.into_iter().filter(|(id, _)| !known.contains_key(id)) {
        let task = tx.sync_task(&id).await?;
        let (origin, carrier_name) = match (task, tx.deleted_name(&actor.account_id, id.as_str()).await?) {
            (Some(task), _) => (OrphanOrigin::Removing, Some(task.carrier_name)),
            (None, Some(name)) => (OrphanOrigin::Deleted, Some(name)),
            (None, None) => (OrphanOrigin::Unknown, None),
        };
        let objects = compare(&id, &Desired::default(), &its);
        let steps = words(tx, &id, &removal(&id, &its), &its).await?;
        let fingerprint = fingerprint(&(&id, &objects));
        groups.push(OrphanGroup { carrier_id: id, origin, carrier_name, objects, steps, fingerprint });
    }
    Ok(groups)
}

/// Rules before their trunks, as when a carrier is deleted.
fn removal(carrier: &CarrierId, actual: &Actual) -> Vec<Step> {
    plan(carrier, &Desired::default(), actual)
}
