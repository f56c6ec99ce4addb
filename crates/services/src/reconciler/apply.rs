//! One carrier's plan, applied out step by step.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AccountId, BotId, CarrierId,
    livekit::{Desired, DispatchRule, Listed, Observed, OwnerTag, Step, TrunkRef, guessed_keys, plan},
};
use livekit::Client;
use store::{SyncTask, Tx};
use tracing::debug;

use super::{Reconciler, explain};
use crate::{Result, number_keys::e164_keys};

/// LiveKit holds what it should.
pub(super) struct Applied {
    /// Where there are several, the oldest bot's: other bots come and go without a change of this one.
    pub inbound_trunk: Option<String>,
    pub outbound_trunk: Option<String>,
    pub steps: usize,
}

/// It does not, yet.
pub(super) struct Failure {
    /// For operators.
    pub message: String,
    /// The last step may have happened.
    pub uncertain: bool,
    /// Another server took over, and goes on from here: nothing has failed.
    pub superseded: bool,
}

impl Failure {
    fn superseded() -> Self {
        Self { message: String::new(), uncertain: true, superseded: true }
    }

    /// LiveKit could not even be looked at.
    pub(super) fn not_observed(error: livekit::Error) -> Self {
        Self { message: error.to_string(), uncertain: true, superseded: false }
    }
}

/// The outer error is the database's, the inner one LiveKit's.
pub(super) async fn apply(
    reconciler: &Reconciler,
    task: &SyncTask,
    observed: &mut Observed,
) -> Result<Result<Applied, Failure>> {
    let Reconciler { context, writer, .. } = reconciler;
    let desired = load_desired(&mut context.store.read().await?, &task.account_id, &task.carrier_id).await?;
    let steps = plan(&task.carrier_id, &desired, observed);
    debug!(carrier = %task.carrier_id, steps = steps.len(), "plan");
    let mut created = BTreeMap::new();
    for step in &steps {
        if let Some(found) = explain::conflicting_trunk(&task.carrier_id, step, observed) {
            let message = explain::describe_conflict(&mut context.store.read().await?, found).await?;
            return Ok(Err(Failure { message, uncertain: false, superseded: false }));
        }
        if !reconciler.ensure_lease().await? {
            return Ok(Err(Failure::superseded()));
        }
        if let Err(error) = execute(&writer.livekit, step, &mut created, observed).await {
            let message = explain::describe_failure(step, &error);
            return Ok(Err(Failure { message, uncertain: error.may_have_happened(), superseded: false }));
        }
    }
    // What is left is a difference that LiveKit does not let us remove; better said than hidden.
    if !plan(&task.carrier_id, &desired, observed).is_empty() {
        let message = "LiveKit keeps another state than it was given. Sync again, and look at its version.".to_owned();
        return Ok(Err(Failure { message, uncertain: true, superseded: false }));
    }
    let bot_of = |metadata: &str| {
        OwnerTag::read(metadata)
            .filter(|owner_tag| owner_tag.carrier_id == task.carrier_id)
            .map(|owner_tag| owner_tag.bot_id)
    };
    let inbound = observed.inbound.iter().filter_map(|trunk| Some((bot_of(&trunk.object.metadata)?, &trunk.id)));
    let outbound = observed.outbound.iter().filter(|trunk| bot_of(&trunk.object.metadata).is_some());
    Ok(Ok(Applied {
        inbound_trunk: inbound.min().map(|(_, id)| id.clone()),
        outbound_trunk: outbound.map(|trunk| trunk.id.clone()).next(),
        steps: steps.len(),
    }))
}

/// Nothing where the carrier is gone.
pub(crate) async fn load_desired(tx: &mut Tx, account: &AccountId, id: &CarrierId) -> Result<Desired> {
    let Some(carrier) = tx.carrier(account, id).await? else { return Ok(Desired::default()) };
    let dids = tx.dids_of(std::slice::from_ref(id)).await?;
    let ids: BTreeSet<&BotId> = dids.iter().filter_map(|did| did.settings.bot_id.as_ref()).collect();
    let mut bots = Vec::with_capacity(ids.len());
    for id in ids {
        bots.extend(tx.bot(account, id).await?);
    }
    let e164_keys = e164_keys(tx, account, guessed_keys(&carrier, &dids)).await?;
    Ok(domain::livekit::desired(&carrier, &dids, &bots, &e164_keys))
}

/// One call to LiveKit; `observed` follows. `created` are the inbound trunks that this plan has made.
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

/// The rule, on its trunk.
fn on_trunk(rule: &DispatchRule, trunk: &TrunkRef, created: &BTreeMap<BotId, String>) -> DispatchRule {
    let id = match trunk {
        TrunkRef::Id(id) => id,
        TrunkRef::Created(bot) => created.get(bot).expect("a plan creates a trunk before the rule that hangs on it"),
    };
    DispatchRule { trunk_ids: vec![id.clone()], ..rule.clone() }
}

fn replace<T>(listed: &mut [Listed<T>], id: &str, object: T) {
    if let Some(found) = listed.iter_mut().find(|listed| listed.id == id) {
        *found = Listed::written(id.to_owned(), object);
    }
}
