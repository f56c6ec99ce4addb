use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use domain::{BotId, SipContext};

/// `GET /api/v1/config/{bot_id}`: what a worker needs to answer a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigView {
    /// The id that a campaign has given the session, else a new one for each request.
    pub session_id: String,
    /// The bot that answers.
    pub bot_id: BotId,
    /// What the bot gets of the call's SIP headers.
    pub sip_context: SipContext,
    /// The bot's runtime configuration, with the defaults of keys that it does not have.
    #[serde(flatten)]
    pub runtime_config: BTreeMap<String, Value>,
}
