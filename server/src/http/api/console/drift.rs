//! `/api/v1/carriers/{id}/drift…` and `/api/v1/livekit/orphans…`.

use api_types::{
    Problem,
    input::{AdoptInput, ApplyInput},
    view::{AdoptView, DriftView, OrphansView},
};
use axum::{Json, extract::State};
use domain::CarrierId;

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id},
        problem::ApiResult,
    },
};

/// The drift of a carrier: desired and observed state
///
/// With the steps that a sync would apply; changes nothing.
#[utoipa::path(get, path = "/carriers/{id}/drift", tag = "LiveKit", params(("id" = CarrierId, Path)),
    responses((status = 200, body = DriftView), (status = 404, body = Problem),
              (status = 502, body = Problem, description = "LiveKit cannot be read")))]
pub(super) async fn report(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
) -> ApiResult<Json<DriftView>> {
    Ok(Json(state.services.drift.report(&actor, &id).await?))
}

/// Apply the desired state to LiveKit
///
/// Exactly the steps of the report whose fingerprint is sent; 409 with the current report if it has changed.
#[utoipa::path(post, path = "/carriers/{id}/drift/apply", tag = "LiveKit", params(("id" = CarrierId, Path)),
    request_body = ApplyInput,
    responses((status = 200, body = DriftView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 502, body = Problem, description = "LiveKit failed or refused")))]
pub(super) async fn apply(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
    Body(input): Body<ApplyInput>,
) -> ApiResult<Json<DriftView>> {
    Ok(Json(state.services.drift.apply(&actor, &id, &input).await?))
}

/// Adopt an unmanaged trunk
///
/// A dry run unless `dry_run` is false.
#[utoipa::path(post, path = "/carriers/{id}/drift/adopt", tag = "LiveKit", params(("id" = CarrierId, Path)),
    request_body = AdoptInput,
    responses((status = 200, body = AdoptView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 502, body = Problem, description = "LiveKit failed or refused")))]
pub(super) async fn adopt(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
    Body(input): Body<AdoptInput>,
) -> ApiResult<Json<AdoptView>> {
    Ok(Json(state.services.drift.adopt(&actor, &id, &input).await?))
}

/// LiveKit objects that belong to no carrier
#[utoipa::path(get, path = "/livekit/orphans", tag = "LiveKit",
    responses((status = 200, body = OrphansView),
              (status = 502, body = Problem, description = "LiveKit cannot be read")))]
pub(super) async fn orphans(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<OrphansView>> {
    Ok(Json(state.services.drift.orphans(&actor).await?))
}

/// Remove the managed objects of a carrier that no longer exists
///
/// Exactly those of the group whose fingerprint is sent. Returns what is left.
#[utoipa::path(post, path = "/livekit/orphans/remove", tag = "LiveKit", request_body = ApplyInput,
    responses((status = 200, body = OrphansView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 502, body = Problem, description = "LiveKit failed or refused")))]
pub(super) async fn remove_orphans(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<ApplyInput>,
) -> ApiResult<Json<OrphansView>> {
    Ok(Json(state.services.drift.remove_orphans(&actor, &input).await?))
}
