use leptos::prelude::*;

use super::{COPY, icon};

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

/// A button of a served page that puts a text on the clipboard. Needs JavaScript, so it shows only where there is some.
#[component]
pub fn CopyButton(
    text: String,
    /// What it is, for the button's name: "trunk id".
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
