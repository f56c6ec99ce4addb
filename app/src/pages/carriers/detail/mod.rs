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
mod not_found;
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
    components::form::focus,
    served::{Page, Served},
    session::use_session,
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
