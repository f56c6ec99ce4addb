use api_types::{Problem, view::BotPage};

use super::server::caller;

pub async fn list() -> Result<BotPage, Problem> {
    let (services, actor) = caller()?;
    Ok(services.bots.list(&actor).await?)
}
