use leptos::prelude::*;

use crate::components::form::{FieldFrame, Input};

/// Kinds of targets that are written: the start of their text, and the label of what follows.
const WRITTEN: [(&str, &str, &str); 2] =
    [("forward:", "Forward to a Number…", "Number"), ("conference:", "Conference Room…", "Room")];

/// A choice of where a call goes. A number or a room is typed beside it.
#[component]
pub fn TargetField(
    input: Input,
    label: &'static str,
    hint: &'static str,
    optional: bool,
    /// The targets that are rows, by their text.
    options: Vec<(String, String)>,
) -> impl IntoView {
    let initial = input.value.get_untracked();
    let none = if optional { "None" } else { "Choose…" };
    let mut all = vec![(String::new(), none.to_owned())];
    all.extend(options);
    all.push(("hangup".to_owned(), "Hang Up".to_owned()));
    for (start, label, _) in WRITTEN {
        // Without JavaScript the saved text is posted again.
        let value = if initial.starts_with(start) { initial.clone() } else { start.to_owned() };
        all.push((value, label.to_owned()));
    }
    if !all.iter().any(|(value, _)| *value == initial) {
        all.push((initial.clone(), initial.clone()));
    }
    let known = StoredValue::new(all.clone());
    // The option for a value: of a written target, the one with its start.
    let option = move || {
        let value = input.value.get();
        let start = WRITTEN.iter().map(|(start, ..)| *start).find(|start| value.starts_with(start));
        let Some(start) = start else { return value };
        known.with_value(|known| {
            known.iter().find(|(value, _)| value.starts_with(start)).map_or(value, |(value, _)| value.clone())
        })
    };
    let options = all
        .into_iter()
        .map(|(value, text)| {
            let selected = value == initial;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect_view();
    let written = move || {
        let value = input.value.get();
        WRITTEN.into_iter().find(|(start, ..)| value.starts_with(start))
    };
    let written = Memo::new(move |_| written());
    let text = move || {
        let (start, _, what) = written.get()?;
        let rest = move || input.value.get().strip_prefix(start).unwrap_or_default().to_owned();
        let view = view! {
            <input
                type="text"
                class="field num"
                aria-label=format!("{what} of {label}")
                placeholder=what
                autocomplete="off"
                spellcheck="false"
                prop:value=rest
                on:input=move |event| input.typed(format!("{start}{}", event_target_value(&event)))
                on:blur=move |_| input.on_blur()
            />
        };
        Some(view)
    };
    view! {
        <FieldFrame input label hint optional>
            <div class="grid gap-2">
                <select
                    id=input.id()
                    name=input.name
                    class="field field-select"
                    autocomplete="off"
                    aria-invalid=move || input.error.read().is_some().then_some("true")
                    aria-describedby=input.described_by(true)
                    prop:value=option
                    on:change=move |event| input.typed(event_target_value(&event))
                >
                    {options}
                </select>
                {text}
            </div>
        </FieldFrame>
    }
    .into_any()
}
