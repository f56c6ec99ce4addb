use leptos::{html, prelude::*};

use super::{FieldFrame, Input, input::bind_value};
use crate::components::ui::escape_html;

/// Text of several lines.
#[component]
pub fn TextArea(
    input: Input,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    bind_value(input, move || node.get().map(Into::into));
    let initial = input.value.get_untracked();
    view! {
        <FieldFrame input label hint optional>
            <textarea
                node_ref=node
                id=input.id()
                name=input.name
                class="field field-area font-mono text-[13px]"
                rows="6"
                placeholder=placeholder
                spellcheck="false"
                autocapitalize="none"
                aria-invalid=move || input.error.read().is_some().then_some("true")
                aria-describedby=input.described_by(!hint.is_empty())
                on:input=move |event| input.typed(event_target_value(&event))
                on:blur=move |_| input.on_blur()
                inner_html=escape_html(&initial)
            ></textarea>
        </FieldFrame>
    }
    .into_any()
}
