use leptos::prelude::*;

use super::{Form, SubmitButton};

/// Save and cancel, always in view, and the count of faults.
#[component]
pub fn ActionBar(
    form: Form,
    label: &'static str,
    busy_label: &'static str,
    #[prop(into)] cancel: String,
) -> impl IntoView {
    let state = move || match form.faults() {
        0 if form.changed() => view! { <span class="text-ink-2">"Unsaved changes"</span> }.into_any(),
        0 => ().into_any(),
        1 => view! { <span class="text-error">"One field needs attention"</span> }.into_any(),
        count => view! { <span class="text-error">{format!("{count} fields need attention")}</span> }.into_any(),
    };
    view! {
        <div class="action-bar">
            <p role="status" class="grow min-w-0">{state}</p>
            <a class="btn" href=cancel>"Cancel"</a>
            <SubmitButton label busy_label busy=form.busy/>
        </div>
    }
    .into_any()
}
