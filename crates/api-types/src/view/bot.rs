use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{Bot, BotId, Timestamp};

/// A bot as `GET /api/v1/bots/{id}` answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotView {
    pub id: BotId,
    pub name: String,
    /// The LiveKit agent that is dispatched.
    pub agent_name: String,
    /// Handed to the agent with each call.
    pub metadata: String,
    /// How many numbers it answers.
    pub did_count: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// `GET /api/v1/bots`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotPage {
    pub items: Vec<BotView>,
    pub total: i64,
}

impl BotView {
    /// `did_count`: how many DIDs the bot answers.
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
