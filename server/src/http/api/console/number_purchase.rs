//! `/api/v1/number-purchases…`.

use api_types::{
    Problem,
    input::{NumberPurchaseInput, NumberPurchaseQuery},
    view::{NumberPurchasePage, NumberPurchaseView},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use domain::NumberPurchaseId;

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id, Params},
        idempotency::IdempotencyKey,
        problem::ApiResult,
    },
};

/// List the purchases of numbers
///
/// The newest first, with their steps. 422 for an invalid cursor.
#[utoipa::path(get, path = "/number-purchases", tag = "Numbers API", operation_id = "list_purchases", params(NumberPurchaseQuery),
    responses((status = 200, body = NumberPurchasePage), (status = 422, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<NumberPurchaseQuery>,
) -> ApiResult<Json<NumberPurchasePage>> {
    Ok(Json(state.services.number_purchases.list(&actor, &query).await?))
}

/// Buy a number
///
/// Records the intent, and answers at once; a worker executes the purchase, and `Location` shows its progress. 200 if a purchase
/// of the number is under way. `POST /sip/purchase-number` does the same, and waits.
#[utoipa::path(post, path = "/number-purchases", tag = "Numbers API", params(IdempotencyKey),
    request_body = NumberPurchaseInput,
    responses((status = 200, body = NumberPurchaseView), (status = 202, body = NumberPurchaseView),
              (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn request(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<NumberPurchaseInput>,
) -> ApiResult<(StatusCode, [(HeaderName, String); 1], Json<NumberPurchaseView>)> {
    let (purchase, is_new) = state.services.number_purchases.request(&actor, &input).await?;
    let status = if is_new { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, [(header::LOCATION, format!("/api/v1/number-purchases/{}", purchase.id))], Json(purchase)))
}

/// One purchase of a number
#[utoipa::path(get, path = "/number-purchases/{id}", tag = "Numbers API", params(("id" = NumberPurchaseId, Path)),
    responses((status = 200, body = NumberPurchaseView), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<NumberPurchaseId>,
) -> ApiResult<Json<NumberPurchaseView>> {
    Ok(Json(state.services.number_purchases.get(&actor, &id).await?))
}

/// Retry a purchase at once
///
/// 409 where nothing is left to do.
#[utoipa::path(post, path = "/number-purchases/{id}/retry", tag = "Numbers API", params(("id" = NumberPurchaseId, Path)),
    responses((status = 200, body = NumberPurchaseView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn retry(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<NumberPurchaseId>,
) -> ApiResult<Json<NumberPurchaseView>> {
    Ok(Json(state.services.number_purchases.retry(&actor, &id).await?))
}

/// Give a purchase up
///
/// What was bought is released at the provider, and its number is deleted here. 409 where the purchase has ended.
#[utoipa::path(post, path = "/number-purchases/{id}/give-up", tag = "Numbers API",
    params(("id" = NumberPurchaseId, Path)),
    responses((status = 200, body = NumberPurchaseView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn give_up(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<NumberPurchaseId>,
) -> ApiResult<Json<NumberPurchaseView>> {
    Ok(Json(state.services.number_purchases.give_up(&actor, &id).await?))
}

/// Release the number of a deleted DID
///
/// Of a completed purchase whose number was deleted here without a release: it is returned to its provider. 409 where the number
/// is not bought, is not deleted, or is on a carrier again.
#[utoipa::path(post, path = "/number-purchases/{id}/release", tag = "Numbers API",
    params(("id" = NumberPurchaseId, Path)),
    responses((status = 200, body = NumberPurchaseView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn release(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<NumberPurchaseId>,
) -> ApiResult<Json<NumberPurchaseView>> {
    Ok(Json(state.services.number_purchases.release(&actor, &id).await?))
}

/// Mark a purchase as released
///
/// Ends a release that the provider does not confirm, for example after the account there was closed. The provider is not
/// asked. 409 where no release is under way.
#[utoipa::path(post, path = "/number-purchases/{id}/mark-released", tag = "Numbers API",
    params(("id" = NumberPurchaseId, Path)),
    responses((status = 200, body = NumberPurchaseView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn mark_released(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<NumberPurchaseId>,
) -> ApiResult<Json<NumberPurchaseView>> {
    Ok(Json(state.services.number_purchases.mark_released(&actor, &id).await?))
}
