//! Ring groups: several users or devices behind one target.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Bounded, EdgeKind, EdgeName, EdgeNoun, Reference, Target, UniqueKey,
    field::{Control, Field, Rules, choices, object, settings},
    settings::DEFAULT_RING_TIMEOUT,
};
use crate::{DeviceId, EdgeUserId, FieldErrors, FieldFault, RingGroupId};

choices! {
    /// How the members of a ring group ring.
    RingGroupStrategy (unknown_strategy) {
        /// All at once, each after its delay.
        RingAll = "ring_all",
        /// One after another, in the order of the list.
        Sequential = "sequential",
        /// One after another; each call begins with the next member.
        RoundRobin = "round_robin",
    }
}

/// A member of a ring group: a user or one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RingGroupMember {
    /// The edge user; absent for a device.
    #[serde(default)]
    pub user_id: Option<EdgeUserId>,
    /// The device; absent for a user.
    #[serde(default)]
    pub device_id: Option<DeviceId>,
    /// How many seconds later it begins to ring, with `ring_all`.
    #[serde(default)]
    pub delay_sec: Option<Bounded<0, 600>>,
    /// How many seconds it rings; absent: as the ring group.
    #[serde(default)]
    pub timeout_sec: Option<Bounded<1, 600>>,
}

impl Rules for RingGroupMember {
    fn check(&self, errors: &mut FieldErrors) {
        if self.user_id.is_some() == self.device_id.is_some() {
            let fault = FieldFault::new("bad_member", "A member has either user_id or device_id.");
            errors.add("members", fault);
        }
    }
}

impl Field for RingGroupMember {
    fn parse(value: &Value) -> Result<Self, FieldFault> {
        object(value, "the member")
    }

    fn control() -> Control {
        Control::Row(&[EdgeUserId::PREFIX, DeviceId::PREFIX])
    }

    fn text(&self) -> String {
        self.to_string()
    }

    fn is_separator(c: char) -> bool {
        matches!(c, '\n' | ',' | ';')
    }

    fn parse_entries(text: &str) -> Result<Vec<Self>, FieldFault> {
        text.parse().map(|member| vec![member])
    }
}

/// As a form has it: `us_… delay 5 timeout 20`.
impl fmt::Display for RingGroupMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.user_id, &self.device_id) {
            (Some(id), _) => write!(f, "{id}")?,
            (None, Some(id)) => write!(f, "{id}")?,
            (None, None) => {}
        }
        if let Some(delay) = self.delay_sec {
            write!(f, " delay {delay}")?;
        }
        match self.timeout_sec {
            Some(timeout) => write!(f, " timeout {timeout}"),
            None => Ok(()),
        }
    }
}

impl FromStr for RingGroupMember {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let mut words = text.split_whitespace();
        let id = words.next().unwrap_or_default();
        let bad = || {
            let message = "Write an edge user's or a device's id, and after it delay or timeout with seconds.";
            FieldFault::new("bad_member", message)
        };
        let mut member =
            Self { user_id: id.parse().ok(), device_id: id.parse().ok(), delay_sec: None, timeout_sec: None };
        if member.user_id.is_none() && member.device_id.is_none() {
            return Err(bad());
        }
        while let Some(word) = words.next() {
            let seconds = words.next().unwrap_or_default();
            match word {
                "delay" => member.delay_sec = Some(seconds.parse()?),
                "timeout" => member.timeout_sec = Some(seconds.parse()?),
                _ => return Err(bad()),
            }
        }
        Ok(member)
    }
}

settings! {
    /// Several users or devices that ring for one call.
    RingGroupSettings, RingGroupInput {
        /// Its name.
        name: EdgeName,
        /// How the members ring.
        strategy: RingGroupStrategy = RingGroupStrategy::RingAll,
        /// How long the ring group rings, in seconds; with the other strategies, each member.
        ring_timeout_sec: Bounded<1, 600> = DEFAULT_RING_TIMEOUT,
        /// The members, in their order.
        members: Vec<RingGroupMember>,
        /// Where a call goes that nobody has answered; absent: it ends.
        exit_target: Option<Target> = None,
    }
}

impl Rules for RingGroupSettings {
    fn check(&self, errors: &mut FieldErrors) {
        let is_repeated = |(index, member): (usize, &RingGroupMember)| {
            self.members[..index]
                .iter()
                .any(|earlier| (&earlier.user_id, &earlier.device_id) == (&member.user_id, &member.device_id))
        };
        if self.members.is_empty() {
            errors.add("members", FieldFault::required("Add a member."));
        } else if self.members.iter().enumerate().any(is_repeated) {
            errors.add("members", FieldFault::new("repeated_member", "A member is in the list twice."));
        }
    }
}

impl EdgeNoun for RingGroupSettings {
    type Id = RingGroupId;
    type Input = RingGroupInput;
    const KIND: EdgeKind = EdgeKind::RingGroup;

    fn name(&self) -> String {
        self.name.to_string()
    }

    fn unique_keys(&self) -> Vec<UniqueKey> {
        vec![UniqueKey {
            field: "name",
            key: self.name.as_str().to_lowercase(),
            message: format!("Another ring group is called {}.", self.name),
        }]
    }

    fn references(&self) -> Vec<Reference> {
        let members = self.members.iter().filter_map(|member| {
            let id = member.user_id.as_ref().map(ToString::to_string);
            id.or_else(|| member.device_id.as_ref().map(ToString::to_string))
        });
        let members = members.map(|id| Reference { field: "members", id });
        members.chain(self.exit_target.as_ref().and_then(|target| target.reference("exit_target"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn member_of_a_form_is_parsed() {
        let user = EdgeUserId::new(Ulid::from_parts(1, 2));
        for text in [format!("{user}"), format!("{user} delay 5"), format!("{user} delay 5 timeout 20")] {
            assert_eq!(text.parse::<RingGroupMember>().unwrap().to_string(), text);
        }
        for text in ["", "alice", &format!("{user} delay"), &format!("{user} after 5"), &format!("{user} delay 9999")] {
            assert!(text.parse::<RingGroupMember>().is_err(), "{text}");
        }
    }
}
