use leptos::prelude::*;

use crate::{
    components::{
        layout::{EntryFrame, PageHeader},
        ui::{EmptyState, SEARCH},
    },
    status::set_status,
    urls,
};

/// An unknown address of the dashboard.
#[component]
pub fn NotFound() -> impl IntoView {
    set_status(404);
    view! {
        <PageHeader title="Not Found"/>
        <div class="card">
            <EmptyState glyph=SEARCH title="There is nothing at this address" text="It may have been deleted, or the link is incomplete.">
                <a class="btn" href=urls::CARRIERS>"Go to the carriers"</a>
            </EmptyState>
        </div>
    }
}

/// An unknown address outside of the dashboard.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    set_status(404);
    view! {
        <leptos_meta::Title text="Not Found"/>
        <EntryFrame title="Not Found" text="There is no page at this address.">
            <a class="btn-primary" href=urls::CARRIERS rel="external">"Go to the console"</a>
        </EntryFrame>
    }
}
