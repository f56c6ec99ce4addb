//! The pages and their addresses.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

#[cfg(debug_assertions)]
use crate::pages::design;
use crate::{
    alive::provide_alive,
    clock::provide_clock,
    components::{
        form::provide_guards,
        layout::DashboardFrame,
        ui::{Toasts, provide_toasts},
    },
    pages::{
        audit::AuditPage,
        bots::{BotListPage, BotPage, CreateBotPage},
        carriers::{CarrierListPage, CarrierLiveKitPage, CarrierPage, CreateCarrierPage},
        entry::{LoginPage, SetupPage},
        home::HomePage,
        integrations::ExotelPage,
        not_found::{NotFound, NotFoundPage},
    },
    session::provide_session,
    submitted::provide_submitted,
    urls,
};

/// The whole console. Every page is rendered to its end before it is sent: without JavaScript nothing could fill gaps.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_alive();
    provide_clock();
    provide_session();
    provide_submitted();
    provide_toasts();
    provide_guards();
    let home = || view! { <Redirect path=urls::HOME/> };

    view! {
        <Title formatter=|title| format!("{title} · Trunkline")/>
        <Router>
            <Routes fallback=elsewhere>
                <Route path=path!("/") view=home ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <ParentRoute path=path!("/dashboard") view=DashboardFrame ssr=SsrMode::Async>
                    <Route path=path!("") view=HomePage/>
                    <Route path=path!("/carriers") view=CarrierListPage/>
                    <Route path=path!("/carriers/create") view=CreateCarrierPage/>
                    <Route path=path!("/carriers/:id") view=CarrierPage/>
                    <Route path=path!("/carriers/:id/livekit") view=CarrierLiveKitPage/>
                    <Route path=path!("/bots") view=BotListPage/>
                    <Route path=path!("/bots/create") view=CreateBotPage/>
                    <Route path=path!("/bots/:id") view=BotPage/>
                    <Route path=path!("/audit") view=AuditPage/>
                    <Route path=path!("/integrations/exotel") view=ExotelPage/>
                    <Route path=path!("/*any") view=NotFound/>
                </ParentRoute>
            </Routes>
        </Router>
        <Toasts/>
    }
}

/// What no route has: nothing, or in a development build the designers' page, which a release must not even know.
fn elsewhere() -> AnyView {
    #[cfg(debug_assertions)]
    if leptos_router::hooks::use_location().pathname.read_untracked().as_str() == design::PATH {
        return design::DesignPage().into_any();
    }
    view! { <NotFoundPage/> }.into_any()
}
