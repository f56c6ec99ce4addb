//! `/security/…`: bans and the allowlist, for nodes of the SIP edge and operators' tools.

use api_types::{
    Problem,
    input::{AllowInput, BanQuery, ReportInput},
    view::{AllowList, AllowView, BanList, BanReportView},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::body::EdgeBody;
use crate::http::{
    AppState,
    shared::{extract::Params, limits, problem::ApiResult},
};

/// Report the bans of a node
///
/// They replace the node's last report: a ban that is no longer reported has ended. The answer has the sources that the node
/// must lift, because they were lifted here or cannot be banned, and those that it must not ban. The body has at most 1 MiB.
#[utoipa::path(post, path = "/security/report", tag = "Edge", security((), ("edge_token" = [])), request_body = ReportInput,
    responses((status = 200, body = BanReportView), (status = 400, body = Problem), (status = 413, body = Problem),
              (status = 415, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn report(
    State(state): State<AppState>,
    EdgeBody(input): EdgeBody<ReportInput, { limits::BAN_REPORT }>,
) -> ApiResult<Json<BanReportView>> {
    Ok(Json(state.services.edge.security.report(&input).await?))
}

/// List bans
#[utoipa::path(get, path = "/security/bans", tag = "Edge", security((), ("edge_token" = [])), params(BanQuery),
    responses((status = 200, body = BanList), (status = 400, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(super) async fn bans(State(state): State<AppState>, Params(query): Params<BanQuery>) -> ApiResult<Json<BanList>> {
    Ok(Json(state.services.edge.security.bans(&query).await?))
}

/// List the allowlist
#[utoipa::path(get, path = "/security/allow", tag = "Edge", security((), ("edge_token" = [])),
    responses((status = 200, body = AllowList), (status = 503, body = Problem)))]
pub(super) async fn allowed(State(state): State<AppState>) -> ApiResult<Json<AllowList>> {
    Ok(Json(state.services.edge.security.allowed().await?))
}

/// Add a source to the allowlist
///
/// Its bans are lifted, and it is not banned again. A source that is on the list stays as it is.
#[utoipa::path(post, path = "/security/allow", tag = "Edge", security((), ("edge_token" = [])), request_body = AllowInput,
    responses((status = 200, body = AllowView), (status = 400, body = Problem), (status = 413, body = Problem),
              (status = 415, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn allow(
    State(state): State<AppState>,
    EdgeBody(input): EdgeBody<AllowInput>,
) -> ApiResult<Json<AllowView>> {
    Ok(Json(state.services.edge.security.allow(&input).await?))
}

/// Remove a source from the allowlist
#[utoipa::path(delete, path = "/security/allow/{ip}", tag = "Edge", security((), ("edge_token" = [])),
    params(("ip" = String, Path, description = "An address, or a range with %2F as its slash", example = "203.0.113.7")),
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(super) async fn disallow(State(state): State<AppState>, Path(ip): Path<String>) -> ApiResult<StatusCode> {
    state.services.edge.security.disallow(&ip).await?;
    Ok(StatusCode::NO_CONTENT)
}
