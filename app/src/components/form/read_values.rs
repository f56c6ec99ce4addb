use leptos::prelude::*;

use super::Form;
use crate::components::ui::escape_html;

/// The version that was read and what each field held then, sent along with an edit. Where someone else has saved
/// meanwhile, only what was changed here is kept against it.
#[component]
pub fn ReadValues(form: Form, version: RwSignal<String>) -> impl IntoView {
    // As HTML: a view of them would weigh more in the browser, which has no use for them.
    let hidden = |(name, value): (String, String)| {
        format!(r#"<input type="hidden" name="{name}" value="{}" autocomplete="off">"#, escape_html(&value))
    };
    let read = form.read_values().into_iter().map(hidden).collect::<String>();
    view! {
        <input type="hidden" name="version" value=move || version.get()/>
        <div hidden inner_html=read></div>
    }
    .into_any()
}
