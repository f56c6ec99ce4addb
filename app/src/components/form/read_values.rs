use leptos::prelude::*;

use super::Form;

/// The version that was read and what each field held then, sent along with an edit. Where someone else has saved
/// meanwhile, only what was changed here is kept against it.
#[component]
pub fn ReadValues(form: Form, version: RwSignal<String>) -> impl IntoView {
    let hidden = |(name, value): (String, String)| view! { <input type="hidden" name=name value=value/> };
    view! {
        <input type="hidden" name="version" value=move || version.get()/>
        {form.read_values().into_iter().map(hidden).collect_view()}
    }
    .into_any()
}
