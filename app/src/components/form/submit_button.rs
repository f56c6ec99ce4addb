use leptos::prelude::*;

use crate::components::ui::{LOADER, icon};

/// Stays focusable while it works, so that the place on the page is kept; the form sees to it that nothing is sent twice.
#[component]
pub fn SubmitButton(
    label: &'static str,
    /// While on its way: "Saving…"
    busy_label: &'static str,
    #[prop(into)] busy: Signal<bool>,
    #[prop(default = "btn-primary")] class: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class=class data-busy=busy_label aria-disabled=move || busy.get().then_some("true")>
            {move || busy.get().then(|| icon(LOADER))}
            {move || if busy.get() { busy_label } else { label }}
        </button>
    }
}
