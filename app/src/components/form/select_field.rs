use leptos::{html, prelude::*};

use super::{FieldFrame, Input, input::bind_value};

/// A choice from a list.
#[component]
pub fn SelectField(
    input: Input,
    label: &'static str,
    #[prop(optional, into)] hint: String,
    options: Vec<(String, String)>,
) -> impl IntoView {
    let node = NodeRef::<html::Select>::new();
    bind_value(input, move || node.get().map(Into::into));
    let initial = input.value.get_untracked();
    input.set_labels(options.clone());
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == initial;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect_view();
    let described_by = input.described_by(!hint.is_empty());
    view! {
        <FieldFrame input label hint>
            <select
                node_ref=node
                id=input.id()
                name=input.name
                class="field field-select"
                autocomplete="off"
                aria-invalid=move || input.error.read().is_some().then_some("true")
                aria-describedby=described_by
                on:change=move |event| input.typed(event_target_value(&event))
            >
                {options}
            </select>
        </FieldFrame>
    }
    .into_any()
}
