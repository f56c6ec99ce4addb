//! `/api/v1/sip/…`: what CXB Core asks while it handles a call.

use api_types::{
    Problem,
    input::{DidLookupQuery, OutboundTrunkQuery},
    view::{DidLookup, OutboundTrunkLookup},
};
use axum::{Json, extract::State};

use crate::http::{
    AppState,
    shared::{core_caller::CoreCaller, extract::Params, problem::ApiResult},
};

/// Which bot answers a called number
///
/// 404 where none does; `code` says why: `unknown_number`, `ambiguous_number` (carriers in several countries have a number
/// that is written so), `outbound_only`, `no_bot`. The carrier's sync status does not matter, since LiveKit has accepted the
/// call already.
#[utoipa::path(get, path = "/sip/lookup", tag = "Telephony", params(DidLookupQuery), security(("core_secret" = [])),
    responses((status = 200, body = DidLookup), (status = 400, body = Problem), (status = 404, body = Problem),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn did(
    State(state): State<AppState>,
    _: CoreCaller,
    Params(query): Params<DidLookupQuery>,
) -> ApiResult<Json<DidLookup>> {
    Ok(Json(state.services.lookups.did(&query.number).await?))
}

/// By which trunk to place an outbound call
///
/// Without `from_number`: the least loaded of the synced carriers with a number for outbound calls, and its numbers in
/// rotation. 404 where no call can be placed; `code` says why: `unknown_number`, `ambiguous_number`, `inbound_only`,
/// `carrier_pending` and `channels_busy` (both with `Retry-After`), `carrier_error`, `no_outbound_trunk`.
#[utoipa::path(get, path = "/sip/outbound-trunk", tag = "Telephony", params(OutboundTrunkQuery),
    security(("core_secret" = [])),
    responses((status = 200, body = OutboundTrunkLookup), (status = 400, body = Problem), (status = 404, body = Problem),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn outbound_trunk(
    State(state): State<AppState>,
    _: CoreCaller,
    Params(query): Params<OutboundTrunkQuery>,
) -> ApiResult<Json<OutboundTrunkLookup>> {
    Ok(Json(state.services.lookups.outbound_trunk(query.from_number.as_deref()).await?))
}
