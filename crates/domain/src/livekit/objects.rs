//! The three LiveKit SIP objects, reduced to the fields that Trunkline decides on.
//!
//! Source: `livekit_sip.proto` (SIPInboundTrunkInfo, SIPOutboundTrunkInfo, SIPDispatchRuleInfo) in livekit-protocol.
//! Lists are sorted and free of doubles, so that two equal states compare as equal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Country, Secret, Transport};

/// Which of the three kinds an object is; `ST_…` ids do not tell the two kinds of trunk apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    InboundTrunk,
    OutboundTrunk,
    DispatchRule,
}

impl ObjectKind {
    /// As operators say it, for messages: "inbound trunk".
    pub fn label(self) -> &'static str {
        match self {
            Self::InboundTrunk => "inbound trunk",
            Self::OutboundTrunk => "outbound trunk",
            Self::DispatchRule => "dispatch rule",
        }
    }
}

/// Lets calls in: to these numbers, from these addresses, with these credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboundTrunk {
    pub name: String,
    /// JSON; carries [`super::OwnerTag`].
    pub metadata: String,
    /// Called numbers, in each spelling that the carrier may send; LiveKit accepts them with and without the plus.
    pub numbers: Vec<String>,
    /// CIDR ranges, a single address with `/32` or `/128`; never host names. Empty: LiveKit checks no source address.
    pub allowed_addresses: Vec<String>,
    /// Empty: LiveKit asks for no credentials.
    pub auth_username: String,
    pub auth_password: Secret,
}

/// Sends calls out through the carrier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboundTrunk {
    pub name: String,
    pub metadata: String,
    /// `host[:port]`, without a scheme.
    pub address: String,
    pub transport: Transport,
    pub destination_country: Option<Country>,
    /// Caller ids; LiveKit picks one at random where the call names none.
    pub numbers: Vec<String>,
    pub auth_username: String,
    pub auth_password: Secret,
}

/// Sends an admitted call to a room of its own and dispatches one agent there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DispatchRule {
    pub name: String,
    pub metadata: String,
    /// LiveKit ids (`ST_…`). Never empty: a rule without a trunk answers every trunk.
    pub trunk_ids: Vec<String>,
    /// Called numbers, matched by LiveKit letter by letter; empty for all of the trunk's, which is what Trunkline writes.
    pub numbers: Vec<String>,
    /// Prefix of the room's name; the rest is random, one room a call.
    pub room_prefix: String,
    /// The LiveKit agent to dispatch, and what it is told.
    pub agent_name: String,
    pub agent_metadata: String,
    /// Attributes of the caller's participant.
    pub attributes: BTreeMap<String, String>,
}

/// What LiveKit compares of a number on a trunk: with the plus and without it are one.
pub fn bare(number: &str) -> &str {
    number.trim_start_matches('+')
}

/// What LiveKit compares of a number on a trunk that somebody wrote by hand, punctuation and all (`NormalizeNumber` in
/// `livekit/sip.go`): its digits; what is no number stays as it is.
pub fn digits(number: &str) -> String {
    let rest = number.strip_prefix('+').unwrap_or(number);
    if rest.is_empty() || !rest.chars().all(|letter| letter.is_ascii_digit() || " -()".contains(letter)) {
        return number.to_owned();
    }
    rest.chars().filter(char::is_ascii_digit).collect()
}
