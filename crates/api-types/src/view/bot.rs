use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use domain::{AnsweredBy, Bot, BotId, SipHeaderConfig, Timestamp};

/// `GET /api/v1/bots/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotView {
    /// Id of the row.
    pub id: BotId,
    /// The bot's name on pages.
    pub name: String,
    /// What joins the rooms of its calls.
    pub answered_by: AnsweredBy,
    /// The LiveKit agent that is dispatched where `answered_by` is `agent`. Null: none was given.
    pub agent_name: Option<String>,
    /// Passed to the agent with each call.
    pub metadata: String,
    /// Which SIP headers of a call reach the prompt.
    pub sip_header_config: SipHeaderConfig,
    /// What a worker loads when a call begins. Absent in the list of bots.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub runtime_config: Option<Map<String, Value>>,
    /// The number of DIDs that it answers.
    pub did_count: i64,
    /// When the bot was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// `GET /api/v1/bots`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotPage {
    /// All bots, by name.
    pub items: Vec<BotView>,
    /// The number of bots.
    pub total: i64,
}

impl BotView {
    /// `did_count`: the number of DIDs that the bot answers.
    pub fn new(bot: &Bot, did_count: i64) -> Self {
        Self {
            id: bot.id.clone(),
            name: bot.settings.name.to_string(),
            answered_by: bot.settings.answered_by,
            agent_name: bot.settings.agent_name.as_ref().map(ToString::to_string),
            metadata: bot.settings.metadata.as_str().to_owned(),
            sip_header_config: bot.settings.sip_header_config.clone(),
            runtime_config: Some(bot.settings.runtime_config.object().clone()),
            did_count,
            created_at: bot.created_at,
            updated_at: bot.updated_at,
            version: bot.version,
        }
    }

    /// As part of a list, without the runtime configuration.
    #[must_use]
    pub fn in_list(self) -> Self {
        Self { runtime_config: None, ..self }
    }
}
