use leptos::prelude::*;

use crate::{
    components::{
        layout::PageHeader,
        ui::{EmptyState, UNPLUG},
    },
    urls,
};

/// Exotel's own page, as far as it goes: it says plainly that nothing is connected.
#[component]
pub fn ExotelPage() -> impl IntoView {
    view! {
        <PageHeader title="Exotel" parent=(urls::CARRIERS, "Carriers") crumb=Signal::from("Exotel")/>
        <div class="card">
            <EmptyState
                glyph=UNPLUG
                title="Not connected"
                text="No Exotel account is connected. Until one is, an Exotel trunk works as a carrier like any other: see its recipe in the guide."
            >
                <a class="btn" href=format!("{}?guide=exotel", urls::CARRIERS)>"Open the guide"</a>
            </EmptyState>
        </div>
    }
}
