//! The forms of Exotel's page.

use api_types::{
    Problem,
    input::{ExotelImportInput, ExotelInput},
    view::ImportOutcome,
};
use app::urls;
use axum::{extract::State, response::Response};
use services::{Actor, Error};

use super::form::Form;
use crate::http::AppState;

const PAGE: &str = urls::EXOTEL;

pub(super) async fn save(State(state): State<AppState>, form: Form) -> Response {
    let address = format!("{PAGE}?edit=1");
    let input: ExotelInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match actor(&form) {
        Err(error) => Err(error),
        Ok(actor) => state.services.exotel.save(actor, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| PAGE.to_owned())).await
}

pub(super) async fn test(State(state): State<AppState>, form: Form) -> Response {
    let outcome = match actor(&form) {
        Err(error) => Err(error),
        // The page shows the outcome of the test.
        Ok(actor) => match state.services.exotel.test(actor).await {
            Ok(_) | Err(Error::Exotel { .. }) => Ok(PAGE.to_owned()),
            Err(error) => Err(error),
        },
    };
    form.answer(&state, PAGE, outcome).await
}

/// With `dry_run` the page shows the outcome in advance, with a form to confirm it. After an import, redirects to the
/// carrier, or shows the numbers that were skipped with their reasons.
pub(super) async fn import(State(state): State<AppState>, mut form: Form) -> Response {
    let address = format!("{PAGE}?numbers=1");
    let input: ExotelImportInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let understood = match input.parse() {
        Ok(import) => import,
        Err(errors) => return form.back(&state, &address, Problem::invalid(errors)).await,
    };
    if understood.dry_run && form.actor().is_some() {
        return form.preview(&state, &address).await;
    }
    let outcome = match actor(&form) {
        Err(error) => Err(error),
        Ok(actor) => state.services.exotel.import(actor, &input).await,
    };
    match outcome {
        Ok(imported) if imported.items.iter().any(|item| item.outcome != ImportOutcome::Added) => {
            form.parts.extensions.insert(imported);
            form.preview(&state, &address).await
        }
        outcome => {
            let carrier = urls::carrier(&understood.carrier_id);
            form.answer(&state, &address, outcome.map(|_| carrier)).await
        }
    }
}

pub(super) async fn disconnect(State(state): State<AppState>, form: Form) -> Response {
    let outcome = match actor(&form) {
        Err(error) => Err(error),
        Ok(actor) => state.services.exotel.disconnect(actor).await,
    };
    form.answer(&state, &format!("{PAGE}?disconnect=1"), outcome.map(|()| PAGE.to_owned())).await
}

fn actor(form: &Form) -> Result<&Actor, Error> {
    form.actor().ok_or(Error::Unauthenticated)
}
