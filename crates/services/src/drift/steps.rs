//! A plan as it is shown before it is applied.

use domain::{
    CarrierId,
    livekit::{Conflict, Desired, ObjectKind, Observed, Step, StepAction, StepView, describe, plan},
};
use store::Tx;

use crate::{Result, reconciler::explain};

/// The steps that the reconciler would execute, and what keeps numbers from being among them.
pub(super) fn planned(carrier: &CarrierId, desired: Desired, observed: &Observed) -> (Vec<Step>, Vec<Conflict>) {
    let (desired, conflicts) = desired.without_conflicts(carrier, observed);
    (plan(carrier, &desired, observed), conflicts)
}

/// The steps as sentences; after them, blocked, one for each number that is left out.
pub(super) async fn describe_steps(
    tx: &mut Tx,
    steps: &[Step],
    conflicts: &[Conflict],
    observed: &Observed,
) -> Result<Vec<StepView>> {
    let mut views = describe(steps, observed);
    for conflict in conflicts {
        views.push(StepView {
            action: StepAction::Replace,
            kind: ObjectKind::InboundTrunk,
            id: None,
            name: conflict.number.clone(),
            text: format!("Add {} to the bot's inbound trunk.", conflict.number),
            blocked: Some(explain::describe_conflict(tx, conflict).await?),
        });
    }
    Ok(views)
}
