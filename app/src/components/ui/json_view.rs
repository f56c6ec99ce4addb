use leptos::prelude::*;
use serde_json::Value;

use super::{COPY, copy_with_toast, icon, use_toasts};

/// Objects and arrays below this depth are folded at first.
const OPEN_DEPTH: usize = 2;

/// JSON, indented and coloured; objects and arrays can be folded. A text that is not JSON is shown as it is.
#[component]
pub fn JsonView(
    #[prop(into)] text: String,
    /// What is copied: "metadata".
    what: &'static str,
) -> impl IntoView {
    let toasts = use_toasts();
    let parsed = serde_json::from_str::<Value>(&text).ok();
    let copied = match &parsed {
        Some(value) => serde_json::to_string_pretty(value).unwrap_or_else(|_| text.clone()),
        None => text.clone(),
    };
    let copy = move |_| copy_with_toast(&copied, what, toasts);
    let content = match parsed {
        Some(value) => node(None, &value, 0),
        None => view! { <p class="whitespace-pre-wrap wrap-anywhere">{text}</p> }.into_any(),
    };
    let label = format!("Copy the {what}");
    view! {
        <div class="json">
            <div class="json-text">{content}</div>
            <button type="button" class="icon-btn needs-js" title=label.clone() aria-label=label on:click=copy>{icon(COPY)}</button>
        </div>
    }
    .into_any()
}

/// One value with its key.
fn node(key: Option<String>, value: &Value, depth: usize) -> AnyView {
    let key = key.map(|key| view! { <span class="json-key">{key}</span> ": " });
    let (open, close, children): (_, _, Vec<AnyView>) = match value {
        Value::Object(fields) => {
            ("{", "}", fields.iter().map(|(key, value)| node(Some(format!("{key:?}")), value, depth + 1)).collect())
        }
        Value::Array(items) => ("[", "]", items.iter().map(|item| node(None, item, depth + 1)).collect()),
        scalar => {
            let class = match scalar {
                Value::String(_) => "json-string",
                Value::Number(_) => "json-number",
                _ => "json-word",
            };
            return view! { <div class="json-line">{key} <span class=class>{scalar.to_string()}</span></div> }
                .into_any();
        }
    };
    if children.is_empty() {
        return view! { <div class="json-line">{key} {open} {close}</div> }.into_any();
    }
    let count = children.len();
    let folded = format!("… {count} {close}");
    view! {
        <details open=depth < OPEN_DEPTH>
            <summary class="json-line">{key} {open} " " <span class="json-folded">{folded}</span></summary>
            <div class="json-children">{children}</div>
            <div class="json-line">{close}</div>
        </details>
    }
    .into_any()
}
