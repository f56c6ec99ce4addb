//! The bot's forms.

use api_types::input::BotInput;
use app::urls;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::BotId;
use services::Error;

use super::form::Form;
use crate::http::{AppState, shared::problem::no_route};

pub(super) async fn create(State(state): State<AppState>, form: Form) -> Response {
    let address = urls::CREATE_BOT;
    let input: BotInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, address, problem).await,
    };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.bots.create(actor, &input).await,
    };
    form.answer(&state, address, outcome.map(|_| urls::BOTS.to_owned())).await
}

pub(super) async fn update(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<BotId>() else { return no_route().await.into_response() };
    let address = urls::bot(&id);
    let input: BotInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.bots.update(actor, &id, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| urls::BOTS.to_owned())).await
}

pub(super) async fn delete(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<BotId>() else { return no_route().await.into_response() };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.bots.delete(actor, &id).await,
    };
    form.answer(&state, &(urls::bot(&id) + "?delete=1"), outcome.map(|()| urls::BOTS.to_owned())).await
}
