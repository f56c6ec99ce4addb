//! Why LiveKit did not follow, in words that say what to do.

use std::collections::BTreeSet;

use domain::livekit::{Actual, InboundTrunk, Listed, Mark, Step};
use store::SyncTask;

use crate::{Result, core::Core};

/// LiveKit's conflicts name trunks by ids that no operator knows; what we have seen of LiveKit names carriers and numbers.
pub(super) async fn explain(
    core: &Core,
    task: &SyncTask,
    step: &Step,
    actual: &Actual,
    error: &livekit::Error,
) -> Result<String> {
    let (Step::CreateInbound(_, trunk) | Step::ReplaceInbound(_, trunk)) = step else {
        return Ok(format!("{}: {error}", what(step)));
    };
    if error.code() != Some("invalid_argument") || !error.message().contains("Conflicting inbound SIP Trunks") {
        return Ok(format!("{}: {error}", what(step)));
    }
    let Some((number, holder)) = conflict(task, trunk, actual) else {
        return Ok(format!(
            "{}: {error} Look for a trunk with the same number that was made outside of Trunkline.",
            what(step)
        ));
    };
    let holder_carrier = Mark::read(&holder.object.metadata).map(|mark| mark.carrier_id);
    let names = core.store.read().await?.carrier_names(holder_carrier.as_slice()).await?;
    let refused = "LiveKit refused the inbound trunk";
    Ok(match (number, names.into_values().next()) {
        (Some(number), Some(name)) => {
            format!("{refused}: {number} is already on the trunk of {name}. Remove it there, or here, and sync again.")
        }
        (Some(number), None) => format!(
            "{refused}: {number} is already on the trunk {} ({}), which Trunkline does not keep. Remove it in LiveKit, or \
             here, and sync again.",
            holder.object.name, holder.id
        ),
        (None, _) => format!(
            "{refused}: the trunk {} ({}) answers for every number. Give it numbers in LiveKit, or remove it, and sync again.",
            holder.object.name, holder.id
        ),
    })
}

/// The first trunk that stands in the way, and the number, or none where it takes them all.
fn conflict<'a>(
    task: &SyncTask,
    trunk: &InboundTrunk,
    actual: &'a Actual,
) -> Option<(Option<String>, &'a Listed<InboundTrunk>)> {
    let wanted: BTreeSet<&str> = trunk.numbers.iter().map(|number| bare(number)).collect();
    actual
        .inbound
        .iter()
        .filter(|listed| Mark::read(&listed.object.metadata).is_none_or(|mark| mark.carrier_id != task.carrier_id))
        .find_map(|listed| {
            if listed.object.numbers.is_empty() {
                return Some((None, listed));
            }
            let shared = listed.object.numbers.iter().find(|number| wanted.contains(bare(number)))?;
            Some((Some(shared.clone()), listed))
        })
}

/// LiveKit compares numbers on trunks with and without the plus as one.
fn bare(number: &str) -> &str {
    number.trim_start_matches('+')
}

fn what(step: &Step) -> &'static str {
    match step {
        Step::CreateInbound(..) | Step::ReplaceInbound(..) | Step::DeleteInbound(_) => "Inbound trunk",
        Step::CreateOutbound(_) | Step::ReplaceOutbound(..) | Step::DeleteOutbound(_) => "Outbound trunk",
        Step::CreateRule(..) | Step::ReplaceRule(..) | Step::DeleteRule(_) => "Dispatch rule",
    }
}
