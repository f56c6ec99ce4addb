//! The three LiveKit SIP objects, reduced to the fields that Trunkline decides on.
//!
//! Source: `livekit_sip.proto` (SIPInboundTrunkInfo, SIPOutboundTrunkInfo, SIPDispatchRuleInfo) in livekit-protocol.
//! Lists are sorted and without duplicates, so that equal states compare as equal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Country, HEADER_ATTRIBUTE_PREFIX, Secret, Transport};

/// The kind of an object. The ids of inbound and outbound trunks have the same prefix, `ST_…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// SIPInboundTrunkInfo.
    InboundTrunk,
    /// SIPOutboundTrunkInfo.
    OutboundTrunk,
    /// SIPDispatchRuleInfo.
    DispatchRule,
}

impl ObjectKind {
    /// The kind in messages: "inbound trunk".
    pub fn label(self) -> &'static str {
        match self {
            Self::InboundTrunk => "inbound trunk",
            Self::OutboundTrunk => "outbound trunk",
            Self::DispatchRule => "dispatch rule",
        }
    }
}

/// Accepts calls to these numbers, from these addresses, with these credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboundTrunk {
    /// The name in LiveKit.
    pub name: String,
    /// JSON with the [`super::OwnerTag`].
    pub metadata: String,
    /// Called numbers, in each spelling that the carrier may send; LiveKit accepts them with and without the plus.
    pub numbers: Vec<String>,
    /// CIDR ranges, a single address with `/32` or `/128`; never host names. Empty: LiveKit checks no source address.
    pub allowed_addresses: Vec<String>,
    /// Empty: LiveKit requires no credentials.
    pub auth_username: String,
    /// The password of the username.
    pub auth_password: Secret,
    /// SIP headers that LiveKit copies into attributes of the caller's participant: the header, and the attribute.
    pub headers_to_attributes: BTreeMap<String, String>,
    /// Whether LiveKit cancels noise. None in a desired state: the trunk keeps the value that it has.
    pub krisp_enabled: Option<bool>,
}

impl InboundTrunk {
    /// The trunk with what is an operator's choice on the observed one: `krisp_enabled` where the carrier does not set it,
    /// and added entries of `headers_to_attributes`. Trunkline's own entries copy a header into the attribute
    /// `sip.h.<header>`; any other attribute is an operator's.
    #[must_use]
    pub fn with_operator_settings_of(&self, observed: &Self) -> Self {
        let mut trunk = self.clone();
        trunk.krisp_enabled = self.krisp_enabled.or(observed.krisp_enabled);
        for (header, attribute) in &observed.headers_to_attributes {
            let is_own =
                attribute.strip_prefix(HEADER_ATTRIBUTE_PREFIX).is_some_and(|name| *name == header.to_lowercase());
            if !is_own {
                trunk.headers_to_attributes.entry(header.clone()).or_insert_with(|| attribute.clone());
            }
        }
        trunk
    }
}

/// Sends outbound calls to the carrier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboundTrunk {
    /// The name in LiveKit.
    pub name: String,
    /// JSON with the [`super::OwnerTag`].
    pub metadata: String,
    /// `host[:port]`, without a scheme.
    pub address: String,
    /// How SIP messages travel to the address.
    pub transport: Transport,
    /// The country by which LiveKit Cloud routes calls.
    pub destination_country: Option<Country>,
    /// Caller IDs. LiveKit picks one at random where the call names none.
    pub numbers: Vec<String>,
    /// Empty: no credentials.
    pub auth_username: String,
    /// The password of the username.
    pub auth_password: Secret,
}

/// Sends an accepted call to a room of its own, and dispatches one agent there, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DispatchRule {
    /// The name in LiveKit.
    pub name: String,
    /// JSON with the [`super::OwnerTag`].
    pub metadata: String,
    /// LiveKit ids (`ST_…`). Never empty: a rule without a trunk answers every trunk.
    pub trunk_ids: Vec<String>,
    /// Called numbers, which LiveKit compares as text. Empty for all of the trunk's, as Trunkline writes it.
    pub numbers: Vec<String>,
    /// Prefix of the room's name; the rest is random, one room a call.
    pub room_prefix: String,
    /// The LiveKit agent that is dispatched. Empty: none, since the fleet answers.
    pub agent_name: String,
    /// The metadata of the dispatch; empty without an agent.
    pub agent_metadata: String,
    /// Attributes of the caller's participant.
    pub attributes: BTreeMap<String, String>,
}

/// A number without its plus, since LiveKit does not distinguish the two on a trunk.
pub fn bare(number: &str) -> &str {
    number.trim_start_matches('+')
}

/// The digits of a number with punctuation, as LiveKit compares numbers of trunks (`NormalizeNumber` in
/// `livekit/sip.go`). Text that is no number stays as it is.
pub fn digits(number: &str) -> String {
    let rest = number.strip_prefix('+').unwrap_or(number);
    if rest.is_empty() || !rest.chars().all(|letter| letter.is_ascii_digit() || " -()".contains(letter)) {
        return number.to_owned();
    }
    rest.chars().filter(char::is_ascii_digit).collect()
}
