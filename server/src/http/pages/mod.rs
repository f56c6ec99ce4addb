//! The console's documents, and their forms as browsers without JavaScript send them.

mod contexts;
mod guide;
mod native;
mod render;

use api_types::view::{ApiKeyCreated, ExotelImported, ImportOutcome, UserLink, UserView};
use app::{
    functions::{
        AcceptPasswordLink, AddDid, AdoptTrunk, ApplyDrift, BulkAllDids, BulkDids, ChangePassword, CreateApiKey,
        CreateBot, CreateCarrier, CreateEdgeObject, CreateFleetServer, CreateUserLink, DeleteApiKey, DeleteBot,
        DeleteCarrier, DeleteEdgeObject, DeleteFleetServer, DeleteNumber, DeleteUser, DisconnectExotel,
        DisconnectIntegration, EndOwnSession, EndOwnSessions, EndUserSessions, GiveUpPurchase, ImportExotel,
        InviteUser, LiftBan, LogIn, LogOut, MarkPurchaseReleased, RegisterNumber, ReleasePurchase, RemoveDid,
        RemoveOrphans, RequestPurchase, ResetLive, RetryPurchase, SaveExotel, SaveIntegration, SetUp, SyncCarrier,
        TestExotel, TestIntegration, UpdateApiKey, UpdateBot, UpdateCallSettings, UpdateCarrier, UpdateDid,
        UpdateEdgeObject, UpdateFleetServer, UpdateUser,
    },
    urls::{self, axum_path},
};
use axum::{
    Router,
    extract::{RawPathParams, Request, State},
    http::{Method, StatusCode},
    middleware::from_fn_with_state,
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};
use services::Actor;

pub(super) use self::contexts::contexts;
use self::native::{Adapter, Form, Forms, PageAddress, native, native_or_show};
use super::{AppState, shared::identity};
use crate::assets;

/// The pages that have forms, and the fallback, which renders all others.
pub(super) fn router(state: &AppState) -> Router<AppState> {
    // Rendering spawns tasks; a second router in one process, as in tests, finds the executor set.
    let _ = any_spawner::Executor::init_tokio();
    let log_out = Forms::page(native::<LogOut>(|(), _| urls::LOGGED_OUT.to_owned()));
    let identified = Router::new()
        .route(urls::SETUP, page_with(Forms::page(native::<SetUp>(|_, _| urls::HOME.to_owned()))))
        .route(urls::LOGIN, page_with(Forms::page(native::<LogIn>(after_login))))
        .route(urls::LOGOUT, submit(log_out))
        .route(
            urls::CREATE_CARRIER,
            page_with(Forms::page(native::<CreateCarrier>(|carrier, _| urls::carrier(&carrier.id)))),
        )
        .route(&axum_path(urls::CARRIER), page_with(carrier()))
        .route(&axum_path(urls::CARRIER_DRIFT), page_with(drift()))
        .route(urls::CREATE_BOT, page_with(Forms::page(native::<CreateBot>(|_, _| urls::BOTS.to_owned()))))
        .route(&axum_path(urls::BOT), page_with(bot()))
        .route(
            urls::CREATE_API_KEY,
            page_with(Forms::page(native_or_show::<CreateApiKey>(api_key_created, |_, _| urls::API_KEYS.to_owned()))),
        )
        .route(&axum_path(urls::API_KEY), page_with(api_key()))
        .route(urls::INVITATION, page_with(password_link()))
        .route(urls::NEW_PASSWORD, page_with(password_link()))
        .route(
            urls::INVITE_USER,
            page_with(Forms::page(native_or_show::<InviteUser>(link_created, |_, _| urls::USERS.to_owned()))),
        )
        .route(&axum_path(urls::USER), page_with(user()))
        .route(urls::ACCOUNT, page_with(account()))
        .route(urls::NUMBERS, page_with(numbers()))
        .route(urls::CALLS, page_with(calls()))
        .route(urls::INTEGRATIONS, page_with(integrations()))
        .route(urls::REGISTER_NUMBER, page_with(Forms::page(native::<RegisterNumber>(|_, _| urls::NUMBERS.to_owned()))))
        .route(
            urls::BUY_NUMBER,
            page_with(Forms::page(native::<RequestPurchase>(|_, _| urls::NUMBER_PURCHASES.to_owned()))),
        )
        .route(urls::NUMBER_PURCHASES, page_with(purchases()))
        .route(urls::EXOTEL, page_with(exotel()))
        .route(urls::FLEET, page_with(fleet()))
        .route(
            urls::EDGE,
            page_with(Forms::default().when("reset", native::<ResetLive>(|_, address| address.without_query()))),
        )
        .route(urls::EDGE_BANS, page_with(Forms::page(native::<LiftBan>(|_, address| address.without(&[])))))
        .route(
            urls::EDGE_SETTINGS,
            page_with(Forms::page(native::<UpdateEdgeObject>(|_, address| address.without_query()))),
        )
        .route(
            &axum_path(urls::CREATE_EDGE_OBJECT),
            page_with(Forms::page(native::<CreateEdgeObject>(|_, address| address.parent()))),
        )
        .route(&axum_path(urls::EDGE_OBJECT), page_with(edge_object()))
        .route_layer(from_fn_with_state(state.clone(), identity::identify_user));
    Router::new()
        .route("/", get(|| async { Redirect::to(urls::HOME) }))
        .route(&axum_path(urls::GUIDE_TOPIC), get(guide::open))
        .merge(identified)
        .fallback(file_or_page)
}

fn carrier() -> Forms {
    Forms::page(native::<SyncCarrier>(|_, address| address.without(&[])))
        .when("edit", native::<UpdateCarrier>(|_, address| address.without(&["edit"])))
        .when("delete", native::<DeleteCarrier>(|(), _| urls::CARRIERS.to_owned()))
        .when("did=new", native::<AddDid>(|_, address| address.without(&["did"])))
        .when("did", native::<UpdateDid>(|_, address| address.without(&["did"])))
        .when("remove", native::<RemoveDid>(|(), address| address.without(&["remove"])))
        .when("assign-bot", bulk())
        .when("change-direction", bulk())
        .when("remove-selected", bulk())
}

/// Shows the table again, with nothing selected.
fn bulk() -> Adapter {
    native::<BulkDids>(|_, address| {
        address.without(&["assign-bot", "change-direction", "remove-selected", "ids", "all"])
    })
}

fn numbers() -> Forms {
    let done = native::<BulkAllDids>(|_, address| address.without(&["assign-bot", "ids", "all"]));
    Forms::default().when("assign-bot", done)
}

fn drift() -> Forms {
    Forms::default()
        .when("apply", native::<ApplyDrift>(|_, address| address.done("applied")))
        .when("remove", native::<RemoveOrphans>(|_, address| address.done("removed")))
        .when("adopt", native::<AdoptTrunk>(|_, address| address.done("adopted")))
}

fn bot() -> Forms {
    Forms::page(native::<UpdateBot>(|_, _| urls::BOTS.to_owned()))
        .when("delete", native::<DeleteBot>(|(), _| urls::BOTS.to_owned()))
}

fn edge_object() -> Forms {
    Forms::page(native::<UpdateEdgeObject>(|_, address| address.without_query()))
        .when("delete", native::<DeleteEdgeObject>(|(), address| address.parent()))
}

fn fleet() -> Forms {
    Forms::default()
        .when("server=new", native::<CreateFleetServer>(|_, address| address.without(&["server"])))
        .when("server", native::<UpdateFleetServer>(|_, address| address.without(&["server"])))
        .when("remove", native::<DeleteFleetServer>(|(), address| address.without(&["remove"])))
}

fn purchases() -> Forms {
    Forms::default()
        .when("retry", native::<RetryPurchase>(|_, address| address.without(&["retry"])))
        .when("delete", native::<DeleteNumber>(|(), address| address.without(&["delete"])))
        .when("give-up", native::<GiveUpPurchase>(|_, address| address.without(&["give-up"])))
        .when("release", native::<ReleasePurchase>(|_, address| address.without(&["release"])))
        .when("mark-released", native::<MarkPurchaseReleased>(|_, address| address.without(&["mark-released"])))
}

fn api_key() -> Forms {
    Forms::page(native::<UpdateApiKey>(|_, _| urls::API_KEYS.to_owned()))
        .when("delete", native::<DeleteApiKey>(|(), _| urls::API_KEYS.to_owned()))
}

fn password_link() -> Forms {
    Forms::page(native::<AcceptPasswordLink>(|_, _| urls::HOME.to_owned()))
}

fn user() -> Forms {
    Forms::page(native::<UpdateUser>(|_, _| urls::USERS.to_owned()))
        .when("link", native_or_show::<CreateUserLink>(link_created, |_, address| address.without(&["link"])))
        .when("sign-out", native::<EndUserSessions>(|(), address| address.without(&["sign-out"])))
        .when("disable", native::<UpdateUser>(|_, address| address.without(&["disable"])))
        .when("enable", native::<UpdateUser>(|_, address| address.without(&["enable"])))
        .when("delete", native::<DeleteUser>(|(), _| urls::USERS.to_owned()))
}

fn account() -> Forms {
    Forms::page(native::<ChangePassword>(|(), address| format!("{}?changed=1", address.without_query())))
        .when("sign-out", native::<EndOwnSessions>(|(), _| urls::LOGGED_OUT.to_owned()))
        .when("end", native::<EndOwnSession>(|(), address| address.without(&["end"])))
}

/// Shown, since nothing can show the link later.
fn link_created(link: &UserLink) -> Option<serde_json::Value> {
    serde_json::to_value(link).ok()
}

/// Shown, since nothing can show the key later.
fn api_key_created(created: &ApiKeyCreated) -> Option<serde_json::Value> {
    serde_json::to_value(created).ok()
}

fn calls() -> Forms {
    Forms::default().when("retention", native::<UpdateCallSettings>(|_, address| address.without(&["retention"])))
}

fn exotel() -> Forms {
    Forms::page(native::<TestExotel>(|_, address| address.without_query()))
        .when("edit", native::<SaveExotel>(|_, address| address.without_query()))
        .when("numbers", native_or_show::<ImportExotel>(imported, |imported, _| urls::carrier(&imported.carrier_id)))
        .when("disconnect", native::<DisconnectExotel>(|(), address| address.without_query()))
}

fn integrations() -> Forms {
    Forms::page(native::<TestIntegration>(|_, address| address.without_query()))
        .when("connect", native::<SaveIntegration>(|_, address| address.without_query()))
        .when("disconnect", native::<DisconnectIntegration>(|(), address| address.without_query()))
}

/// A dry run is shown, and an import that skipped numbers.
fn imported(imported: &ExotelImported) -> Option<serde_json::Value> {
    let is_shown = imported.dry_run || imported.items.iter().any(|item| item.outcome != ImportOutcome::Added);
    is_shown.then(|| serde_json::to_value(imported).ok()).flatten()
}

fn after_login(_: &UserView, address: &PageAddress) -> String {
    urls::local(&address.parameter("next").unwrap_or_default()).to_owned()
}

/// A page with forms that are posted to its own address.
fn page_with(forms: Forms) -> MethodRouter<AppState> {
    get(page).merge(submit(forms))
}

fn submit(forms: Forms) -> MethodRouter<AppState> {
    post(move |state: State<AppState>, ids: RawPathParams, form: Form| forms.clone().submit(state, ids, form))
}

/// A file of the front end, or a page. Files need no identity, so they cost no query.
async fn file_or_page(State(state): State<AppState>, mut request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if let Some(file) = assets::serve(request.uri().path(), request.headers()) {
        return file;
    }
    if let Err(error) = identity::add_user(&state, &mut request).await {
        return error.into_response();
    }
    page(State(state), request).await
}

/// A page. The dashboard requires a session.
async fn page(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    let is_dashboard = path.strip_prefix(urls::HOME).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_dashboard && request.extensions().get::<Actor>().is_none() {
        let here = request.uri().path_and_query().map_or(urls::HOME, |here| here.as_str());
        return to_login(&state, here).await;
    }
    let (parts, _) = request.into_parts();
    render::page(&state, &parts, None).await
}

/// Redirects to the login page, which leads back to `next`; to the setup page while there is no user.
async fn to_login(state: &AppState, next: &str) -> Response {
    if state.services.setup.is_open().await.unwrap_or(false) {
        return Redirect::to(urls::SETUP).into_response();
    }
    Redirect::to(&urls::login(next)).into_response()
}
