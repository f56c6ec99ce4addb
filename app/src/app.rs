//! The pages and their addresses.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

#[cfg(debug_assertions)]
use crate::pages::design::DesignPage;
#[cfg(not(debug_assertions))]
use crate::pages::not_found::NotFoundPage as DesignPage;
use crate::{
    clock::provide_clock,
    components::{
        form::{LeaveDialog, provide_guards},
        layout::{DashboardFrame, provide_scroll_restoration},
        ui::{Toasts, provide_toasts},
    },
    hydrated::provide_hydrated,
    pages::{
        account::AccountPage,
        api_keys::{ApiKeyListPage, ApiKeyPage, CreateApiKeyPage},
        audit::AuditPage,
        bots::{BotListPage, BotPage, CreateBotPage},
        calls::{CallListPage, CallPage, CallWhyPage},
        carriers::{CarrierDriftPage, CarrierListPage, CarrierPage, CreateCarrierPage},
        edge::{
            BanListPage, CreateEdgeObjectPage, EdgeLivePage, EdgeObjectListPage, EdgeObjectPage, EdgeSettingsPage,
            RegistrationListPage, RoutePreviewPage,
        },
        entry::{InvitationPage, LoginPage, NewPasswordPage, SetupPage},
        exotel::ExotelPage,
        fleet_server::FleetPage,
        home::HomePage,
        integrations::IntegrationsPage,
        not_found::{NotFound, NotFoundPage},
        number_purchases::NumberPurchaseListPage,
        numbers::{BuyNumberPage, FindNumberPage, NumberListPage, RegisterNumberPage},
        users::{InviteUserPage, UserListPage, UserPage},
    },
    session::provide_session,
    submitted::provide_submitted,
    urls,
};

/// The suffix of every title.
pub const TITLE_END: &str = " · Trunkline";

/// The console. Pages are sent only when they are complete, because without JavaScript nothing could be filled in later.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_hydrated();
    provide_clock();
    provide_session();
    provide_submitted();
    provide_toasts();
    provide_guards();
    provide_scroll_restoration();
    let home = || view! { <Redirect path=urls::HOME/> };

    view! {
        <Title formatter=|title| title + TITLE_END/>
        <Router>
            <Routes fallback=|| view! { <NotFoundPage/> }>
                <Route path=path!("/") view=home ssr=SsrMode::Async/>
                <Route path=StaticSegment(urls::SETUP) view=SetupPage ssr=SsrMode::Async/>
                <Route path=StaticSegment(urls::LOGIN) view=LoginPage ssr=SsrMode::Async/>
                <Route path=StaticSegment(urls::INVITATION) view=InvitationPage ssr=SsrMode::Async/>
                <Route path=StaticSegment(urls::NEW_PASSWORD) view=NewPasswordPage ssr=SsrMode::Async/>
                <Route path=StaticSegment(urls::DESIGN) view=DesignPage ssr=SsrMode::Async/>
                <ParentRoute path=StaticSegment(urls::HOME) view=DashboardFrame ssr=SsrMode::Async>
                    <Route path=path!("") view=HomePage/>
                    <Route path=urls::carriers_route() view=CarrierListPage/>
                    <Route path=urls::create_carrier_route() view=CreateCarrierPage/>
                    <Route path=urls::carrier_route() view=CarrierPage/>
                    <Route path=urls::carrier_drift_route() view=CarrierDriftPage/>
                    <Route path=urls::bots_route() view=BotListPage/>
                    <Route path=urls::create_bot_route() view=CreateBotPage/>
                    <Route path=urls::bot_route() view=BotPage/>
                    <Route path=urls::fleet_route() view=FleetPage/>
                    <Route path=urls::api_keys_route() view=ApiKeyListPage/>
                    <Route path=urls::create_api_key_route() view=CreateApiKeyPage/>
                    <Route path=urls::api_key_route() view=ApiKeyPage/>
                    <Route path=urls::users_route() view=UserListPage/>
                    <Route path=urls::invite_user_route() view=InviteUserPage/>
                    <Route path=urls::user_route() view=UserPage/>
                    <Route path=urls::account_route() view=AccountPage/>
                    <Route path=urls::calls_route() view=CallListPage/>
                    <Route path=urls::call_why_route() view=CallWhyPage/>
                    <Route path=urls::call_route() view=CallPage/>
                    <Route path=urls::register_number_route() view=RegisterNumberPage/>
                    <Route path=urls::buy_number_route() view=BuyNumberPage/>
                    <Route path=urls::number_purchases_route() view=NumberPurchaseListPage/>
                    <Route path=urls::audit_route() view=AuditPage/>
                    <Route path=urls::numbers_route() view=NumberListPage/>
                    <Route path=urls::find_number_route() view=FindNumberPage/>
                    <Route path=urls::integrations_route() view=IntegrationsPage/>
                    <Route path=urls::exotel_route() view=ExotelPage/>
                    <Route path=urls::edge_route() view=EdgeLivePage/>
                    <Route path=urls::edge_registrations_route() view=RegistrationListPage/>
                    <Route path=urls::edge_bans_route() view=BanListPage/>
                    <Route path=urls::edge_route_preview_route() view=RoutePreviewPage/>
                    <Route path=urls::edge_settings_route() view=EdgeSettingsPage/>
                    <Route path=urls::edge_objects_route() view=EdgeObjectListPage/>
                    <Route path=urls::create_edge_object_route() view=CreateEdgeObjectPage/>
                    <Route path=urls::edge_object_route() view=EdgeObjectPage/>
                    <Route path=path!("/*any") view=NotFound/>
                </ParentRoute>
            </Routes>
        </Router>
        <LeaveDialog/>
        <Toasts/>
    }
}
