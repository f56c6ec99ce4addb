//! `/security/…`: bans and the allowlist, for nodes of the SIP edge and operators' tools.

use api_types::{
    Problem,
    input::{BanQuery, ReportInput},
    view::{BanList, BanReportView},
};
use axum::{Json, extract::State};

use super::body::EdgeBody;
use crate::http::{
    AppState,
    shared::{extract::Params, limits, problem::ApiResult},
};

/// Report the bans of a node
///
/// They replace the node's last report: a ban that is no longer reported has ended. The answer has the sources that the node
/// must lift, because they were lifted here or cannot be banned, and those that it must not ban. The body has at most 1 MiB.
#[utoipa::path(post, path = "/security/report", tag = "Edge", security(("edge_token" = [])), request_body = ReportInput,
    responses((status = 200, body = BanReportView), (status = 400, body = Problem), (status = 413, body = Problem),
              (status = 415, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn report(
    State(state): State<AppState>,
    EdgeBody(input): EdgeBody<ReportInput, { limits::BAN_REPORT }>,
) -> ApiResult<Json<BanReportView>> {
    Ok(Json(state.services.edge.security.report(&input).await?))
}

/// List bans
#[utoipa::path(get, path = "/security/bans", tag = "Edge", security(("edge_token" = [])), params(BanQuery),
    responses((status = 200, body = BanList), (status = 400, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(super) async fn bans(State(state): State<AppState>, Params(query): Params<BanQuery>) -> ApiResult<Json<BanList>> {
    Ok(Json(state.services.edge.security.bans(&query).await?))
}
