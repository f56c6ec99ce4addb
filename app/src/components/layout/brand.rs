use leptos::prelude::*;

/// The logo and the name.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <span class="brand">
            <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M2 5h4.5c3 0 4.5 7 8 7H22M2 19h4.5c3 0 4.5-7 8-7"></path>
                <circle cx="3" cy="12" r="1.2"></circle>
            </svg>
            "Trunkline"
        </span>
    }
}
