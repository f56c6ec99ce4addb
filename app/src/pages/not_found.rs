use leptos::prelude::*;

use super::answer_status;
use crate::{
    components::{
        layout::{EntryFrame, PageHeader},
        ui::{EmptyState, SEARCH},
    },
    urls,
};

/// Within the frame: nothing is kept under this address.
#[component]
pub fn NotFound() -> impl IntoView {
    answer_status(404);
    view! {
        <PageHeader title="Not found"/>
        <div class="card">
            <EmptyState glyph=SEARCH title="There is nothing at this address" text="It may have been deleted, or the link is incomplete.">
                <a class="btn" href=urls::CARRIERS>"Go to the carriers"</a>
            </EmptyState>
        </div>
    }
}

/// Outside of the frame.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    answer_status(404);
    view! {
        <leptos_meta::Title text="Not found"/>
        <EntryFrame title="Not found" text="There is no page at this address.">
            <a class="btn-primary" href=urls::CARRIERS rel="external">"Go to the console"</a>
        </EntryFrame>
    }
}
