use domain::{
    BotId, Problem,
    input::BotInput,
    view::{BotPage, BotView},
};

use super::http;

const PATH: &str = "/api/v1/bots";

pub async fn list() -> Result<BotPage, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.bots.list(&actor).await?)
    }
    #[cfg(not(feature = "ssr"))]
    http::get(PATH).await
}

pub async fn get(id: BotId) -> Result<BotView, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.bots.get(&actor, &id).await?)
    }
    #[cfg(not(feature = "ssr"))]
    http::get(&format!("{PATH}/{id}")).await
}

pub async fn create(input: BotInput) -> Result<BotView, Problem> {
    http::send("POST", PATH, &input).await
}

pub async fn update(id: BotId, input: BotInput) -> Result<BotView, Problem> {
    http::send("PUT", &format!("{PATH}/{id}"), &input).await
}

pub async fn delete(id: BotId) -> Result<(), Problem> {
    http::delete(&format!("{PATH}/{id}")).await
}
