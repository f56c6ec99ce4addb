use leptos::prelude::*;

use super::Input;
use crate::components::ui::{ALERT, icon};

/// A field with its label, error and hint.
#[component]
pub fn FieldFrame(
    input: Input,
    label: &'static str,
    #[prop(into)] hint: String,
    #[prop(optional, into)] optional: Signal<bool>,
    /// Only where it depends on other fields; a field that is not optional is required.
    #[prop(optional, into)]
    required: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="min-w-0">
            <label class="label" for=input.id()>
                {label} {move || optional.get().then(|| note(" optional"))} {move || required.get().then(|| note(" required"))}
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

fn note(text: &'static str) -> impl IntoView {
    view! { <span class="font-normal text-ink-3">{text}</span> }
}
