use leptos::prelude::*;

use super::{CHECK, COPY, icon, use_toasts};

/// Puts a text on the clipboard. Browsers have one only where the page came over https, or from the same machine.
pub fn copy_text(text: &str) -> bool {
    let window = window();
    let possible = window.is_secure_context();
    if possible {
        // The promise is not awaited: it fails only where the page has no focus, and the text can be selected too.
        let _ = window.navigator().clipboard().write_text(text);
    }
    possible
}

/// Puts a text on the clipboard. Needs JavaScript, so it shows only where there is some.
#[component]
pub fn CopyButton(
    text: String,
    /// What it is, for the button's name: "trunk id".
    what: &'static str,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let served = text.clone();
    let toasts = use_toasts();
    let copy = move |_| {
        if copy_text(&text) {
            copied.set(true);
            toasts.say(format!("Copied the {what}."));
        } else {
            toasts.warn("This browser copies over https only: select the text instead.");
        }
    };
    view! {
        <button type="button" class="icon-btn needs-js" aria-label=format!("Copy the {what}") data-copy=served data-what=what on:click=copy>
            {move || icon(if copied.get() { CHECK } else { COPY })}
        </button>
    }
}
