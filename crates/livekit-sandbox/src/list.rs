//! Pages and filters of LiveKit's `List…` calls (`ListPageIter` in `livekit/types.go`, `redisIterPage` in livekit-server).

use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Unbounded},
};

use livekit_protocol as proto;

use crate::number::normalize;

/// LiveKit's batch, where a page has no limit.
const BATCH: usize = 1000;

/// Sorted by id, after `after_id`. `limit` does not limit: LiveKit reads batches of that size and returns them all, but ends
/// at the first batch of which the filter leaves nothing. So a filter should come without a page.
pub(crate) fn paged<T: Clone>(
    all: &BTreeMap<String, T>,
    page: Option<&proto::Pagination>,
    keep: impl Fn(&T) -> bool,
) -> Vec<T> {
    let Some(page) = page else { return all.values().filter(|item| keep(item)).cloned().collect() };
    let batch = usize::try_from(page.limit).ok().filter(|limit| *limit > 0).unwrap_or(BATCH);
    let mut after = page.after_id.as_str();
    let mut found = Vec::new();
    loop {
        let kept: Vec<_> =
            all.range::<str, _>((Excluded(after), Unbounded)).take(batch).filter(|(_, item)| keep(item)).collect();
        let Some((last, _)) = kept.last() else { return found };
        after = last;
        found.extend(kept.into_iter().map(|(_, item)| item.clone()));
    }
}

/// A number also matches trunks without numbers.
pub(crate) fn inbound_matches(trunk: &proto::SipInboundTrunkInfo, ids: &[String], numbers: &[String]) -> bool {
    let number =
        |number: &String| numbers.contains(number) || numbers.iter().any(|other| normalize(other) == normalize(number));
    (ids.is_empty() || ids.contains(&trunk.sip_trunk_id))
        && (numbers.is_empty() || trunk.numbers.is_empty() || trunk.numbers.iter().any(number))
}

/// Numbers are compared as text, not normalised as those of inbound trunks are.
pub(crate) fn outbound_matches(trunk: &proto::SipOutboundTrunkInfo, ids: &[String], numbers: &[String]) -> bool {
    (ids.is_empty() || ids.contains(&trunk.sip_trunk_id))
        && (numbers.is_empty() || trunk.numbers.is_empty() || trunk.numbers.iter().any(|own| numbers.contains(own)))
}

/// A trunk also matches rules without trunks.
pub(crate) fn rule_matches(rule: &proto::SipDispatchRuleInfo, ids: &[String], trunk_ids: &[String]) -> bool {
    (ids.is_empty() || ids.contains(&rule.sip_dispatch_rule_id))
        && (trunk_ids.is_empty()
            || rule.trunk_ids.is_empty()
            || rule.trunk_ids.iter().any(|own| trunk_ids.contains(own)))
}
