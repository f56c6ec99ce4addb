//! The bot's forms.

use api_types::input::BotInput;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::BotId;
use services::Error;

use super::form::Form;
use crate::http::{AppState, shared::problem::no_route};

const LIST: &str = "/dashboard/bots";

pub(super) async fn create(State(state): State<AppState>, form: Form) -> Response {
    let address = format!("{LIST}/create");
    let input: BotInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.bots.create(actor, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| LIST.to_owned())).await
}

pub(super) async fn update(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<BotId>() else { return no_route().await.into_response() };
    let address = format!("{LIST}/{id}");
    let input: BotInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.bots.update(actor, &id, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| LIST.to_owned())).await
}

pub(super) async fn delete(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<BotId>() else { return no_route().await.into_response() };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.bots.delete(actor, &id).await,
    };
    form.answer(&state, &format!("{LIST}/{id}?delete=1"), outcome.map(|()| LIST.to_owned())).await
}
