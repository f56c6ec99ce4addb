use api_types::{
    input::BotInput,
    view::{BotPage, BotView},
};
use domain::BotId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "bots/list", input = Json, output = Json)]
pub async fn list_bots() -> Result<BotPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.bots.list(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "bots/get", input = Json, output = Json)]
pub async fn get_bot(id: BotId) -> Result<BotView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.bots.get(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "bots/create", input = Json, output = Json)]
pub async fn create_bot(#[server(flatten)] input: BotInput) -> Result<BotView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.bots.create(&actor, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "bots/update", input = Json, output = Json)]
pub async fn update_bot(id: BotId, #[server(flatten)] input: BotInput) -> Result<BotView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.bots.update(&actor, &id, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "bots/delete", input = Json, output = Json)]
pub async fn delete_bot(id: BotId) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.bots.delete(&actor, &id).await?)
}

impl FormFn for CreateBot {
    type Input = BotInput;
}

impl FormFn for UpdateBot {
    type Input = BotInput;
}

impl FormFn for DeleteBot {
    type Input = ();
}
