//! One carrier: read-only, rendered by the server, and with `?edit=1` as a form in the browser.

#[cfg(feature = "ssr")]
mod cards;
#[cfg(feature = "ssr")]
mod context;
#[cfg(feature = "ssr")]
mod delete_dialog;
#[cfg(feature = "ssr")]
mod did_dialog;
#[cfg(feature = "ssr")]
mod did_rows;
#[cfg(feature = "ssr")]
mod dids;
mod edit;
#[cfg(feature = "ssr")]
mod modal;
#[cfg(feature = "ssr")]
mod remove_dialog;
#[cfg(feature = "ssr")]
mod sync;
#[cfg(feature = "ssr")]
mod view;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::edit::EditPage;
#[cfg(feature = "ssr")]
pub use self::view::CarrierReadPage;
use crate::{
    components::{
        form::focus,
        layout::PageHeader,
        ui::{EmptyState, ROUTE},
    },
    pages::set_status,
    served::{Page, Served},
    session::use_session,
    urls,
};

/// One carrier, by the id in the address.
#[component]
pub fn CarrierPage() -> impl IntoView {
    let params = use_query_map();
    let may_change = use_session().may_change();
    let editing = Memo::new(move |_| may_change && params.with(|params| params.get_str("edit").is_some()));
    // The form with the focus is gone, so the focus moves to the start of the page.
    Effect::new(move |before: Option<()>| {
        if !editing.get() && before.is_some() {
            focus("content".to_owned());
        }
    });
    move || {
        if editing.get() { view! { <EditPage/> }.into_any() } else { view! { <Served page=Page::Carrier/> }.into_any() }
    }
}

fn no_carrier() -> AnyView {
    set_status(404);
    view! {
        <PageHeader title="Not found" parent=(urls::CARRIERS, "Carriers")/>
        <div class="card">
            <EmptyState
                glyph=ROUTE
                title="There is no such carrier"
                text="It may have been deleted. A deleted carrier takes its numbers and its LiveKit trunks with it."
            >
                <a class="btn" href=urls::CARRIERS>"Back to the carriers"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
