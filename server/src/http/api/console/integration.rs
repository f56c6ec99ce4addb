//! `/api/v1/integrations` and `/api/v1/integrations/{provider}…` of the providers that sell numbers.

use api_types::{
    Problem,
    input::NumberIntegrationInput,
    view::{IntegrationList, NumberIntegrationView},
};
use axum::{Json, extract::State, http::StatusCode};
use domain::NumberProviderKind;

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id},
        problem::ApiResult,
    },
};

/// All integrations and their state
///
/// LiveKit is asked whether it responds; the others have the outcome of their last request.
#[utoipa::path(get, path = "/integrations", tag = "Integrations", responses((status = 200, body = IntegrationList)))]
pub(super) async fn list(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<IntegrationList>> {
    Ok(Json(state.services.number_integrations.list(&actor).await?))
}

/// The connection to a provider that sells numbers, its secrets masked
#[utoipa::path(get, path = "/integrations/{provider}", tag = "Integrations", params(("provider" = NumberProviderKind, Path)),
    responses((status = 200, body = NumberIntegrationView), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(kind): Id<NumberProviderKind>,
) -> ApiResult<Json<NumberIntegrationView>> {
    Ok(Json(state.services.number_integrations.get(&actor, kind).await?))
}

/// Connect a provider, or change its credentials
///
/// What the body leaves out stays; so does a secret that is blank or masked.
#[utoipa::path(put, path = "/integrations/{provider}", tag = "Integrations", params(("provider" = NumberProviderKind, Path)),
    request_body = NumberIntegrationInput,
    responses((status = 200, body = NumberIntegrationView), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn save(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(kind): Id<NumberProviderKind>,
    Body(input): Body<NumberIntegrationInput>,
) -> ApiResult<Json<NumberIntegrationView>> {
    Ok(Json(state.services.number_integrations.save(&actor, kind, &input).await?))
}

/// Delete the credentials
///
/// Bought numbers stay, here and at the provider.
#[utoipa::path(delete, path = "/integrations/{provider}", tag = "Integrations", params(("provider" = NumberProviderKind, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn disconnect(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(kind): Id<NumberProviderKind>,
) -> ApiResult<StatusCode> {
    state.services.number_integrations.disconnect(&actor, kind).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Test the credentials
#[utoipa::path(post, path = "/integrations/{provider}/test", tag = "Integrations",
    params(("provider" = NumberProviderKind, Path)),
    responses((status = 200, body = NumberIntegrationView, description = "The provider accepted the credentials"),
              (status = 404, body = Problem), (status = 409, body = Problem, description = "The provider is not connected"),
              (status = 422, body = Problem, description = "The provider refused the request"),
              (status = 502, body = Problem, description = "The provider failed or refused the credentials; `code` and `detail` say why"),
              (status = 503, body = Problem, description = "The provider had too many requests")))]
pub(super) async fn test(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(kind): Id<NumberProviderKind>,
) -> ApiResult<Json<NumberIntegrationView>> {
    Ok(Json(state.services.number_integrations.test(&actor, kind).await?))
}
