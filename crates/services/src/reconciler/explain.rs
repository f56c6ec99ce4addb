//! Why LiveKit cannot follow, in words that say what to do.

use std::collections::BTreeSet;

use domain::{
    CarrierId,
    livekit::{InboundTrunk, Listed, Observed, OwnerTag, Step, digits},
};
use store::Tx;

use crate::Result;

/// Another trunk has one of the numbers that this step writes: the number, and the trunk.
///
/// LiveKit refuses that on a create, naming trunks by ids that no operator knows; on a replace it lets it happen, and then
/// fails the calls. So the step is not taken, and [`conflict`] names carrier and number.
pub(crate) fn conflicting_trunk<'a>(
    carrier: &CarrierId,
    step: &Step,
    observed: &'a Observed,
) -> Option<(&'a str, &'a Listed<InboundTrunk>)> {
    let (Step::CreateInbound(_, trunk) | Step::ReplaceInbound(_, trunk)) = step else { return None };
    let wanted: BTreeSet<String> = trunk.numbers.iter().map(|number| digits(number)).collect();
    observed
        .inbound
        .iter()
        .filter(|listed| {
            OwnerTag::read(&listed.object.metadata).is_none_or(|owner_tag| owner_tag.carrier_id != *carrier)
        })
        .find_map(|listed| {
            let shared = listed.object.numbers.iter().find(|number| wanted.contains(&digits(number)))?;
            Some((shared.as_str(), listed))
        })
}

/// Who has the number, and what to do.
pub(crate) async fn describe_conflict(tx: &mut Tx, (number, holder): (&str, &Listed<InboundTrunk>)) -> Result<String> {
    let theirs = OwnerTag::read(&holder.object.metadata).map(|owner_tag| owner_tag.carrier_id);
    let names = tx.carrier_names(theirs.as_slice()).await?;
    Ok(match names.into_values().next() {
        Some(name) => format!(
            "{number} is already on the inbound trunk of {name}. Remove it there, or here, and sync again. If the numbers only \
             look alike in their national form, clear the destination country of one of the carriers."
        ),
        None => format!(
            "{number} is already on the inbound trunk {} ({}) in LiveKit, which Trunkline does not keep. Remove it there, or \
             here, and sync again; or take the trunk over under Compare with LiveKit.",
            holder.object.name, holder.id
        ),
    })
}

/// What LiveKit answered, with the object that it was about.
pub(crate) fn describe_failure(step: &Step, error: &livekit::Error) -> String {
    let what = match step {
        Step::CreateInbound(..) | Step::ReplaceInbound(..) | Step::DeleteInbound(_) => "Inbound trunk",
        Step::CreateOutbound(_) | Step::ReplaceOutbound(..) | Step::DeleteOutbound(_) => "Outbound trunk",
        Step::CreateRule(..) | Step::ReplaceRule(..) | Step::DeleteRule(_) => "Dispatch rule",
    };
    format!("{what}: {error}")
}
