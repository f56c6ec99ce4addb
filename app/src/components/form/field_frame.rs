use leptos::prelude::*;

use super::Input;
use crate::components::ui::{ALERT, icon};

/// A field with its label, error and hint.
#[component]
pub fn FieldFrame(
    input: Input,
    label: &'static str,
    #[prop(into)] hint: String,
    #[prop(optional)] optional: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="min-w-0">
            <label class="label" for=input.id()>
                {label} {optional.then(|| view! { <span class="font-normal text-ink-3">" optional"</span> })}
            </label>
            {children()}
            {move || {
                input
                    .error
                    .get()
                    .map(|message| view! {
                        <p class="field-error" id=input.error_id()>{icon(ALERT)} <span>{message}</span></p>
                    })
            }}
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=input.hint_id()>{hint}</p> })}
        </div>
    }
    .into_any()
}
