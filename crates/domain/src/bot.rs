//! Who answers: a LiveKit agent, under a name that operators know.

use std::{fmt, str::FromStr};

use crate::{AccountId, BotId, BotName, Timestamp, field::FieldFault, text};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bot {
    pub id: BotId,
    pub account_id: AccountId,
    pub settings: BotSettings,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// What an operator decides about a bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotSettings {
    pub name: BotName,
    pub agent_name: AgentName,
    pub metadata: BotMetadata,
}

/// The name under which an agent registered with LiveKit, for explicit dispatch. It must match to the letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AgentName(String);

impl AgentName {
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
                "Give the agent's name as its worker registers it with LiveKit (agent_name), such as concierge.",
            ));
        }
        Ok(Self(text))
    }
}

/// Handed to the agent with each call; any text, most often JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BotMetadata(String);

impl BotMetadata {
    /// Bytes. LiveKit carries metadata in every participant update.
    pub const MAX: usize = 16 * 1024;

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
        // Text that sets out to be JSON should be: an agent that fails to read it fails on the call.
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
    fn metadata_is_any_text_but_no_broken_json() {
        for good in ["", "vip", "{\"tone\": \"warm\"}", "[1]", "line one\nline two"] {
            assert!(good.parse::<BotMetadata>().is_ok(), "{good}");
        }
        assert_eq!("{tone: warm}".parse::<BotMetadata>().unwrap_err().code, "bad_json");
        assert_eq!("a\0b".parse::<BotMetadata>().unwrap_err().code, "unprintable_character");
        assert_eq!("x".repeat(BotMetadata::MAX + 1).parse::<BotMetadata>().unwrap_err().code, "too_long");
    }
}
