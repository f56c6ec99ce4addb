//! `/api/v1/users…`.

use api_types::{
    Problem,
    input::{InvitationInput, UserInput},
    view::{SessionPage, UserDetail, UserLink, UserPage},
};
use app::user_link;
use axum::{Json, extract::State, http::StatusCode};
use domain::UserId;

use crate::http::{
    AppState,
    shared::{
        base_url::BaseUrl,
        extract::{Body, Caller, Id},
        problem::ApiResult,
    },
};

/// List the users
#[utoipa::path(get, path = "/users", tag = "Users", responses((status = 200, body = UserPage)))]
pub(super) async fn list(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<UserPage>> {
    Ok(Json(state.services.users.list(&actor).await?))
}

/// One user
#[utoipa::path(get, path = "/users/{id}", tag = "Users", params(("id" = UserId, Path)),
    responses((status = 200, body = UserDetail), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<UserId>,
) -> ApiResult<Json<UserDetail>> {
    Ok(Json(state.services.users.get(&actor, &id).await?))
}

/// Invite a user
///
/// The response alone contains the one-time link with which the user sets a password; it is valid for seven days. After a
/// lost response, create another link: `POST /api/v1/users/{id}/link`.
#[utoipa::path(post, path = "/users", tag = "Users", request_body = InvitationInput,
    responses((status = 201, body = UserLink), (status = 422, body = Problem)))]
pub(super) async fn invite(
    State(state): State<AppState>,
    Caller(actor): Caller,
    BaseUrl(base_url): BaseUrl,
    Body(input): Body<InvitationInput>,
) -> ApiResult<(StatusCode, Json<UserLink>)> {
    let link = state.services.users.invite(&actor, &input).await?;
    Ok((StatusCode::CREATED, Json(user_link(&base_url, link))))
}

/// Change a user's role, disable or enable
///
/// What the body leaves out stays. A lower role and disabling end the user's sessions and event streams at once, on all
/// servers. API keys that the user has made may do no more than the user: those of a disabled user are refused. With a
/// `version` that is not the current one, 409 with the current user; for the last administrator, 409 `last_administrator`.
#[utoipa::path(patch, path = "/users/{id}", tag = "Users", params(("id" = UserId, Path)), request_body = UserInput,
    responses((status = 200, body = UserDetail), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<UserId>,
    Body(input): Body<UserInput>,
) -> ApiResult<Json<UserDetail>> {
    Ok(Json(state.services.users.update(&actor, &id, &input).await?))
}

/// Delete a user
///
/// With sessions and API keys. The audit log keeps the name. 409 `last_administrator` for the last administrator.
#[utoipa::path(delete, path = "/users/{id}", tag = "Users", params(("id" = UserId, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<UserId>,
) -> ApiResult<StatusCode> {
    state.services.users.delete(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Create a one-time link to set a password
///
/// For a user who has forgotten the password (valid for a day), or has not accepted the invitation (seven days). It replaces
/// an earlier link. The response alone contains it.
#[utoipa::path(post, path = "/users/{id}/link", tag = "Users", params(("id" = UserId, Path)),
    responses((status = 201, body = UserLink), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn create_link(
    State(state): State<AppState>,
    Caller(actor): Caller,
    BaseUrl(base_url): BaseUrl,
    Id(id): Id<UserId>,
) -> ApiResult<(StatusCode, Json<UserLink>)> {
    let link = state.services.users.create_link(&actor, &id).await?;
    Ok((StatusCode::CREATED, Json(user_link(&base_url, link))))
}

/// A user's sessions
#[utoipa::path(get, path = "/users/{id}/sessions", tag = "Users", params(("id" = UserId, Path)),
    responses((status = 200, body = SessionPage), (status = 404, body = Problem)))]
pub(super) async fn sessions(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<UserId>,
) -> ApiResult<Json<SessionPage>> {
    Ok(Json(state.services.users.sessions(&actor, &id).await?))
}

/// Sign a user out everywhere
///
/// Ends all sessions of the user and their event streams, on all servers.
#[utoipa::path(delete, path = "/users/{id}/sessions", tag = "Users", params(("id" = UserId, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn end_sessions(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id<UserId>,
) -> ApiResult<StatusCode> {
    state.services.users.end_sessions(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
