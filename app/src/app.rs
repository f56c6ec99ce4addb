//! The pages and their addresses.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Redirect, Route, Router},
    path,
};

#[cfg(debug_assertions)]
use crate::pages::design::DesignPage;
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
    place::{Place, use_place},
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

    view! {
        <Title formatter=|title| format!("{title} · Trunkline")/>
        <Router>
            // One route: each of several would be a type of its own, and so some ten kilobytes of WebAssembly.
            <FlatRoutes fallback=|| ()>
                <Route path=path!("/*any") view=Pages ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
        <Toasts/>
    }
}

/// The page at the address; the frame stays while one goes from page to page.
#[component]
fn Pages() -> impl IntoView {
    let place = use_place();
    let inside = Memo::new(move |_| place.get().is_inside());
    move || {
        if inside.get() {
            view! { <DashboardFrame>{move || page(place.get())}</DashboardFrame> }.into_any()
        } else {
            (move || page(place.get())).into_any()
        }
    }
}

fn page(place: Place) -> AnyView {
    match place {
        Place::Start => view! { <Redirect path=urls::HOME/> }.into_any(),
        Place::Setup => view! { <SetupPage/> }.into_any(),
        Place::Login => view! { <LoginPage/> }.into_any(),
        Place::Home => view! { <HomePage/> }.into_any(),
        Place::Carriers => view! { <CarrierListPage/> }.into_any(),
        Place::CreateCarrier => view! { <CreateCarrierPage/> }.into_any(),
        Place::Carrier => view! { <CarrierPage/> }.into_any(),
        Place::CarrierLiveKit => view! { <CarrierLiveKitPage/> }.into_any(),
        Place::Bots => view! { <BotListPage/> }.into_any(),
        Place::CreateBot => view! { <CreateBotPage/> }.into_any(),
        Place::Bot => view! { <BotPage/> }.into_any(),
        Place::Audit => view! { <AuditPage/> }.into_any(),
        Place::Exotel => view! { <ExotelPage/> }.into_any(),
        Place::NowhereInside => view! { <NotFound/> }.into_any(),
        // A release must not even know the designers' page.
        #[cfg(debug_assertions)]
        Place::Design => view! { <DesignPage/> }.into_any(),
        Place::Nowhere => view! { <NotFoundPage/> }.into_any(),
    }
}
