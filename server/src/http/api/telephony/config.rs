//! `/api/v1/config…`: what workers load when a call begins.

use api_types::{
    Problem,
    input::{ConfigInput, ConfigQuery},
    view::ConfigView,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
};
use domain::BotId;

use crate::http::{
    AppState,
    shared::{
        core_caller::CoreCaller,
        extract::{Body, Id, Params},
        problem::ApiResult,
    },
};

type Uncached = ([(HeaderName, &'static str); 1], Json<ConfigView>);

/// Each answer belongs to one call.
fn uncached(view: ConfigView) -> Uncached {
    ([(header::CACHE_CONTROL, "no-store")], Json(view))
}

/// The runtime configuration for one call
///
/// The bot's runtime configuration, with defaults, and the SIP headers of the call that the bot allows.
#[utoipa::path(get, path = "/config/{bot_id}", tag = "Telephony", security(("core_secret" = [])),
    params(("bot_id" = BotId, Path), ConfigQuery),
    responses((status = 200, body = ConfigView), (status = 404, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem, description = "The bot does not answer at this time")))]
pub(super) async fn get(
    State(state): State<AppState>,
    _: CoreCaller,
    Id(bot_id): Id<BotId>,
    Params(query): Params<ConfigQuery>,
) -> ApiResult<Uncached> {
    let request = query.parse().map_err(services::Error::from)?;
    Ok(uncached(state.services.configs.get(&bot_id, &request).await?))
}

/// The runtime configuration for one call, with its SIP headers
#[utoipa::path(post, path = "/config", tag = "Telephony", security(("core_secret" = [])), request_body = ConfigInput,
    responses((status = 200, body = ConfigView), (status = 404, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem, description = "The bot does not answer at this time")))]
pub(super) async fn post(
    State(state): State<AppState>,
    _: CoreCaller,
    Body(input): Body<ConfigInput>,
) -> ApiResult<Uncached> {
    let (bot_id, request) = input.parse().map_err(services::Error::from)?;
    let bot_id = bot_id.ok_or(services::Error::NotFound("bot"))?;
    Ok(uncached(state.services.configs.get(&bot_id, &request).await?))
}
