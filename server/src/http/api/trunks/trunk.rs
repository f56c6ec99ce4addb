//! `/sip/create-outbound-trunk`, `/sip/list` and one trunk.

use api_types::{
    input::TrunkInput,
    view::{Envelope, TrunkCreated, TrunkDetails, TrunkFailure, TrunkView},
};
use axum::{Json, extract::State};

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id},
        idempotency::IdempotencyKey,
        problem::ApiResult,
    },
};

/// Create an outbound trunk
///
/// Creates a carrier with these numbers for outbound calls. LiveKit has its trunk before the response. Where LiveKit fails,
/// nothing is created: 500 has the reason.
#[utoipa::path(post, path = "/sip/create-outbound-trunk", tag = "Trunks", security(("api_key" = [])),
    params(IdempotencyKey), request_body = TrunkInput,
    responses((status = 200, body = Envelope<TrunkCreated>),
              (status = 400, body = TrunkFailure, description = "A field breaks a rule, or a carrier has a number already"),
              (status = 401, body = TrunkFailure, description = "Invalid or missing API key"),
              (status = 403, body = TrunkFailure, description = "The API key has not the role of a developer"),
              (status = 409, body = TrunkFailure, description = "The idempotency key was used before"),
              (status = 500, body = TrunkFailure, description = "LiveKit failed, and nothing was created"),
              (status = 503, body = TrunkFailure, description = "The database is not available"),
              (status = "default", body = TrunkFailure, description = "Any other error")))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<TrunkInput>,
) -> ApiResult<Json<Envelope<TrunkCreated>>> {
    let created = state.services.trunks.create(&actor, &input).await?;
    let message = "Outbound trunk created successfully, Store the trunk id securely.";
    Ok(Json(Envelope::success(message, created)))
}

/// List your trunks
///
/// The trunks of the user who created the API key, the newest first.
#[utoipa::path(get, path = "/sip/list", tag = "Trunks", security(("api_key" = [])),
    responses((status = 200, body = Envelope<Vec<TrunkView>>),
              (status = 401, body = TrunkFailure, description = "Invalid or missing API key"),
              (status = 403, body = TrunkFailure, description = "The role does not allow it"),
              (status = 503, body = TrunkFailure, description = "The database is not available"),
              (status = "default", body = TrunkFailure, description = "Any other error")))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
) -> ApiResult<Json<Envelope<Vec<TrunkView>>>> {
    let trunks = state.services.trunks.list(&actor).await?;
    Ok(Json(Envelope::success("SIP trunks retrieved successfully", trunks)))
}

/// One of your trunks
#[utoipa::path(get, path = "/sip/{sip_id}", tag = "Trunks", security(("api_key" = [])),
    params(("sip_id" = String, Path, description = "LiveKit's id of the trunk, `ST_…`")),
    responses((status = 200, body = Envelope<TrunkDetails>),
              (status = 401, body = TrunkFailure, description = "Invalid or missing API key"),
              (status = 403, body = TrunkFailure, description = "The role does not allow it"),
              (status = 404, body = TrunkFailure, description = "There is no such trunk of the user"),
              (status = 503, body = TrunkFailure, description = "The database is not available"),
              (status = "default", body = TrunkFailure, description = "Any other error")))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(trunk_id): Id<String>,
) -> ApiResult<Json<Envelope<TrunkDetails>>> {
    let trunk = state.services.trunks.get(&actor, &trunk_id).await?;
    Ok(Json(Envelope::success("SIP trunk retrieved successfully", trunk)))
}

/// One of your trunks
///
/// As `GET /sip/{sip_id}`.
#[utoipa::path(get, path = "/sip/details/{trunk_id}", tag = "Trunks", security(("api_key" = [])),
    params(("trunk_id" = String, Path, description = "LiveKit's id of the trunk, `ST_…`")),
    responses((status = 200, body = Envelope<TrunkDetails>),
              (status = 401, body = TrunkFailure, description = "Invalid or missing API key"),
              (status = 403, body = TrunkFailure, description = "The role does not allow it"),
              (status = 404, body = TrunkFailure, description = "There is no such trunk of the user"),
              (status = 503, body = TrunkFailure, description = "The database is not available"),
              (status = "default", body = TrunkFailure, description = "Any other error")))]
pub(super) async fn details(
    state: State<AppState>,
    caller: Caller,
    trunk_id: Id<String>,
) -> ApiResult<Json<Envelope<TrunkDetails>>> {
    get(state, caller, trunk_id).await
}
