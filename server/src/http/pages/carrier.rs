//! The carrier's forms.

use api_types::input::CarrierInput;
use app::urls;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::CarrierId;
use services::{Actor, Error};

use super::form::Form;
use crate::http::{AppState, shared::problem::no_route};

pub(super) async fn create(State(state): State<AppState>, form: Form) -> Response {
    // With the provider in the query.
    let address = form.parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let input: CarrierInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.carriers.create(actor, &input).await,
    };
    form.answer(&state, &address, outcome.map(|carrier| urls::carrier(&carrier.id))).await
}

pub(super) async fn update(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<CarrierId>() else { return no_route().await.into_response() };
    let address = urls::carrier(&id) + "?edit=1";
    let input: CarrierInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.carriers.update(actor, &id, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| urls::carrier(&id))).await
}

pub(super) async fn sync(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<CarrierId>() else { return no_route().await.into_response() };
    let outcome = match actor(&form) {
        Err(error) => Err(error),
        // The page shows the outcome of the sync.
        Ok(actor) => match state.services.carriers.sync(actor, &id).await {
            Ok(_) | Err(Error::SyncFailed(_)) => Ok(urls::carrier(&id)),
            Err(error) => Err(error),
        },
    };
    form.answer(&state, &urls::carrier(&id), outcome).await
}

pub(super) async fn delete(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<CarrierId>() else { return no_route().await.into_response() };
    let outcome = match actor(&form) {
        Err(error) => Err(error),
        Ok(actor) => state.services.carriers.delete(actor, &id).await,
    };
    form.answer(&state, &(urls::carrier(&id) + "?delete=1"), outcome.map(|()| urls::CARRIERS.to_owned())).await
}

fn actor(form: &Form) -> Result<&Actor, Error> {
    form.actor().ok_or(Error::Unauthenticated)
}
