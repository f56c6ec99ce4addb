use leptos::{html, prelude::*};

/// One of several checkboxes with the same name. A native form posts the values of those that are checked.
#[component]
pub fn Checkbox(
    name: &'static str,
    #[prop(into)] value: String,
    checked: RwSignal<bool>,
    #[prop(into)] label: String,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    // The first time the element wins, because it has what was chosen before hydration.
    Effect::new(move |before: Option<()>| {
        let is_checked = checked.get();
        let Some(element) = node.get() else { return };
        if before.is_some() {
            element.set_checked(is_checked);
        } else if element.checked() != is_checked {
            checked.set(element.checked());
        }
    });
    view! {
        <label class="pick">
            <input
                node_ref=node
                type="checkbox"
                name=name
                value=value
                checked=checked.get_untracked()
                disabled=disabled
                autocomplete="off"
                on:change=move |event| checked.set(event_target_checked(&event))
            />
            {label}
        </label>
    }
    .into_any()
}
