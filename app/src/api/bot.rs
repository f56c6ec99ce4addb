use api_types::{
    Problem,
    view::{BotPage, BotView},
};
use domain::BotId;

use super::server::caller;

pub async fn list() -> Result<BotPage, Problem> {
    let (services, actor) = caller()?;
    Ok(services.bots.list(&actor).await?)
}

pub async fn get(id: BotId) -> Result<BotView, Problem> {
    let (services, actor) = caller()?;
    Ok(services.bots.get(&actor, &id).await?)
}
