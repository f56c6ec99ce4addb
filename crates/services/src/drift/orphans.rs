//! Orphans: LiveKit objects with the owner tag of a carrier that does not exist.

use std::collections::BTreeMap;

use api_types::{
    input::ApplyInput,
    view::{OrphanGroup, OrphanOrigin, OrphansView},
};
use domain::{
    Action, AuditAction, CarrierId,
    livekit::{Desired, Observed, Step, compare, plan},
};
use store::Tx;

use super::{Drift, fingerprint, steps::describe_steps, unmanaged};
use crate::{
    Actor, Error, LiveKitError, Result,
    reconciler::{execute, explain},
    snapshot::OrphanSnapshot,
    unit_of_work::{Entry, UnitOfWork, run_to_completion},
    writer::Writer,
};

impl Drift {
    /// Lists orphans and unmanaged objects; changes nothing.
    ///
    /// # Errors
    /// [`Error::LiveKit`] where LiveKit does not list its objects.
    pub async fn orphans(&self, actor: &Actor) -> Result<OrphansView> {
        actor.require(Action::ReadCarriers)?;
        let observed = self.observe(&*self.context.writer()?).await?;
        self.orphans_of(actor, observed).await
    }

    /// Deletes exactly the objects of the group that the fingerprint names.
    ///
    /// # Errors
    /// [`Error::Drifted`] where there is no such group any more, [`LiveKitError::RemovalIncomplete`] where some of its objects
    /// are left.
    ///
    /// The steps are executed here, not by the reconciler, which would delete whatever has the owner tag by then: the carrier
    /// may be another installation's.
    ///
    /// # Errors
    /// [`Error::Drifted`] where others are there by now, [`Error::WriterBusy`] and [`Error::LiveKit`] where LiveKit is not changed.
    pub async fn remove_orphans(&self, actor: &Actor, input: &ApplyInput) -> Result<OrphansView> {
        actor.require(Action::RemoveOrphans)?;
        let expected = input.parse()?.to_owned();
        let writer = self.context.writer()?;
        let (drift, actor) = (self.clone(), actor.clone());
        run_to_completion(async move { drift.remove_group(&writer, &actor, &expected).await }).await
    }

    async fn remove_group(&self, writer: &Writer, actor: &Actor, expected: &str) -> Result<OrphansView> {
        let lock = writer.acquire().await?;
        let mut observed = self.observe(writer).await?;
        let mut uow = UnitOfWork::begin(&self.context, Some(actor)).await?;
        let groups_now = groups(&mut uow.tx, actor, observed.clone()).await?;
        let Some(group) = groups_now.iter().find(|group| group.fingerprint == expected) else {
            drop(uow);
            return Err(Error::drifted(self.orphans_of(actor, observed).await?));
        };
        // Committed first, so that the entry exists even if the server stops in between.
        for object in &group.objects {
            let subject_id = object.id.as_deref().expect("an object that LiveKit has listed has an id");
            let subject_name = object.name.as_str();
            let before = Some(OrphanSnapshot { carrier_id: &group.carrier_id, object });
            uow.audit(Entry { action: AuditAction::Deleted, subject_id, subject_name, before, after: None }).await?;
        }
        if !writer.renew_lease(&mut uow.tx).await? {
            return Err(Error::WriterBusy);
        }
        uow.commit().await?;
        let steps = removal(&group.carrier_id, &observed);
        for (deleted, step) in steps.iter().enumerate() {
            let incomplete = |cause| LiveKitError::RemovalIncomplete { deleted, total: steps.len(), cause };
            self.ensure_writer(writer).await.map_err(incomplete)?;
            execute(&writer.livekit, step, &mut BTreeMap::new(), &mut observed)
                .await
                .map_err(|error| incomplete(explain::step_error(step, error)))?;
        }
        drop(lock);
        let observed = self.observe(writer).await?;
        self.orphans_of(actor, observed).await
    }

    async fn orphans_of(&self, actor: &Actor, observed: Observed) -> Result<OrphansView> {
        let mut tx = self.context.store.read().await?;
        let unmanaged = unmanaged::of_all(&mut tx, &actor.account_id, &observed).await?;
        let groups = groups(&mut tx, actor, observed).await?;
        Ok(OrphansView {
            observed_at: self.context.clock.now(),
            groups,
            unmanaged: unmanaged.shown,
            unmanaged_left_out: unmanaged.left_out,
        })
    }
}

/// Grouped by the carrier that the owner tags name.
pub(super) async fn groups(tx: &mut Tx, actor: &Actor, observed: Observed) -> Result<Vec<OrphanGroup>> {
    let known = tx.all_carrier_names(&actor.account_id).await?;
    let (owned, _) = observed.by_carrier();
    let mut groups = Vec::new();
    for (id, its) in owned.into_iter().filter(|(id, _)| !known.contains_key(id)) {
        let task = tx.sync_task(&id).await?;
        let (origin, carrier_name) = match (task, tx.deleted_name(&actor.account_id, id.as_str()).await?) {
            (Some(task), _) => (OrphanOrigin::Removing, Some(task.carrier_name)),
            (None, Some(name)) => (OrphanOrigin::Deleted, Some(name)),
            (None, None) => (OrphanOrigin::Unknown, None),
        };
        let objects = compare(&id, &Desired::default(), &its);
        let steps = describe_steps(tx, &removal(&id, &its), &[], &its).await?;
        let fingerprint = fingerprint(&(&id, &objects));
        groups.push(OrphanGroup { carrier_id: id, origin, carrier_name, objects, steps, fingerprint });
    }
    Ok(groups)
}

/// Rules before their trunks, as when a carrier is deleted.
fn removal(carrier: &CarrierId, observed: &Observed) -> Vec<Step> {
    plan(carrier, &Desired::default(), observed)
}
