//! `POST /sip/purchase-number`.

use api_types::{
    Problem,
    input::NumberPurchaseInput,
    view::{NumberPurchaseView, NumberView},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use services::PurchaseOutcome;

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller},
        idempotency::IdempotencyKey,
        problem::ApiResult,
    },
};

/// Purchase a number
///
/// Buys the number, directs its calls to LiveKit, and makes the inbound trunk, the outbound trunk and the dispatch rule; the
/// inbound trunk and the rule belong to the bot that answers (`agent_id`), and follow its mapping. A number is bought once,
/// however often and by whomever it is requested at the same time: later requests wait for the first (200).
///
/// 202 with the purchase where it takes longer than 20 seconds; the worker continues, and `Location` shows its progress.
#[utoipa::path(post, path = "/sip/purchase-number", tag = "Numbers API",
    security(("bearer" = []), ("session" = [])), params(IdempotencyKey),
    request_body = NumberPurchaseInput,
    responses((status = 200, body = NumberView, description = "Bought by a request that was under way"),
              (status = 201, body = NumberView),
              (status = 202, body = NumberPurchaseView, headers(("location" = String, description = "The purchase"))),
              (status = 409, body = Problem, description = "The number is yours already, the provider is not connected, or \
                LiveKit's SIP address is not configured"),
              (status = 422, body = Problem, description = "Invalid input, or the provider refused: the number may not be \
                available any more, or its country has requirements"),
              (status = 502, body = Problem, description = "The provider did not accept the credentials"),
              (status = 503, body = Problem)))]
pub(super) async fn buy(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<NumberPurchaseInput>,
) -> ApiResult<Response> {
    Ok(match state.services.number_purchases.buy(&actor, &input).await? {
        PurchaseOutcome::Completed { number, is_new } => {
            let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
            (status, Json(number)).into_response()
        }
        PurchaseOutcome::Pending(purchase) => {
            let location: [(HeaderName, String); 1] =
                [(header::LOCATION, format!("/api/v1/number-purchases/{}", purchase.id))];
            (StatusCode::ACCEPTED, location, Json(purchase)).into_response()
        }
    })
}
