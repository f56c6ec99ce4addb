//! `POST /api/v1/sip/dialout`.

use api_types::{Problem, input::DialoutInput};
use axum::{Json, extract::State};
use serde_json::Value;
use services::DialoutTarget;

use crate::http::{
    AppState,
    shared::{
        base_url::BaseUrl,
        extract::{Body, Caller},
        idempotency::IdempotencyKey,
        problem::ApiResult,
    },
};

/// Place an outbound call
///
/// For API keys with the role of a developer, and for administrators. The call is placed by a server of the fleet, whose
/// answer is passed on; what it refuses has its status, and its `error` as `detail`. The carrier's calls per second, burst and
/// channels are kept over all servers: 429 names the limit in `code`, and says in `Retry-After` when to try again.
///
/// The fleet is asked once. Where its answer is lost, 502 `outcome_unknown`: the call may have been placed. With an
/// `Idempotency-Key`, repetitions get the first answer of the fleet, failed or not, and never place a second call.
#[utoipa::path(post, path = "/sip/dialout", tag = "Dialout", params(IdempotencyKey), request_body = DialoutInput,
    responses((status = 200, body = Value, description = "The fleet's answer: `status`, `call_id`, `room_name`"),
              (status = 403, body = Problem),
              (status = 404, body = Problem, description = "There is no such bot"),
              (status = 409, body = Problem, description = "No carrier is ready, or the idempotency key was used before"),
              (status = 422, body = Problem, description = "Both `variables` and `connected_event`; a number that is none, an \
                emergency number, or a `from_number` that is no phone number of a carrier here"),
              (status = 429, body = Problem, description = "`rate_limited` or `channels_busy`"),
              (status = 502, body = Problem, description = "`outcome_unknown`: the fleet's answer was lost"),
              (status = 503, body = Problem, description = "The fleet is empty, no server is healthy and has free capacity, or \
                the carrier is being synced")))]
pub(super) async fn start(
    State(state): State<AppState>,
    Caller(actor): Caller,
    BaseUrl(base_url): BaseUrl,
    Body(input): Body<DialoutInput>,
) -> ApiResult<Json<Value>> {
    let target =
        DialoutTarget { config_url: format!("{base_url}/api/v1/config"), core_secret: state.core_secret.clone() };
    Ok(Json(state.services.dialouts.start(&actor, &input, target).await?))
}
