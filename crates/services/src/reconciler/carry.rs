//! One carrier's plan, carried out step by step.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AccountId, BotId, CarrierId,
    livekit::{Actual, Desired, DispatchRule, Listed, Mark, Step, TrunkRef, desired, plan},
};
use livekit::Client;
use store::{SyncTask, Tx};
use tracing::debug;

use super::{Reconciler, explain};
use crate::Result;

/// LiveKit holds what it should.
pub(super) struct Carried {
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
    pub(super) fn unseen(error: livekit::Error) -> Self {
        Self { message: error.to_string(), uncertain: true, superseded: false }
    }
}

/// The outer error is the database's, the inner one LiveKit's.
pub(super) async fn carry(
    reconciler: &Reconciler,
    task: &SyncTask,
    actual: &mut Actual,
) -> Result<Result<Carried, Failure>> {
    let Reconciler { core, writer, .. } = reconciler;
    let wanted = wanted(&mut core.store.read().await?, &task.account_id, &task.carrier_id).await?;
    let steps = plan(&task.carrier_id, &wanted, actual);
    debug!(carrier = %task.carrier_id, steps = steps.len(), "plan");
    let mut created = BTreeMap::new();
    for step in &steps {
        if let Some(found) = explain::holder(&task.carrier_id, step, actual) {
            let message = explain::conflict(&mut core.store.read().await?, found).await?;
            return Ok(Err(Failure { message, uncertain: false, superseded: false }));
        }
        if !reconciler.hold_lease().await? {
            return Ok(Err(Failure::superseded()));
        }
        if let Err(error) = take(&writer.livekit, step, &mut created, actual).await {
            let message = explain::explain(step, &error);
            return Ok(Err(Failure { message, uncertain: error.may_have_happened(), superseded: false }));
        }
    }
    // What is left is a difference that LiveKit does not let us remove; better said than hidden.
    if !plan(&task.carrier_id, &wanted, actual).is_empty() {
        let message = "LiveKit keeps another state than it was given. Sync again, and look at its version.".to_owned();
        return Ok(Err(Failure { message, uncertain: true, superseded: false }));
    }
    let bot_of =
        |metadata: &str| Mark::read(metadata).filter(|mark| mark.carrier_id == task.carrier_id).map(|mark| mark.bot_id);
    let ways_in = actual.inbound.iter().filter_map(|trunk| Some((bot_of(&trunk.object.metadata)?, &trunk.id)));
    let ways_out = actual.outbound.iter().filter(|trunk| bot_of(&trunk.object.metadata).is_some());
    Ok(Ok(Carried {
        inbound_trunk: ways_in.min().map(|(_, id)| id.clone()),
        outbound_trunk: ways_out.map(|trunk| trunk.id.clone()).next(),
        steps: steps.len(),
    }))
}

/// Nothing where the carrier is gone.
pub(crate) async fn wanted(tx: &mut Tx, account: &AccountId, id: &CarrierId) -> Result<Desired> {
    let Some(carrier) = tx.carrier(account, id).await? else { return Ok(Desired::default()) };
    let dids = tx.dids_of(std::slice::from_ref(id)).await?;
    let ids: BTreeSet<&BotId> = dids.iter().filter_map(|did| did.settings.bot_id.as_ref()).collect();
    let mut bots = Vec::with_capacity(ids.len());
    for id in ids {
        bots.extend(tx.bot(account, id).await?);
    }
    Ok(desired(&carrier, &dids, &bots))
}

/// One call to LiveKit; `actual` follows. `created` are the inbound trunks that this plan has made.
pub(crate) async fn take(
    livekit: &Client,
    step: &Step,
    created: &mut BTreeMap<BotId, String>,
    actual: &mut Actual,
) -> Result<(), livekit::Error> {
    match step {
        Step::CreateInbound(bot, trunk) => {
            let id = livekit.create_inbound(trunk).await?;
            created.insert(bot.clone(), id.clone());
            actual.inbound.push(Listed::written(id, trunk.clone()));
        }
        Step::ReplaceInbound(id, trunk) => {
            livekit.replace_inbound(id, trunk).await?;
            put(&mut actual.inbound, id, trunk.clone());
        }
        Step::CreateOutbound(trunk) => {
            let id = livekit.create_outbound(trunk).await?;
            actual.outbound.push(Listed::written(id, trunk.clone()));
        }
        Step::ReplaceOutbound(id, trunk) => {
            livekit.replace_outbound(id, trunk).await?;
            put(&mut actual.outbound, id, trunk.clone());
        }
        Step::CreateRule(trunk, rule) => {
            let rule = hang(rule, trunk, created);
            let id = livekit.create_rule(&rule).await?;
            actual.rules.push(Listed::written(id, rule));
        }
        Step::ReplaceRule(id, trunk, rule) => {
            let rule = hang(rule, trunk, created);
            livekit.replace_rule(id, &rule).await?;
            put(&mut actual.rules, id, rule);
        }
        Step::DeleteInbound(id) => {
            livekit.delete_trunk(id).await?;
            actual.inbound.retain(|listed| listed.id != *id);
        }
        Step::DeleteOutbound(id) => {
            livekit.delete_trunk(id).await?;
            actual.outbound.retain(|listed| listed.id != *id);
        }
        Step::DeleteRule(id) => {
            livekit.delete_rule(id).await?;
            actual.rules.retain(|listed| listed.id != *id);
        }
    }
    Ok(())
}

/// The rule, on its trunk.
fn hang(rule: &DispatchRule, trunk: &TrunkRef, created: &BTreeMap<BotId, String>) -> DispatchRule {
    let id = match trunk {
        TrunkRef::Id(id) => id,
        TrunkRef::Created(bot) => created.get(bot).expect("a plan creates a trunk before the rule that hangs on it"),
    };
    DispatchRule { trunk_ids: vec![id.clone()], ..rule.clone() }
}

fn put<T>(listed: &mut [Listed<T>], id: &str, object: T) {
    if let Some(found) = listed.iter_mut().find(|listed| listed.id == id) {
        *found = Listed::written(id.to_owned(), object);
    }
}
