//! Bots: what answers calls.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::{
    AccountId, BotId, BotName, RuntimeConfig, SipHeaderConfig, Timestamp,
    field::{FieldFault, one_of},
    text,
};

/// What answers the calls to a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bot {
    /// Id of the row.
    pub id: BotId,
    /// The account of the row.
    pub account_id: AccountId,
    /// The operator's settings.
    pub settings: BotSettings,
    /// When the bot was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// The operator's settings of a bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotSettings {
    /// The bot's name on pages.
    pub name: BotName,
    /// What joins the rooms of its calls.
    pub answered_by: AnsweredBy,
    /// The LiveKit agent that is dispatched. Always there where `answered_by` is [`AnsweredBy::Agent`].
    pub agent_name: Option<AgentName>,
    /// Passed to the agent with each call.
    pub metadata: BotMetadata,
    /// Which SIP headers of a call reach the prompt.
    pub sip_header_config: SipHeaderConfig,
    /// What a worker loads when a call begins.
    pub runtime_config: RuntimeConfig,
}

impl BotSettings {
    /// The LiveKit agent that a dispatch rule dispatches; None where the fleet answers.
    pub fn dispatched_agent(&self) -> Option<&AgentName> {
        self.agent_name.as_ref().filter(|_| self.answered_by == AnsweredBy::Agent)
    }
}

/// What joins the rooms of a bot's calls.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
#[strum(parse_err_ty = FieldFault, parse_err_fn = unknown_answered_by)]
pub enum AnsweredBy {
    /// A LiveKit agent, which the dispatch rule dispatches.
    #[default]
    Agent,
    /// A worker of the fleet, to which Trunkline hands the call on.
    Fleet,
}

fn unknown_answered_by(_: &str) -> FieldFault {
    FieldFault::new("unknown_answered_by", one_of(<AnsweredBy as strum::IntoEnumIterator>::iter()))
}

impl AnsweredBy {
    /// The spelling in JSON and in the database: `fleet`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `LiveKit Agent`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Agent => "LiveKit Agent",
            Self::Fleet => "Fleet",
        }
    }
}

/// The name that an agent's worker registers with LiveKit for explicit dispatch. LiveKit compares it case-sensitively.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AgentName(String);

impl AgentName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AgentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AgentName {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the agent name", 128)?;
        if text.is_empty() {
            return Err(FieldFault::required(
                "Enter the agent's name as its worker registers it with LiveKit (agent_name), such as concierge.",
            ));
        }
        Ok(Self(text))
    }
}

/// The metadata of an agent dispatch, usually JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BotMetadata(String);

impl BotMetadata {
    /// In bytes. LiveKit sends metadata with every participant update.
    pub const MAX: usize = 16 * 1024;

    /// The metadata as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BotMetadata {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text.trim();
        if text.len() > Self::MAX {
            return Err(FieldFault::new(
                "too_long",
                format!("Shorten the metadata: {} bytes, at most {} fit.", text.len(), Self::MAX),
            ));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(FieldFault::new("unprintable_character", "Remove the control character from the metadata."));
        }
        // An agent that cannot parse its metadata fails during the call, so that broken JSON is refused here.
        if text.starts_with(['{', '['])
            && let Err(error) = serde_json::from_str::<serde_json::Value>(text)
        {
            return Err(FieldFault::new("bad_json", format!("This starts like JSON, but is not: {error}.")));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_any_text_except_invalid_json() {
        for good in ["", "vip", "{\"tone\": \"warm\"}", "[1]", "line one\nline two"] {
            assert!(good.parse::<BotMetadata>().is_ok(), "{good}");
        }
        assert_eq!("{tone: warm}".parse::<BotMetadata>().unwrap_err().code, "bad_json");
        assert_eq!("a\0b".parse::<BotMetadata>().unwrap_err().code, "unprintable_character");
        assert_eq!("x".repeat(BotMetadata::MAX + 1).parse::<BotMetadata>().unwrap_err().code, "too_long");
    }
}
