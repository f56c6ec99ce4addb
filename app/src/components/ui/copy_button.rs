use leptos::prelude::*;

use super::{COPY, icon};

/// Copies a text to the clipboard. Browsers allow it only over https or from localhost.
pub fn copy_text(text: &str) -> bool {
    let window = window();
    let possible = window.is_secure_context();
    if possible {
        // Not awaited: it fails only if the page has no focus, and the text can be selected as well.
        let _ = window.navigator().clipboard().write_text(text);
    }
    possible
}

/// A button of a server-rendered page that copies a text. Shown only with JavaScript.
#[component]
pub fn CopyButton(
    text: String,
    /// What is copied, for the button's name: "trunk id".
    what: &'static str,
) -> impl IntoView {
    let label = format!("Copy the {what}");
    view! {
        <button type="button" class="icon-btn needs-js" aria-label=label data-copy=text data-what=what>
            {icon(COPY)}
        </button>
    }
    .into_any()
}
