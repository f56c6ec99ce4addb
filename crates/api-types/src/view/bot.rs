use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{Bot, BotId, Timestamp};

/// `GET /api/v1/bots/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotView {
    /// Id of the row.
    pub id: BotId,
    /// The bot's name on pages.
    pub name: String,
    /// The LiveKit agent that is dispatched.
    pub agent_name: String,
    /// Passed to the agent with each call.
    pub metadata: String,
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
            agent_name: bot.settings.agent_name.to_string(),
            metadata: bot.settings.metadata.as_str().to_owned(),
            did_count,
            created_at: bot.created_at,
            updated_at: bot.updated_at,
            version: bot.version,
        }
    }
}
