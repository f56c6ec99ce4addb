use leptos::prelude::*;

use crate::{
    components::{
        layout::PageHeader,
        ui::{EmptyState, ROUTE},
    },
    status::set_status,
    urls,
};

/// The page of a carrier that does not exist.
pub fn no_carrier() -> AnyView {
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
