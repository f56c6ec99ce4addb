//! Taking over what somebody made by hand: who gets Trunkline's owner_tag, and what becomes of the rules.
//!
//! The owner_tag goes on an inbound trunk first, by an update that changes nothing else; from then on [`super::plan`] sees the
//! objects as the carrier's own and replaces them in place. An outbound trunk is named by the carrier's row instead
//! ([`super::Desired::outbound_id`]), and its replace brings the owner_tag.

use super::{Listed, Observed, OwnerTag};

/// What becomes of a rule, made by hand, that answers the trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleFate {
    /// Gets the owner_tag, and becomes the bot's rule in place.
    Adopted,
    /// Is limited to some numbers, or has settings of its own, and stays beside the bot's rule; LiveKit prefers what is
    /// more specific.
    Stays,
    /// Names no trunk and so answers all of them; the bot's rule goes before it.
    CatchAll,
    /// Answers other trunks, too, so that it can neither be taken over nor stand beside the bot's rule.
    Shared,
}

/// LiveKit as it is with the owner_tag on the inbound trunk and on the rule that can be taken over, and what becomes of every
/// rule that answers the trunk: by its place in `observed.rules`.
pub fn adopt_inbound(observed: &Observed, trunk_id: &str, owner_tag: &OwnerTag) -> (Observed, Vec<(usize, RuleFate)>) {
    let unmanaged = |place: &usize| OwnerTag::read(&observed.rules[*place].object.metadata).is_none();
    let answers = |place: &usize| {
        let trunks = &observed.rules[*place].object.trunk_ids;
        trunks.is_empty() || trunks.iter().any(|id| id == trunk_id)
    };
    let candidate = |place: &usize| {
        let rule = &observed.rules[*place].object;
        rule.trunk_ids.len() == 1 && rule.numbers.is_empty()
    };
    let places: Vec<usize> = (0..observed.rules.len()).filter(unmanaged).filter(answers).collect();
    // The plain one, where there are several: the others have a PIN or callers of their own.
    let adopted =
        places.iter().copied().filter(candidate).min_by_key(|place| observed.rules[*place].unmanaged_settings);
    let fate = |place: usize| {
        let rule = &observed.rules[place].object;
        match rule.trunk_ids.len() {
            _ if Some(place) == adopted => RuleFate::Adopted,
            0 => RuleFate::CatchAll,
            1 => RuleFate::Stays,
            _ if rule.numbers.is_empty() => RuleFate::Shared,
            _ => RuleFate::Stays,
        }
    };
    let fates: Vec<(usize, RuleFate)> = places.into_iter().map(|place| (place, fate(place))).collect();
    let mut tagged = observed.clone();
    if let Some(trunk) = find(&mut tagged.inbound, trunk_id) {
        trunk.object.metadata = owner_tag.write();
    }
    if let Some(place) = adopted {
        tagged.rules[place].object.metadata = owner_tag.write();
    }
    (tagged, fates)
}

fn find<'a, T>(listed: &'a mut [Listed<T>], id: &str) -> Option<&'a mut Listed<T>> {
    listed.iter_mut().find(|listed| listed.id == id)
}
