use leptos::prelude::*;

use crate::{
    components::ui::{EmptyState, PLUS, ROUTE, icon},
    urls,
};

/// The list of an account without carriers.
pub fn no_carriers(may_change: bool, guide: Signal<String>) -> AnyView {
    let add = may_change.then(|| {
        view! { <a class="btn-primary" href=urls::CREATE_CARRIER>{icon(PLUS)} "Add the First Carrier"</a> }
    });
    view! {
        <EmptyState
            glyph=ROUTE
            title="No carriers yet"
            text="A carrier is a SIP provider, or one account with it. Add one and give it phone numbers: its LiveKit trunks are created automatically."
        >
            {add}
            <a class="btn" href=guide data-noscroll="">"Read the Guide"</a>
        </EmptyState>
    }
    .into_any()
}
