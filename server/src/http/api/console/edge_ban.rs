//! `/api/v1/edge/bans`: bans of the SIP edge.

use api_types::{
    Problem,
    input::BanQuery,
    view::{BanList, BanView},
};
use axum::{Json, extract::State};
use domain::BanId;

use crate::http::{
    AppState,
    shared::{
        extract::{Caller, Id, Params},
        problem::ApiResult,
    },
};

/// List bans
#[utoipa::path(get, path = "/edge/bans", tag = "Edge", params(BanQuery),
    responses((status = 200, body = BanList), (status = 422, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<BanQuery>,
) -> ApiResult<Json<BanList>> {
    Ok(Json(state.services.edge.security.list(&actor, &query).await?))
}

/// Lift a ban
///
/// Its source starts from zero. A ban that has ended stays as it is.
#[utoipa::path(post, path = "/edge/bans/{id}/lift", tag = "Edge", params(("id" = BanId, Path)),
    responses((status = 200, body = BanView), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn lift(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<BanId>,
) -> ApiResult<Json<BanView>> {
    Ok(Json(state.services.edge.security.lift(&actor, &id).await?))
}
