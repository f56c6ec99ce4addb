use leptos::prelude::*;

use crate::components::form::{FieldFrame, Input};

/// Several rows in their order, a choice for each, and one more to add a row. The value has a row's text in each line.
#[component]
pub fn RowsField(input: Input, label: &'static str, hint: &'static str, rows: Vec<(String, String)>) -> impl IntoView {
    let lines = move || input.value.get().lines().map(str::to_owned).collect::<Vec<_>>();
    let initial: Vec<String> = untrack(lines);
    // A saved row may have more than an id, such as a member's delay.
    let whole = |id: String| initial.iter().find(|line| first_word(line) == id).cloned().unwrap_or(id);
    let mut options: Vec<(String, String)> = rows.into_iter().map(|(id, name)| (whole(id), name)).collect();
    for line in &initial {
        if !options.iter().any(|(value, _)| value == line) {
            options.push((line.clone(), line.clone()));
        }
    }
    let options = StoredValue::new(options);
    let count = Memo::new(move |_| lines().len() + 1);
    let choose = move |index: usize, value: String| {
        let mut all = untrack(lines);
        match (value.is_empty(), index < all.len()) {
            (true, true) => drop(all.remove(index)),
            (true, false) => {}
            (false, true) => all[index] = value,
            (false, false) => all.push(value),
        }
        input.typed(all.join("\n"));
    };
    let select = move |index: usize| {
        let line = move || lines().get(index).cloned().unwrap_or_default();
        let initial = untrack(line);
        let options = options
            .get_value()
            .into_iter()
            .map(|(value, text)| {
                let selected = value == initial;
                view! { <option value=value selected=selected>{text}</option> }
            })
            .collect_view();
        let id = if index == 0 { input.id() } else { format!("{}-{index}", input.id()) };
        view! {
            <select
                id=id
                name=input.name
                class="field field-select"
                autocomplete="off"
                aria-label=format!("{label}, {}", index + 1)
                aria-invalid=move || input.error.read().is_some().then_some("true")
                aria-describedby=input.described_by(true)
                prop:value=line
                on:change=move |event| choose(index, event_target_value(&event))
            >
                <option value="">"Add…"</option>
                {options}
            </select>
        }
    };
    view! {
        <FieldFrame input label hint>
            <div class="grid gap-2">
                <For each=move || 0..count.get() key=|index| *index children=select/>
            </div>
        </FieldFrame>
    }
    .into_any()
}

fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}
