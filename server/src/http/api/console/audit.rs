//! `/api/v1/audit`.

use api_types::{Problem, input::AuditQuery, view::AuditPage};
use axum::{Json, extract::State};

use crate::http::{
    AppState,
    shared::{
        extract::{Caller, Params},
        problem::ApiResult,
    },
};

/// The audit log, the newest entry first
///
/// 422 for an invalid filter.
#[utoipa::path(get, path = "/audit", tag = "Audit", params(AuditQuery),
    responses((status = 200, body = AuditPage), (status = 422, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<AuditQuery>,
) -> ApiResult<Json<AuditPage>> {
    Ok(Json(state.services.audit.list(&actor, &query).await?))
}
