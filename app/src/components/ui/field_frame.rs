use leptos::prelude::*;

use super::{ALERT, icon};
use crate::components::form::Input;

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

/// A host name as HTML that may break after each dot.
#[cfg(feature = "ssr")]
pub fn breakable(host: &str) -> String {
    escape_html(host).replace('.', ".<wbr>")
}

/// Escapes a text for an attribute in double quotes or for `inner_html` of a text area. (An empty text as a child would be
/// rendered as a blank.)
pub fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
