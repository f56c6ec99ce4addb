//! `/sip` and `/sip/{sip_id}`: numbers with their trunks.

use api_types::{
    Problem,
    input::{MapAgentInput, NumberDeleteQuery, NumberQuery, NumberRegisterInput, NumberUpdateInput},
    view::NumberView,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use domain::DidId;

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id, Params},
        idempotency::IdempotencyKey,
        problem::ApiResult,
    },
};

/// List all phone numbers
///
/// The oldest first, at most 1000. Where there are more, the header `Link` has the address of the next page
/// (`rel="next"`, RFC 8288).
#[utoipa::path(get, path = "/sip", tag = "Numbers API", params(NumberQuery),
    responses((status = 200, body = Vec<NumberView>, headers(("link" = String, description = "The next page"))),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Params(query): Params<NumberQuery>,
) -> ApiResult<(Option<[(HeaderName, String); 1]>, Json<Vec<NumberView>>)> {
    let list = state.services.numbers.list(&actor, &query).await?;
    let link = list.next_cursor.map(|cursor| {
        let limit = match query.limit.trim() {
            "" => String::new(),
            limit => format!("limit={limit}&"),
        };
        [(header::LINK, format!("</sip?{limit}cursor={cursor}>; rel=\"next\""))]
    });
    Ok((link, Json(list.items)))
}

/// Register an existing SIP trunk
///
/// The number is added to the carrier with the same provider, address and credentials, or to a new one. A provider that
/// publishes its addresses is identified by them; any other one needs the credentials for inbound calls, too. The answer waits
/// for LiveKit up to 20 seconds; `status` says how far it is.
#[utoipa::path(post, path = "/sip/register", tag = "Numbers API",
    security(("bearer" = []), ("session" = [])), params(IdempotencyKey),
    request_body = NumberRegisterInput,
    responses((status = 201, body = NumberView), (status = 409, body = Problem, description = "A carrier has the number"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn register(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<NumberRegisterInput>,
) -> ApiResult<(StatusCode, Json<NumberView>)> {
    Ok((StatusCode::CREATED, Json(state.services.numbers.register(&actor, &input).await?)))
}

/// Update a SIP trunk
///
/// What the body leaves out stays. LiveKit's trunks are changed in place, without an interruption. Where further numbers share
/// the trunk, this one moves to a trunk with the new settings, and the others stay as they are.
#[utoipa::path(put, path = "/sip/{sip_id}", tag = "Numbers API",
    security(("bearer" = []), ("session" = [])), params(("sip_id" = DidId, Path)),
    request_body = NumberUpdateInput,
    responses((status = 200, body = NumberView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<DidId>,
    Body(input): Body<NumberUpdateInput>,
) -> ApiResult<Json<NumberView>> {
    Ok(Json(state.services.numbers.update(&actor, &id, &input).await?))
}

/// Delete a SIP trunk
///
/// Deletes the number, and LiveKit's objects that only it needs. The carrier stays. `release=true` also returns a number that
/// was bought here to its provider, which a worker repeats until it is done.
#[utoipa::path(delete, path = "/sip/{sip_id}", tag = "Numbers API",
    security(("bearer" = []), ("session" = [])),
    params(("sip_id" = DidId, Path), NumberDeleteQuery),
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<DidId>,
    Params(query): Params<NumberDeleteQuery>,
) -> ApiResult<StatusCode> {
    state.services.numbers.delete(&actor, &id, &query).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Map a phone number to an agent
///
/// `agent_id` is a bot's id; null unmaps the number, so that its calls are rejected.
#[utoipa::path(patch, path = "/sip/{sip_id}/map-agent", tag = "Numbers API",
    security(("bearer" = []), ("session" = [])), params(("sip_id" = DidId, Path)),
    request_body = MapAgentInput,
    responses((status = 200, body = NumberView), (status = 404, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(super) async fn map_agent(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<DidId>,
    Body(input): Body<MapAgentInput>,
) -> ApiResult<Json<NumberView>> {
    Ok(Json(state.services.numbers.map_agent(&actor, &id, &input).await?))
}
