//! `/api/v1/edge…`: what the routing of the SIP edge reads. The edge itself calls other paths (`http::api::edge`).

use api_types::{
    Problem,
    view::{EdgePage, EdgeQuery, EdgeView},
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{
    AllowEntryId, CallLimitId, DeviceId, DidTargetId, EdgeUserId, ExtensionId, OutboundRouteId, RingGroupId,
    ScheduleId, SipDomainId,
    edge::{
        AllowEntryInput, AllowEntrySettings, DeviceInput, DeviceSettings, DidTargetInput, DidTargetSettings,
        EdgeSettings, EdgeSettingsInput, EdgeUserInput, EdgeUserSettings, ExtensionInput, ExtensionSettings,
        LimitInput, LimitSettings, OutboundRouteInput, OutboundRouteSettings, RingGroupInput, RingGroupSettings,
        ScheduleInput, ScheduleSettings, SipDomainInput, SipDomainSettings,
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    shared::{
        extract::{Body, Caller, Id, Params},
        idempotency::IdempotencyKey,
        problem::ApiResult,
    },
};

/// The handlers of one noun, in a module of its own: `list`, `create`, `get`, `update`, `delete`.
macro_rules! noun {
    ($module:ident, $path:literal, $one:literal, $id:ty, $settings:ty, $input:ty) => {
        mod $module {
            use super::*;

            #[utoipa::path(get, path = concat!("/edge/", $path), tag = "SIP Edge",
                operation_id = concat!("list_", stringify!($module)),
                summary = concat!("List the objects: ", $one), params(EdgeQuery),
                responses((status = 200, body = EdgePage<$settings>), (status = 422, body = Problem)))]
            pub async fn list(
                State(state): State<AppState>,
                Caller(actor): Caller,
                Params(query): Params<EdgeQuery>,
            ) -> ApiResult<Json<EdgePage<$settings>>> {
                Ok(Json(state.services.edge_objects.list(&actor, &query).await?))
            }

            #[utoipa::path(post, path = concat!("/edge/", $path), tag = "SIP Edge",
                operation_id = concat!("create_", stringify!($module)), summary = concat!("Create ", $one),
                params(IdempotencyKey), request_body = $input,
                responses((status = 201, body = EdgeView<$settings>), (status = 422, body = Problem)))]
            pub async fn create(
                State(state): State<AppState>,
                Caller(actor): Caller,
                Body(input): Body<$input>,
            ) -> ApiResult<(StatusCode, Json<EdgeView<$settings>>)> {
                Ok((StatusCode::CREATED, Json(state.services.edge_objects.create(&actor, &input).await?)))
            }

            #[utoipa::path(get, path = concat!("/edge/", $path, "/{id}"), tag = "SIP Edge",
                operation_id = concat!("get_", stringify!($module)), summary = concat!("Read ", $one),
                params(("id" = inline($id), Path)),
                responses((status = 200, body = EdgeView<$settings>), (status = 404, body = Problem)))]
            pub async fn get(
                State(state): State<AppState>,
                Caller(actor): Caller,
                Id(id): Id<$id>,
            ) -> ApiResult<Json<EdgeView<$settings>>> {
                Ok(Json(state.services.edge_objects.get(&actor, &id).await?))
            }

            #[utoipa::path(put, path = concat!("/edge/", $path, "/{id}"), tag = "SIP Edge",
                operation_id = concat!("update_", stringify!($module)), summary = concat!("Change ", $one),
                description = "What the body leaves out stays. With a `version` that is not the current one: 409 with the \
                               current object.",
                params(("id" = inline($id), Path)), request_body = $input,
                responses((status = 200, body = EdgeView<$settings>), (status = 404, body = Problem),
                          (status = 409, body = Problem), (status = 422, body = Problem)))]
            pub async fn update(
                State(state): State<AppState>,
                Caller(actor): Caller,
                Id(id): Id<$id>,
                Body(input): Body<$input>,
            ) -> ApiResult<Json<EdgeView<$settings>>> {
                Ok(Json(state.services.edge_objects.update(&actor, &id, &input).await?))
            }

            #[utoipa::path(delete, path = concat!("/edge/", $path, "/{id}"), tag = "SIP Edge",
                operation_id = concat!("delete_", stringify!($module)), summary = concat!("Delete ", $one),
                description = "409 while other objects name it.",
                params(("id" = inline($id), Path)),
                responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
            pub async fn delete(
                State(state): State<AppState>,
                Caller(actor): Caller,
                Id(id): Id<$id>,
            ) -> ApiResult<StatusCode> {
                state.services.edge_objects.delete::<$settings>(&actor, &id).await?;
                Ok(StatusCode::NO_CONTENT)
            }
        }
    };
}

noun!(sip_domain, "domains", "a SIP domain", SipDomainId, SipDomainSettings, SipDomainInput);
noun!(edge_user, "users", "an edge user", EdgeUserId, EdgeUserSettings, EdgeUserInput);
noun!(device, "devices", "a device", DeviceId, DeviceSettings, DeviceInput);
noun!(extension, "extensions", "an extension", ExtensionId, ExtensionSettings, ExtensionInput);
noun!(did_target, "did-targets", "the target of a DID", DidTargetId, DidTargetSettings, DidTargetInput);
noun!(ring_group, "ring-groups", "a ring group", RingGroupId, RingGroupSettings, RingGroupInput);
noun!(schedule, "schedules", "a schedule", ScheduleId, ScheduleSettings, ScheduleInput);
noun!(
    outbound_route,
    "outbound-routes",
    "an outbound route",
    OutboundRouteId,
    OutboundRouteSettings,
    OutboundRouteInput
);
noun!(limit, "limits", "a call limit", CallLimitId, LimitSettings, LimitInput);
noun!(allow_entry, "allow", "an entry of the allowlist", AllowEntryId, AllowEntrySettings, AllowEntryInput);

/// The edge's settings
///
/// Version 0 until they are changed for the first time.
#[utoipa::path(get, path = "/edge/settings", tag = "SIP Edge", operation_id = "get_settings",
    responses((status = 200, body = EdgeView<EdgeSettings>)))]
async fn settings(State(state): State<AppState>, Caller(actor): Caller) -> ApiResult<Json<EdgeView<EdgeSettings>>> {
    Ok(Json(state.services.edge_objects.settings(&actor).await?))
}

/// Change the edge's settings
///
/// What the body leaves out stays. With a `version` that is not the current one: 409 with the current settings.
#[utoipa::path(put, path = "/edge/settings", tag = "SIP Edge", operation_id = "update_settings",
    request_body = EdgeSettingsInput,
    responses((status = 200, body = EdgeView<EdgeSettings>), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn update_settings(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Body(input): Body<EdgeSettingsInput>,
) -> ApiResult<Json<EdgeView<EdgeSettings>>> {
    Ok(Json(state.services.edge_objects.update_settings(&actor, &input).await?))
}

/// The routes that create rows, which a client may repeat with a key.
pub(super) fn creates() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(sip_domain::list, sip_domain::create))
        .routes(routes!(edge_user::list, edge_user::create))
        .routes(routes!(device::list, device::create))
        .routes(routes!(extension::list, extension::create))
        .routes(routes!(did_target::list, did_target::create))
        .routes(routes!(ring_group::list, ring_group::create))
        .routes(routes!(schedule::list, schedule::create))
        .routes(routes!(outbound_route::list, outbound_route::create))
        .routes(routes!(limit::list, limit::create))
        .routes(routes!(allow_entry::list, allow_entry::create))
}

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(settings, update_settings))
        .routes(routes!(sip_domain::get, sip_domain::update, sip_domain::delete))
        .routes(routes!(edge_user::get, edge_user::update, edge_user::delete))
        .routes(routes!(device::get, device::update, device::delete))
        .routes(routes!(extension::get, extension::update, extension::delete))
        .routes(routes!(did_target::get, did_target::update, did_target::delete))
        .routes(routes!(ring_group::get, ring_group::update, ring_group::delete))
        .routes(routes!(schedule::get, schedule::update, schedule::delete))
        .routes(routes!(outbound_route::get, outbound_route::update, outbound_route::delete))
        .routes(routes!(limit::get, limit::update, limit::delete))
        .routes(routes!(allow_entry::get, allow_entry::update, allow_entry::delete))
}
