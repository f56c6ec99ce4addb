use leptos::prelude::*;

use super::{CHECK, COPY, icon, use_toasts};

/// Puts a text on the clipboard. Needs JavaScript, so it shows only where there is some.
#[component]
pub fn CopyButton(
    text: String,
    /// What it is, for the button's name: "trunk id".
    what: &'static str,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let toasts = use_toasts();
    let copy = move |_| {
        // The promise is not awaited: it fails only where the page has no focus, and the text can be selected too.
        let _ = window().navigator().clipboard().write_text(&text);
        copied.set(true);
        toasts.say(format!("Copied the {what}."));
    };
    view! {
        <button type="button" class="icon-btn needs-js" aria-label=format!("Copy the {what}") on:click=copy>
            {move || icon(if copied.get() { CHECK } else { COPY })}
        </button>
    }
}
