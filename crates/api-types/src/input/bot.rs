use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Text, text::present, version};
use domain::{BotSettings, FieldErrors};

/// The body of `POST` and `PUT /api/v1/bots`, and the bot form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct BotInput {
    /// The bot's name on pages.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "Concierge")]
    pub name: Option<Text>,
    /// The name that the agent registers with LiveKit.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "concierge")]
    pub agent_name: Option<Text>,
    /// Passed to the agent with each call; usually JSON.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub metadata: Option<Text>,
    /// The version that the client has read; absent to save over any version.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

impl BotInput {
    /// The new settings. `current` are those before an update, None for a new bot.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self, current: Option<&BotSettings>) -> Result<BotSettings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let raw = |text: Option<&Text>| text.map_or(String::new(), |text| text.0.clone());
        let name = match (&self.name, current) {
            (None, Some(now)) => Some(now.name.clone()),
            (text, _) => errors.record("name", raw(text.as_ref()).parse()),
        };
        let agent_name = match (&self.agent_name, current) {
            (None, Some(now)) => Some(now.agent_name.clone()),
            (text, _) => errors.record("agent_name", raw(text.as_ref()).parse()),
        };
        let metadata = match (&self.metadata, current) {
            (None, Some(now)) => Some(now.metadata.clone()),
            (text, _) => errors.record("metadata", raw(text.as_ref()).parse()),
        };
        match (name, agent_name, metadata) {
            (Some(name), Some(agent_name), Some(metadata)) => Ok(BotSettings { name, agent_name, metadata }),
            _ => Err(errors),
        }
    }

    /// The version that the client has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }
}
