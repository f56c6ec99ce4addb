//! What workers load when a call begins.

use std::sync::Arc;

use api_types::{input::ConfigRequest, view::ConfigView};
use domain::{BotId, RuntimeConfig, Timestamp, filter_sip_headers};
use tracing::debug;

use crate::{Error, Result, context::Context};

/// Use cases of workers, which authenticate with the core secret and have no user.
#[derive(Clone)]
pub struct Configs {
    context: Arc<Context>,
}

impl Configs {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// The bot's runtime configuration for one call.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a bot, [`Error::OutsideActiveHours`] where it does not answer now.
    pub async fn get(&self, bot_id: &BotId, request: &ConfigRequest) -> Result<ConfigView> {
        let ConfigRequest { caller_id, stream_id, connected_event, headers } = request;
        debug!(bot = %bot_id, caller_id, stream_id, "runtime configuration requested");
        let bot = self.context.store.read().await?.bot(&self.context.account, bot_id).await?;
        let bot = bot.ok_or(Error::NotFound("bot"))?.settings;
        check_active_hours(&bot.runtime_config, self.context.clock.now())?;
        let headers = headers.clone().unwrap_or_else(|| connected_event.sip_candidate_headers());
        let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Ok(ConfigView {
            session_id: connected_event
                .campaign_session_id()
                .unwrap_or_else(|| self.context.clock.ulid().to_string().to_lowercase()),
            bot_id: bot_id.clone(),
            sip_context: filter_sip_headers(pairs, &bot.sip_header_config),
            runtime_config: bot.runtime_config.with_defaults().into_iter().collect(),
        })
    }
}

fn check_active_hours(config: &RuntimeConfig, now: Timestamp) -> Result<()> {
    let (Some(hours), zone) = (config.active_hours(), config.time_zone()) else { return Ok(()) };
    let Some(local) = zone.local_time(now) else { return Ok(()) };
    if hours.contains(local) {
        return Ok(());
    }
    Err(Error::OutsideActiveHours {
        reason: format!("it is {} in {zone}, and the bot answers {}", local.describe(), hours.describe()),
        retry_after_seconds: hours.minutes_until_open(local) * 60,
    })
}
