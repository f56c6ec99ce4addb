use leptos::{html, prelude::*};

use super::Input;

/// A checkbox. The hidden "false" before it is posted when it is not checked.
#[component]
pub fn Switch(input: Input, label: &'static str, hint: &'static str) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |before: Option<()>| {
        let on = input.value.get() == "true";
        let Some(element) = node.get() else { return };
        if before.is_some() {
            element.set_checked(on);
        } else if element.checked() != on {
            input.value.set(element.checked().to_string());
        }
    });
    input.set_labels(
        [("true", "on"), ("false", "off")].map(|(value, label)| (value.to_owned(), label.to_owned())).to_vec(),
    );
    view! {
        <div class="flex items-start gap-3">
            <input type="hidden" name=input.name value="false"/>
            <input
                node_ref=node
                type="checkbox"
                role="switch"
                class="switch"
                id=input.id()
                name=input.name
                value="true"
                checked=input.value.get_untracked() == "true"
                autocomplete="off"
                aria-describedby=input.hint_id()
                on:change=move |event| input.typed(event_target_checked(&event).to_string())
            />
            <div class="min-w-0">
                <label for=input.id() class="block font-medium cursor-pointer">{label}</label>
                <p class="hint mt-0" id=input.hint_id()>{hint}</p>
            </div>
        </div>
    }
    .into_any()
}
