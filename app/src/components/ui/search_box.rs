use leptos::prelude::*;

use super::{SEARCH, icon};

/// The search of a server-rendered page. It searches while typing; `/` focuses it.
#[component]
pub fn SearchBox(
    /// Name of the query parameter.
    name: &'static str,
    label: &'static str,
    /// The current search text.
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
