//! The forms of a carrier's drift page.

use api_types::input::{AdoptInput, ApplyInput};
use app::urls;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::CarrierId;
use services::{Actor, Error};

use super::form::Form;
use crate::http::{AppState, shared::problem::no_route};

pub(super) async fn apply(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<CarrierId>() else { return no_route().await.into_response() };
    let address = format!("{}?apply=1", urls::carrier_drift(&id));
    let input: ApplyInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match actor(&form) {
        Err(error) => Err(error),
        Ok(actor) => state.services.drift.apply(actor, &id, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| format!("{}?done=applied", urls::carrier_drift(&id)))).await
}

pub(super) async fn adopt(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<CarrierId>() else { return no_route().await.into_response() };
    let input: AdoptInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &urls::carrier_drift(&id), problem).await,
    };
    let pairs = [
        ("adopt", input.trunk_id.0.as_str()),
        ("bot_id", input.bot_id.as_ref().map_or("", |bot| bot.0.as_str())),
        ("take", &input.take.0.join(",")),
        ("preview", "1"),
    ];
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    let address = format!("{}?{query}", urls::carrier_drift(&id));
    let outcome = match actor(&form) {
        Err(error) => Err(error),
        Ok(actor) => state.services.drift.adopt(actor, &id, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| format!("{}?done=adopted", urls::carrier_drift(&id)))).await
}

pub(super) async fn remove_orphans(State(state): State<AppState>, Path(id): Path<String>, form: Form) -> Response {
    let Ok(id) = id.parse::<CarrierId>() else { return no_route().await.into_response() };
    let pairs = [("remove", form.field("group").unwrap_or_default())];
    let address = format!("{}?{}", urls::carrier_drift(&id), serde_urlencoded::to_string(pairs).unwrap_or_default());
    let input: ApplyInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match actor(&form) {
        Err(error) => Err(error),
        Ok(actor) => state.services.drift.remove_orphans(actor, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| format!("{}?done=removed", urls::carrier_drift(&id)))).await
}

fn actor(form: &Form) -> Result<&Actor, Error> {
    form.actor().ok_or(Error::Unauthenticated)
}
