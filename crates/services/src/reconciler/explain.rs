//! Why LiveKit cannot follow, in words that say what to do.

use std::collections::BTreeSet;

use domain::livekit::{Actual, InboundTrunk, Listed, Mark, Step, bare};
use store::SyncTask;

use crate::{Result, core::Core};

/// Another trunk has one of the numbers that this step writes.
///
/// LiveKit refuses that on a create, naming trunks by ids that no operator knows; on a replace it lets it happen, and then
/// fails the calls. So the step is not taken, and the message names carrier and number.
pub(super) async fn conflict(core: &Core, task: &SyncTask, step: &Step, actual: &Actual) -> Result<Option<String>> {
    let (Step::CreateInbound(_, trunk) | Step::ReplaceInbound(_, trunk)) = step else { return Ok(None) };
    let Some((number, holder)) = holder(task, trunk, actual) else { return Ok(None) };
    let carrier = Mark::read(&holder.object.metadata).map(|mark| mark.carrier_id);
    let names = core.store.read().await?.carrier_names(carrier.as_slice()).await?;
    Ok(Some(match names.into_values().next() {
        Some(name) => format!(
            "{number} is already on the inbound trunk of {name}. Remove it there, or here, and sync again. If the numbers only \
             look alike in their national form, clear the destination country of one of the carriers."
        ),
        None => format!(
            "{number} is already on the inbound trunk {} ({}) in LiveKit, which Trunkline does not keep. Remove it there, or \
             here, and sync again.",
            holder.object.name, holder.id
        ),
    }))
}

/// What LiveKit answered, with the object that it was about.
pub(super) fn explain(step: &Step, error: &livekit::Error) -> String {
    let what = match step {
        Step::CreateInbound(..) | Step::ReplaceInbound(..) | Step::DeleteInbound(_) => "Inbound trunk",
        Step::CreateOutbound(_) | Step::ReplaceOutbound(..) | Step::DeleteOutbound(_) => "Outbound trunk",
        Step::CreateRule(..) | Step::ReplaceRule(..) | Step::DeleteRule(_) => "Dispatch rule",
    };
    format!("{what}: {error}")
}

fn holder<'a>(
    task: &SyncTask,
    trunk: &InboundTrunk,
    actual: &'a Actual,
) -> Option<(&'a str, &'a Listed<InboundTrunk>)> {
    let wanted: BTreeSet<&str> = trunk.numbers.iter().map(|number| bare(number)).collect();
    actual
        .inbound
        .iter()
        .filter(|listed| Mark::read(&listed.object.metadata).is_none_or(|mark| mark.carrier_id != task.carrier_id))
        .find_map(|listed| {
            let shared = listed.object.numbers.iter().find(|number| wanted.contains(bare(number)))?;
            Some((shared.as_str(), listed))
        })
}
