use leptos::prelude::*;

use super::{cards::Cards, did_table::DidTable, sync::SyncBanner};

/// The carrier, read-only, with its DIDs.
#[component]
pub fn View() -> impl IntoView {
    view! {
        <SyncBanner/>
        <Cards/>
        <DidTable/>
    }
    .into_any()
}
