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

/// Who changed what, the newest first
///
/// 422 for a filter that means nothing.
#[utoipa::path(get, path = "/audit", tag = "Audit", params(AuditQuery),
    responses((status = 200, body = AuditPage), (status = 422, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<AuditQuery>,
) -> ApiResult<Json<AuditPage>> {
    Ok(Json(state.services.audit.list(&actor, &query).await?))
}
