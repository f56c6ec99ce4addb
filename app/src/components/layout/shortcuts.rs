//! Keyboard shortcuts of one letter. They can be turned off (WCAG 2.1.4), and never apply while something is typed or a
//! dialog is open.

use leptos::{
    ev::{self, KeyboardEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, HtmlInputElement, Storage},
};
use leptos_router::hooks::use_navigate;

use crate::{
    components::ui::{X, icon},
    urls,
};

/// How long `g` waits for the letter of a page.
const SEQUENCE_MILLIS: f64 = 1500.0;
/// The entry of the local storage that turns the shortcuts off.
const OFF: &str = "shortcuts-off";

/// `g` and this letter go to that page.
const PAGES: [(&str, &str, &str); 5] = [
    ("h", "Home", urls::HOME),
    ("c", "Carriers", urls::CARRIERS),
    ("b", "Bots", urls::BOTS),
    ("x", "Exotel", urls::EXOTEL),
    ("a", "Audit", urls::AUDIT),
];

/// An element with `aria-keyshortcuts` of these letters is focused (the search) or clicked.
const ACTIONS: [(&str, &str); 3] = [("/", "Search"), ("n", "New"), ("e", "Edit")];

/// Listens for shortcuts until its owner is disposed; `?` lists them.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let off = RwSignal::new(false);
    Effect::new(move |_| off.set(storage().and_then(|storage| storage.get_item(OFF).ok()).flatten().is_some()));
    let navigate = use_navigate();
    let go_since = StoredValue::new(None::<f64>);
    let listen = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || is_occupied(&event) {
            return;
        }
        let key = event.key();
        if key == "?" {
            event.prevent_default();
            if let Some(dialog) = dialog.get_untracked() {
                let _ = dialog.show_modal();
            }
            return;
        }
        if off.get_untracked() {
            return;
        }
        // When `g` was pressed, in milliseconds.
        let started = go_since.try_update_value(Option::take).flatten();
        if started.is_some_and(|started| event.time_stamp() - started < SEQUENCE_MILLIS) {
            if let Some((.., path)) = PAGES.iter().find(|(letter, ..)| *letter == key) {
                event.prevent_default();
                navigate(path, Default::default());
            }
        } else if key == "g" {
            go_since.set_value(Some(event.time_stamp()));
        } else if ACTIONS.iter().any(|(letter, _)| *letter == key) && execute(&key) {
            event.prevent_default();
        }
    };
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, listen.clone());
        on_cleanup(move || handle.remove());
    });
    let toggle = move |_| {
        let now = !off.get_untracked();
        off.set(now);
        if let Some(storage) = storage() {
            let _ = if now { storage.set_item(OFF, "1") } else { storage.remove_item(OFF) };
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let row = |keys: String, name: &'static str| {
        let keys = keys.split(' ').map(|key| view! { <kbd class="kbd">{key.to_owned()}</kbd> " " }).collect_view();
        view! { <div class="shortcut"><dt>{name}</dt> <dd>{keys}</dd></div> }
    };
    let actions = ACTIONS.map(|(key, name)| row(key.to_owned(), name)).collect_view();
    let pages = PAGES.map(|(key, name, _)| row(format!("g {key}"), name)).collect_view();
    view! {
        <dialog node_ref=dialog class="dialog dialog-small" aria-labelledby="shortcuts-title">
            <header class="dialog-head">
                <h2 id="shortcuts-title" class="text-[15px] font-semibold">"Keyboard Shortcuts"</h2>
                <button type="button" class="icon-btn" aria-label="Close" on:click=close>{icon(X)}</button>
            </header>
            <div class="dialog-body">
                <dl class="shortcuts">{actions} {pages} {row("?".to_owned(), "Keyboard Shortcuts")}</dl>
                <label class="flex items-center gap-2 mt-4">
                    <input type="checkbox" class="checkbox" prop:checked=move || !off.get() on:change=toggle/>
                    "Use single-key shortcuts in this browser"
                </label>
            </div>
        </dialog>
    }
    .into_any()
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The key belongs to a field or to an open dialog.
fn is_occupied(event: &KeyboardEvent) -> bool {
    let is_field = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| element.closest("input, textarea, select, [contenteditable]").ok().flatten().is_some());
    is_field || document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Focuses or clicks the element of that shortcut. False: the page has none.
fn execute(key: &str) -> bool {
    let element = document().query_selector(&format!("main [aria-keyshortcuts='{key}']")).ok().flatten();
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return false };
    if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
        let _ = field.focus();
        field.select();
    } else {
        element.click();
    }
    true
}
