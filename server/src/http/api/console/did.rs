//! `/api/v1/carriers/{id}/dids…`.

use api_types::{
    Problem,
    input::{AccountDidBulkInput, AccountDidQuery, DidBulkInput, DidInput, DidQuery},
    view::{AccountDidPage, DidBulkResult, DidPage, DidView},
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{CarrierId, DidId};

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id, Ids, Params},
        idempotency::IdempotencyKey,
        problem::ApiResult,
    },
};

/// A page of all numbers, on whichever carrier
///
/// 422 for an invalid filter.
#[utoipa::path(get, path = "/dids", tag = "Numbers", params(AccountDidQuery),
    responses((status = 200, body = AccountDidPage), (status = 422, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<AccountDidQuery>,
) -> ApiResult<Json<AccountDidPage>> {
    Ok(Json(state.services.dids.list(&actor, &query).await?))
}

/// Change or remove many numbers of any carriers
///
/// As for the numbers of one carrier.
#[utoipa::path(post, path = "/dids/bulk", tag = "Numbers", params(IdempotencyKey), request_body = AccountDidBulkInput,
    responses((status = 200, body = DidBulkResult), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn bulk_of_account(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<AccountDidBulkInput>,
) -> ApiResult<Json<DidBulkResult>> {
    Ok(Json(state.services.dids.bulk_of_account(&actor, &input).await?))
}

/// A page of a carrier's numbers
///
/// 422 for an invalid filter.
#[utoipa::path(get, path = "/carriers/{id}/dids", tag = "Numbers", params(("id" = CarrierId, Path), DidQuery),
    responses((status = 200, body = DidPage), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn page(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(carrier): Id<CarrierId>,
    Params(query): Params<DidQuery>,
) -> ApiResult<Json<DidPage>> {
    Ok(Json(state.services.dids.page(&actor, &carrier, &query).await?))
}

/// Add a number
///
/// 409 names the carrier that has the number already.
#[utoipa::path(post, path = "/carriers/{id}/dids", tag = "Numbers", params(("id" = CarrierId, Path), IdempotencyKey),
    request_body = DidInput,
    responses((status = 201, body = DidView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn add(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(carrier): Id<CarrierId>,
    Body(input): Body<DidInput>,
) -> ApiResult<(StatusCode, Json<DidView>)> {
    Ok((StatusCode::CREATED, Json(state.services.dids.add(&actor, &carrier, &input).await?)))
}

/// Change a number's label, direction or bot
///
/// What the body leaves out stays. The number itself cannot change.
#[utoipa::path(put, path = "/carriers/{id}/dids/{did_id}", tag = "Numbers",
    params(("id" = CarrierId, Path), ("did_id" = DidId, Path)), request_body = DidInput,
    responses((status = 200, body = DidView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Ids(carrier, id): Ids<CarrierId, DidId>,
    Body(input): Body<DidInput>,
) -> ApiResult<Json<DidView>> {
    Ok(Json(state.services.dids.update(&actor, &carrier, &id, &input).await?))
}

/// Remove a number
#[utoipa::path(delete, path = "/carriers/{id}/dids/{did_id}", tag = "Numbers",
    params(("id" = CarrierId, Path), ("did_id" = DidId, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn remove(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Ids(carrier, id): Ids<CarrierId, DidId>,
) -> ApiResult<StatusCode> {
    state.services.dids.remove(&actor, &carrier, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change or remove many numbers
///
/// Assigns a bot, sets the direction or removes, for selected numbers or for all that match a filter. Numbers that cannot be
/// changed are skipped. 409 if the filter matches another count of numbers than `expected`: nothing was changed, and
/// `current.total` is the count now.
#[utoipa::path(post, path = "/carriers/{id}/dids/bulk", tag = "Numbers", params(("id" = CarrierId, Path), IdempotencyKey),
    request_body = DidBulkInput,
    responses((status = 200, body = DidBulkResult), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn bulk(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(carrier): Id<CarrierId>,
    Body(input): Body<DidBulkInput>,
) -> ApiResult<Json<DidBulkResult>> {
    Ok(Json(state.services.dids.bulk(&actor, &carrier, &input).await?))
}
