use std::time::Duration;

use leptos::{
    ev::{self, KeyboardEvent},
    html,
    leptos_dom::helpers::debounce,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::Element,
};

use super::{SEARCH, icon};

const PAUSE: Duration = Duration::from_millis(200);

/// A search that starts while one types; `/` leads to it from anywhere on the page.
#[component]
pub fn SearchBox(
    /// Name in the query of the address.
    name: &'static str,
    label: &'static str,
    /// What is searched for, as the address says.
    #[prop(into)]
    value: Signal<String>,
    search: impl Fn(String) + Clone + 'static,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let typed_before = search.clone();
    Effect::new(move |before: Option<()>| {
        let wanted = value.get();
        let Some(input) = node.get() else { return };
        if input.value() == wanted {
            return;
        }
        if before.is_none() {
            typed_before(input.value());
        } else if document().active_element().as_ref() != Some(input.as_ref()) {
            // The address changed by other means: by the way back, or by clearing the search.
            input.set_value(&wanted);
        }
    });
    let slash = window_event_listener(ev::keydown, move |event| {
        if event.key() == "/" && !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !is_taken(&event) {
            event.prevent_default();
            if let Some(input) = node.get_untracked() {
                let _ = input.focus();
                input.select();
            }
        }
    });
    on_cleanup(move || slash.remove());

    let mut later = debounce(PAUSE, search);
    view! {
        <div class="search">
            {icon(SEARCH)}
            <input
                node_ref=node
                class="field search-field"
                type="search"
                name=name
                value=value.get_untracked()
                placeholder=label
                aria-label=label
                aria-keyshortcuts="/"
                autocomplete="off"
                spellcheck="false"
                on:input=move |event| later(event_target_value(&event))
            />
            <kbd class="needs-js" aria-hidden="true">"/"</kbd>
        </div>
    }
    .into_any()
}

/// Whether the key belongs to a field, or to an open dialog.
pub fn is_taken(event: &KeyboardEvent) -> bool {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| element.closest("input, textarea, select, dialog").ok().flatten().is_some());
    field || document().query_selector("dialog[open]").ok().flatten().is_some()
}
