//! Bots: named LiveKit agents that answer calls.

use std::{fmt, str::FromStr};

use crate::{AccountId, BotId, BotName, Timestamp, field::FieldFault, text};

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
    /// The LiveKit agent that is dispatched.
    pub agent_name: AgentName,
    /// Passed to the agent with each call.
    pub metadata: BotMetadata,
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
