//! The forms of a phone number, on its carrier's page.

use api_types::input::DidInput;
use app::urls;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{CarrierId, DidId};
use services::Error;

use super::form::Form;
use crate::http::{AppState, shared::problem::no_route};

pub(super) async fn add(State(state): State<AppState>, Path(carrier): Path<String>, form: Form) -> Response {
    let Ok(carrier) = carrier.parse::<CarrierId>() else { return no_route().await.into_response() };
    let page = urls::carrier(&carrier);
    let address = urls::add_did(&carrier);
    let input: DidInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.dids.add(actor, &carrier, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| page)).await
}

pub(super) async fn update(
    State(state): State<AppState>,
    Path((carrier, did)): Path<(String, String)>,
    form: Form,
) -> Response {
    let Some((carrier, did)) = ids(&carrier, &did) else { return no_route().await.into_response() };
    let page = urls::carrier(&carrier);
    let address = urls::did(&carrier, &did);
    let input: DidInput = match form.input() {
        Ok(input) => input,
        Err(problem) => return form.back(&state, &address, problem).await,
    };
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.dids.update(actor, &carrier, &did, &input).await,
    };
    form.answer(&state, &address, outcome.map(|_| page)).await
}

pub(super) async fn remove(
    State(state): State<AppState>,
    Path((carrier, did)): Path<(String, String)>,
    form: Form,
) -> Response {
    let Some((carrier, did)) = ids(&carrier, &did) else { return no_route().await.into_response() };
    let page = urls::carrier(&carrier);
    let outcome = match form.actor() {
        None => Err(Error::Unauthenticated),
        Some(actor) => state.services.dids.remove(actor, &carrier, &did).await,
    };
    form.answer(&state, &format!("{page}?remove={did}"), outcome.map(|()| page.clone())).await
}

fn ids(carrier: &str, did: &str) -> Option<(CarrierId, DidId)> {
    Some((carrier.parse().ok()?, did.parse().ok()?))
}
