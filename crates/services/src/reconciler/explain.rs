//! Why a sync failed, and what the operator can do.

use domain::livekit::{Conflict, ObjectKind, Step};
use store::{Result, Tx};

use crate::StepError;

/// So many conflicts are described in one message.
const DESCRIBED: usize = 3;

/// The number, the trunk that has it, and what to do.
pub(crate) async fn describe_conflict(tx: &mut Tx, conflict: &Conflict) -> Result<String> {
    let Conflict { number, trunk_id, trunk_name, owner, .. } = conflict;
    let names = tx.carrier_names(owner.as_slice()).await?;
    Ok(match names.into_values().next() {
        Some(name) => format!(
            "{number} is already on the inbound trunk of {name}. Remove it there, or here, and sync again. If the numbers only \
             look alike in their national form, clear the destination country of one of the carriers."
        ),
        None => format!(
            "{number} is already on the inbound trunk {trunk_name} ({trunk_id}) in LiveKit, which Trunkline does not manage. \
             Remove it there, or here, and sync again; or adopt the trunk under Compare with LiveKit."
        ),
    })
}

/// The numbers that were left out of a sync.
pub(super) async fn describe_conflicts(tx: &mut Tx, conflicts: &[Conflict]) -> Result<String> {
    let mut sentences = Vec::new();
    for conflict in conflicts.iter().take(DESCRIBED) {
        sentences.push(describe_conflict(tx, conflict).await?);
    }
    let more = conflicts.len().saturating_sub(DESCRIBED);
    if more > 0 {
        sentences.push(format!("{more} more numbers are on other trunks, too."));
    }
    sentences.push("Everything else of the carrier is synced.".to_owned());
    Ok(sentences.join(" "))
}

/// LiveKit's error, and the kind of object that it is about.
pub(crate) fn step_error(step: &Step, error: livekit::Error) -> StepError {
    let object = match step {
        Step::CreateInbound(..) | Step::ReplaceInbound(..) | Step::DeleteInbound(_) => ObjectKind::InboundTrunk,
        Step::CreateOutbound(_) | Step::ReplaceOutbound(..) | Step::DeleteOutbound(_) => ObjectKind::OutboundTrunk,
        Step::CreateRule(..) | Step::ReplaceRule(..) | Step::DeleteRule(_) => ObjectKind::DispatchRule,
    };
    StepError::LiveKit { object, error }
}
