#[cfg(feature = "ssr")]
use domain::{BotId, view::BotView};
use domain::{Problem, view::BotPage};

pub async fn list() -> Result<BotPage, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.bots.list(&actor).await?)
    }
    #[cfg(not(feature = "ssr"))]
    super::http::get("/api/v1/bots").await
}

#[cfg(feature = "ssr")]
pub async fn get(id: BotId) -> Result<BotView, Problem> {
    let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
    Ok(services.bots.get(&actor, &id).await?)
}
