use leptos::prelude::*;

use super::{COPY, copy_with_toast, icon, use_toasts};

/// A value to copy: an address, an id. The text can be selected; the button copies it.
#[component]
pub fn CopyField(
    #[prop(into)] value: String,
    /// What is copied, for the button's name and the toast: "SIP address".
    what: &'static str,
    /// In several lines instead of one that is cut off.
    #[prop(optional)]
    wrap: bool,
) -> impl IntoView {
    let toasts = use_toasts();
    let (copied, title) = (value.clone(), value.clone());
    let copy = move |_| copy_with_toast(&copied, what, toasts);
    let class = if wrap { "copy-value wrap-anywhere" } else { "copy-value truncate" };
    let label = format!("Copy the {what}");
    view! {
        <span class="copy-field">
            <code class=class title=title>{value}</code>
            <button type="button" class="icon-btn copy-button needs-js" title=label.clone() aria-label=label on:click=copy>
                {icon(COPY)}
            </button>
        </span>
    }
    .into_any()
}
