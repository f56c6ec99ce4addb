use leptos::prelude::*;

use crate::components::ui::{LOADER, icon};

/// Stays focusable while the form is sent, so that the focus is not lost. The form itself prevents a second request.
#[component]
pub fn SubmitButton(
    label: &'static str,
    /// Shown during the request: "Saving…"
    busy_label: &'static str,
    #[prop(into)] busy: Signal<bool>,
    #[prop(default = "btn-primary")] class: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class=class aria-disabled=move || busy.get().then_some("true")>
            {move || busy.get().then(|| icon(LOADER))}
            {move || if busy.get() { busy_label } else { label }}
        </button>
    }
}
