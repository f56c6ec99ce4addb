//! Adopting an unmanaged trunk: which objects get the owner tag, and what happens to the rules.
//!
//! An inbound trunk gets the owner tag by an update that changes nothing else; from then on [`super::plan`] treats it as the
//! carrier's own and replaces it in place. An outbound trunk is named by the carrier's row instead
//! ([`super::Desired::outbound_id`]), and its replace writes the owner tag.

use super::{Listed, Observed, OwnerTag};

/// What happens to an unmanaged rule that answers the trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleOutcome {
    /// Gets the owner tag, and becomes the bot's rule, with its id.
    Adopted,
    /// Is limited to some numbers, or has other settings, and stays beside the bot's rule; LiveKit prefers the more
    /// specific rule.
    Stays,
    /// Names no trunk and so answers all of them; the bot's rule takes precedence.
    CatchAll,
    /// Answers other trunks, too, so that it can neither be adopted nor stay beside the bot's rule.
    Shared,
}

/// `observed` with the owner tag on the inbound trunk and on the rule that is adopted, and what happens to every rule that
/// answers the trunk, by its index in `observed.rules`.
pub fn adopt_inbound(
    observed: &Observed,
    trunk_id: &str,
    owner_tag: &OwnerTag,
) -> (Observed, Vec<(usize, RuleOutcome)>) {
    let unmanaged = |index: &usize| OwnerTag::read(&observed.rules[*index].object.metadata).is_none();
    let answers = |index: &usize| {
        let trunks = &observed.rules[*index].object.trunk_ids;
        trunks.is_empty() || trunks.iter().any(|id| id == trunk_id)
    };
    let candidate = |index: &usize| {
        let rule = &observed.rules[*index].object;
        rule.trunk_ids.len() == 1 && rule.numbers.is_empty()
    };
    let indexes: Vec<usize> = (0..observed.rules.len()).filter(unmanaged).filter(answers).collect();
    // Of several, the one without other settings such as a PIN.
    let adopted =
        indexes.iter().copied().filter(candidate).min_by_key(|index| observed.rules[*index].unmanaged_settings);
    let outcome = |index: usize| {
        let rule = &observed.rules[index].object;
        match rule.trunk_ids.len() {
            _ if Some(index) == adopted => RuleOutcome::Adopted,
            0 => RuleOutcome::CatchAll,
            1 => RuleOutcome::Stays,
            _ if rule.numbers.is_empty() => RuleOutcome::Shared,
            _ => RuleOutcome::Stays,
        }
    };
    let outcomes: Vec<(usize, RuleOutcome)> = indexes.into_iter().map(|index| (index, outcome(index))).collect();
    let mut tagged = observed.clone();
    if let Some(trunk) = find(&mut tagged.inbound, trunk_id) {
        trunk.object.metadata = owner_tag.write();
    }
    if let Some(index) = adopted {
        tagged.rules[index].object.metadata = owner_tag.write();
    }
    (tagged, outcomes)
}

fn find<'a, T>(listed: &'a mut [Listed<T>], id: &str) -> Option<&'a mut Listed<T>> {
    listed.iter_mut().find(|listed| listed.id == id)
}
