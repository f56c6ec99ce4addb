use leptos::prelude::*;

use super::{SEARCH, icon};

/// A search of a served page: it starts while one types, and `/` leads to it.
#[component]
pub fn SearchBox(
    /// Name in the query of the address.
    name: &'static str,
    label: &'static str,
    /// What is searched for, as the address says.
    value: String,
) -> impl IntoView {
    view! {
        <div class="search">
            {icon(SEARCH)}
            <input
                class="field search-field"
                type="search"
                name=name
                value=value
                placeholder=label
                aria-label=label
                aria-keyshortcuts="/"
                autocomplete="off"
                spellcheck="false"
            />
            <kbd class="needs-js" aria-hidden="true">"/"</kbd>
        </div>
    }
    .into_any()
}
