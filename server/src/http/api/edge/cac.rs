//! `GET /cac` and `POST /cac/reset`.

use api_types::{
    Problem,
    input::CacResetInput,
    view::{CacResetView, CacView},
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::EdgeBody;
use crate::http::{
    AppState,
    shared::{extract::Params, problem::ApiResult},
};

/// Which account.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AccountQuery {
    /// The account.
    #[serde(rename = "accountId", default)]
    account_id: String,
}

/// Read the counters and the open calls
#[utoipa::path(get, path = "/cac", tag = "Edge", security((), ("edge_token" = [])), params(AccountQuery),
    responses((status = 200, body = CacView), (status = 400, body = Problem), (status = 404, body = Problem),
              (status = 503, body = Problem)))]
pub(super) async fn usage(
    State(state): State<AppState>,
    Params(query): Params<AccountQuery>,
) -> ApiResult<Json<CacView>> {
    let edge = &state.services.edge;
    edge.account(&query.account_id)?;
    Ok(Json(edge.cac().usage().await?))
}

/// Count no open call any more
///
/// For counters that are stuck. The calls go on; their later end changes no counter.
#[utoipa::path(post, path = "/cac/reset", tag = "Edge", security((), ("edge_token" = [])), request_body = CacResetInput,
    responses((status = 200, body = CacResetView), (status = 400, body = Problem), (status = 404, body = Problem),
              (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn reset(
    State(state): State<AppState>,
    EdgeBody(input): EdgeBody<CacResetInput>,
) -> ApiResult<Json<CacResetView>> {
    let edge = &state.services.edge;
    edge.account(&input.account_id)?;
    Ok(Json(edge.cac().reset(None).await?))
}
