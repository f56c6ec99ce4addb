use leptos::prelude::*;

use crate::{
    components::{
        layout::PageHeader,
        ui::{EmptyState, ROUTE},
    },
    urls,
};

/// The page of a carrier that does not exist, or not any more.
pub fn missing(deleted: bool) -> AnyView {
    let title = if deleted { "This carrier was deleted" } else { "There is no such carrier" };
    view! {
        <PageHeader title="Not Found" parent=(urls::CARRIERS, "Carriers")/>
        <div class="card">
            <EmptyState
                glyph=ROUTE
                title
                text="When a carrier is deleted, its phone numbers and its LiveKit trunks are deleted with it."
            >
                <a class="btn" href=urls::CARRIERS>"Back to Carriers"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
