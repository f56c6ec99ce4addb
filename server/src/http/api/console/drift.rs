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

/// A carrier beside what LiveKit holds of it
///
/// With what a sync would do; nothing is changed.
#[utoipa::path(get, path = "/carriers/{id}/drift", tag = "LiveKit", params(("id" = CarrierId, Path)),
    responses((status = 200, body = DriftView), (status = 404, body = Problem),
              (status = 502, body = Problem, description = "LiveKit cannot be read")))]
pub(super) async fn read(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
) -> ApiResult<Json<DriftView>> {
    Ok(Json(state.services.drift.report(&actor, &id).await?))
}

/// Bring LiveKit in step
///
/// Exactly by the steps that were looked at: 409 with the state as it is now, where it is not the one whose fingerprint
/// was sent.
#[utoipa::path(post, path = "/carriers/{id}/drift/apply", tag = "LiveKit", params(("id" = CarrierId, Path)),
    request_body = ApplyInput,
    responses((status = 200, body = DriftView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 502, body = Problem, description = "LiveKit did not follow")))]
pub(super) async fn apply(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
    Body(input): Body<ApplyInput>,
) -> ApiResult<Json<DriftView>> {
    Ok(Json(state.services.drift.apply(&actor, &id, &input).await?))
}

/// Take over a trunk that was made by hand
///
/// Only says what would happen, unless `dry_run` is false.
#[utoipa::path(post, path = "/carriers/{id}/drift/adopt", tag = "LiveKit", params(("id" = CarrierId, Path)),
    request_body = AdoptInput,
    responses((status = 200, body = AdoptView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 502, body = Problem, description = "LiveKit did not follow")))]
pub(super) async fn adopt(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<CarrierId>,
    Body(input): Body<AdoptInput>,
) -> ApiResult<Json<AdoptView>> {
    Ok(Json(state.services.drift.adopt(&actor, &id, &input).await?))
}

/// What LiveKit holds that belongs to no carrier
#[utoipa::path(get, path = "/livekit/orphans", tag = "LiveKit",
    responses((status = 200, body = OrphansView),
              (status = 502, body = Problem, description = "LiveKit cannot be read")))]
pub(super) async fn orphans(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<OrphansView>> {
    Ok(Json(state.services.drift.orphans(&actor).await?))
}

/// Remove the tagged objects of a carrier that is not there
///
/// Exactly those that were looked at, by the group's fingerprint. Answers what is left.
#[utoipa::path(post, path = "/livekit/orphans/remove", tag = "LiveKit", request_body = ApplyInput,
    responses((status = 200, body = OrphansView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 502, body = Problem, description = "LiveKit did not follow")))]
pub(super) async fn remove_orphans(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<ApplyInput>,
) -> ApiResult<Json<OrphansView>> {
    Ok(Json(state.services.drift.remove_orphans(&actor, &input).await?))
}
