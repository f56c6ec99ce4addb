//! Applies one carrier's plan step by step.

use std::collections::BTreeMap;

use domain::{
    AccountId, BotId, CarrierId, SyncStatus,
    livekit::{Desired, DispatchRule, Listed, ObjectIds, Observed, OwnerTag, Step, TrunkRef, guessed_keys, plan},
};
use livekit::Client;
use store::{Store, SyncTask, Tx};
use thiserror::Error;
use tracing::debug;

use super::{Reconciler, explain, observe::Observation};
use crate::number_keys::e164_keys;

/// The plan was applied.
pub(super) struct Applied {
    /// The first bot's trunk, by bot id.
    pub inbound_trunk: Option<String>,
    pub outbound_trunk: Option<String>,
    pub object_ids: ObjectIds,
    pub steps: usize,
    /// The numbers that were left out because another trunk has them, for operators.
    pub conflicts: Option<String>,
}

/// Why the plan was not applied, or not to its end.
#[derive(Debug, Error)]
pub(super) enum ApplyError {
    /// Another server has acquired the lease, and continues.
    #[error("another server has the lease")]
    LeaseLost,
    /// Not all of LiveKit was listed, which may be why it refused a step.
    #[error("a step was refused, and not all objects were listed")]
    Incomplete,
    /// LiveKit refused a step, or did not answer.
    #[error("{}", .0.message)]
    Failed(Failed),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// How the sync of a carrier failed.
#[derive(Debug)]
pub(super) struct Failed {
    /// For operators.
    pub message: String,
    /// `error` where LiveKit refused, `pending` where it did not answer.
    pub status: SyncStatus,
    /// LiveKit may be in another state than `observed` says.
    pub uncertain: bool,
}

impl Failed {
    pub(super) fn new(message: String, error: &livekit::Error) -> Self {
        let status = if error.is_unreachable() { SyncStatus::Pending } else { SyncStatus::Error };
        Self { message, status, uncertain: error.may_have_happened() }
    }
}

pub(super) async fn apply(
    reconciler: &Reconciler,
    task: &SyncTask,
    observation: &mut Observation,
) -> Result<Applied, ApplyError> {
    let Reconciler { context, writer, .. } = reconciler;
    let Observation { observed, desired, complete } = observation;
    let desired = match desired.remove(&task.carrier_id) {
        Some(desired) => desired,
        None => load_desired(&mut context.store.read().await?, &task.account_id, &task.carrier_id).await?,
    };
    let (desired, conflicts) = desired.without_conflicts(&task.carrier_id, observed);
    let steps = plan(&task.carrier_id, &desired, observed);
    debug!(carrier = %task.carrier_id, steps = steps.len(), complete, "plan");
    if steps.iter().any(Step::creates) {
        // Until the sync has ended it is not known which objects there are.
        forget_objects(&context.store, &task.carrier_id).await?;
    }
    let mut created = BTreeMap::new();
    for step in &steps {
        if !writer.ensure_lease().await? {
            return Err(ApplyError::LeaseLost);
        }
        if let Err(error) = execute(&writer.livekit, step, &mut created, observed).await {
            let failed = Failed::new(explain::step_error(step, error.clone()).to_string(), &error);
            let incomplete = !*complete && failed.status == SyncStatus::Error;
            return Err(if incomplete { ApplyError::Incomplete } else { ApplyError::Failed(failed) });
        }
    }
    if !plan(&task.carrier_id, &desired, observed).is_empty() {
        let message =
            "LiveKit lists another state than was written. Check that its version is supported, and sync again.";
        let failed = Failed { message: message.to_owned(), status: SyncStatus::Error, uncertain: true };
        return Err(ApplyError::Failed(failed));
    }
    let bot_of = |metadata: &str| {
        OwnerTag::read(metadata)
            .filter(|owner_tag| owner_tag.carrier_id == task.carrier_id)
            .map(|owner_tag| owner_tag.bot_id)
    };
    let inbound = observed.inbound.iter().filter_map(|trunk| Some((bot_of(&trunk.object.metadata)?, &trunk.id)));
    let outbound = observed.outbound.iter().filter(|trunk| bot_of(&trunk.object.metadata).is_some());
    let conflicts = if conflicts.is_empty() {
        None
    } else {
        Some(explain::describe_conflicts(&mut context.store.read().await?, &conflicts).await?)
    };
    Ok(Applied {
        inbound_trunk: inbound.min().map(|(_, id)| id.clone()),
        outbound_trunk: outbound.map(|trunk| trunk.id.clone()).next(),
        object_ids: observed.ids_of(&task.carrier_id),
        steps: steps.len(),
        conflicts,
    })
}

/// The carrier's next attempt lists the whole project.
pub(super) async fn forget_objects(store: &Store, carrier: &CarrierId) -> store::Result<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the reconciler's own note, which must be saved before LiveKit is called"
    )]
    let mut tx = store.write().await?;
    tx.forget_livekit_objects(carrier).await?;
    tx.commit().await
}

/// The desired state of a carrier; empty where the carrier was deleted.
pub(crate) async fn load_desired(tx: &mut Tx, account: &AccountId, id: &CarrierId) -> store::Result<Desired> {
    let Some(carrier) = tx.carrier(account, id).await? else { return Ok(Desired::default()) };
    let dids = tx.dids_of(std::slice::from_ref(id)).await?;
    let bots = tx.bots(account).await?;
    let e164_keys = e164_keys(tx, account, guessed_keys(&carrier, &dids)).await?;
    Ok(domain::livekit::desired(&carrier, &dids, &bots, &e164_keys))
}

/// Calls LiveKit once, and updates `observed`. `created` are the ids of the inbound trunks that this plan has created.
pub(crate) async fn execute(
    livekit: &Client,
    step: &Step,
    created: &mut BTreeMap<BotId, String>,
    observed: &mut Observed,
) -> Result<(), livekit::Error> {
    match step {
        Step::CreateInbound(bot, trunk) => {
            let id = livekit.create_inbound(trunk).await?;
            created.insert(bot.clone(), id.clone());
            observed.inbound.push(Listed::written(id, trunk.clone()));
        }
        Step::ReplaceInbound(id, trunk) => {
            livekit.replace_inbound(id, trunk).await?;
            replace(&mut observed.inbound, id, trunk.clone());
        }
        Step::CreateOutbound(trunk) => {
            let id = livekit.create_outbound(trunk).await?;
            observed.outbound.push(Listed::written(id, trunk.clone()));
        }
        Step::ReplaceOutbound(id, trunk) => {
            livekit.replace_outbound(id, trunk).await?;
            replace(&mut observed.outbound, id, trunk.clone());
        }
        Step::CreateRule(trunk, rule) => {
            let rule = on_trunk(rule, trunk, created);
            let id = livekit.create_rule(&rule).await?;
            observed.rules.push(Listed::written(id, rule));
        }
        Step::ReplaceRule(id, trunk, rule) => {
            let rule = on_trunk(rule, trunk, created);
            livekit.replace_rule(id, &rule).await?;
            replace(&mut observed.rules, id, rule);
        }
        Step::DeleteInbound(id) => {
            livekit.delete_trunk(id).await?;
            observed.inbound.retain(|listed| listed.id != *id);
        }
        Step::DeleteOutbound(id) => {
            livekit.delete_trunk(id).await?;
            observed.outbound.retain(|listed| listed.id != *id);
        }
        Step::DeleteRule(id) => {
            livekit.delete_rule(id).await?;
            observed.rules.retain(|listed| listed.id != *id);
        }
    }
    Ok(())
}

/// The rule with its trunk's id.
fn on_trunk(rule: &DispatchRule, trunk: &TrunkRef, created: &BTreeMap<BotId, String>) -> DispatchRule {
    let id = match trunk {
        TrunkRef::Id(id) => id,
        TrunkRef::Created(bot) => created.get(bot).expect("a plan creates a trunk before the rule that names it"),
    };
    DispatchRule { trunk_ids: vec![id.clone()], ..rule.clone() }
}

fn replace<T>(listed: &mut [Listed<T>], id: &str, object: T) {
    if let Some(found) = listed.iter_mut().find(|listed| listed.id == id) {
        *found = Listed::written(id.to_owned(), object);
    }
}
