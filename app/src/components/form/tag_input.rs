use api_types::input::TextList;
use domain::FieldFault;
use leptos::{
    ev::{ClipboardEvent, KeyboardEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::HtmlElement,
};

use super::{FieldFrame, Input, input::bind_value, state::focus};
use crate::{
    components::ui::{X, escape_html, icon},
    hydrated::use_hydrated,
};

/// A list of short texts. Before hydration it is a text area with one entry on each line. Then it is a list of tags, which
/// are added with Enter, comma, space or by pasting a list, and edited with a click.
///
/// All tags together are one stop of the Tab key: the left arrow leads from the text box to the last tag, Enter edits a
/// tag and Delete removes it.
///
/// The input's value has one entry on each line. The hidden text area is what a native form posts.
#[component]
pub fn TagInput(
    input: Input,
    label: &'static str,
    #[prop(into)] hint: String,
    placeholder: &'static str,
    /// Validates one entry.
    check: fn(&str) -> Result<(), FieldFault>,
    #[prop(optional, into)] optional: Signal<bool>,
    #[prop(optional, into)] required: Signal<bool>,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let node = NodeRef::<html::Textarea>::new();
    bind_value(input, move || node.get().map(Into::into));
    let initial = input.value.get_untracked();
    let described_by = input.described_by(!hint.is_empty());
    view! {
        <FieldFrame input label hint optional required>
            <textarea
                node_ref=node
                id=move || if hydrated.get() { format!("{}-posted", input.id()) } else { input.id() }
                name=input.name
                class="field field-area font-mono text-[13px]"
                class:hidden=move || hydrated.get()
                rows="2"
                spellcheck="false"
                autocapitalize="none"
                aria-describedby=described_by
                inner_html=escape_html(&initial)
                on:input=move |event| input.typed(event_target_value(&event))
            ></textarea>
            {move || hydrated.get().then(|| view! { <Tags input placeholder check described_by/> })}
        </FieldFrame>
    }
    .into_any()
}

fn entries(input: Input) -> Vec<String> {
    input.value.with(|value| TextList::split(value).0)
}

#[component]
fn Tags(
    input: Input,
    placeholder: &'static str,
    check: fn(&str) -> Result<(), FieldFault>,
    described_by: Signal<Option<String>>,
) -> impl IntoView {
    let pending = RwSignal::new(String::new());
    let entry = NodeRef::<html::Input>::new();
    let set = move |entries: Vec<String>| {
        input.error.set(faults(&entries, check));
        input.value.set(entries.join("\n"));
    };
    let typed = move |text: String| {
        if text.contains(|c: char| c == ',' || c == ';' || c.is_whitespace()) {
            add(input, &text, set);
            pending.set(String::new());
            if let Some(entry) = entry.get_untracked() {
                entry.set_value("");
            }
        } else {
            pending.set(text);
        }
    };
    // On blur the text becomes a tag, so that saving does not lose it.
    let commit = move || typed(format!("{},", pending.get_untracked()));
    // A text input would join the lines of a pasted list.
    let paste = move |event: ClipboardEvent| {
        let text = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        if TextList::split(&text).0.len() > 1 {
            event.prevent_default();
            typed(format!("{} {text} ", pending.get_untracked()));
        }
    };
    let edit = move |index: usize| {
        commit();
        let mut all = untrack(|| entries(input));
        if index < all.len() {
            let text = all.remove(index);
            set(all);
            if let Some(entry) = entry.get_untracked() {
                entry.set_value(&text);
                let _ = entry.focus();
            }
            pending.set(text);
        }
    };
    let remove = move |index: usize| {
        let mut all = untrack(|| entries(input));
        if index < all.len() {
            all.remove(index);
            set(all);
            focus(input.id());
        }
    };
    let remove_all = move |_| {
        set(Vec::new());
        focus(input.id());
    };
    let list = NodeRef::<html::Ul>::new();
    let key_down = move |event: KeyboardEvent| {
        let empty = pending.read_untracked().is_empty();
        match event.key().as_str() {
            // With an empty box, Enter submits the form as in any other field.
            "Enter" if !empty => {
                event.prevent_default();
                commit();
            }
            "Backspace" if empty => {
                let last = untrack(|| entries(input)).len();
                if last > 0 {
                    event.prevent_default();
                    remove(last - 1);
                }
            }
            "ArrowLeft" if empty && focus_tag(list, Step::Last) => event.prevent_default(),
            _ => {}
        }
    };
    let key_down_in_tag = move |event: KeyboardEvent, index: usize| {
        let moved = match event.key().as_str() {
            "ArrowLeft" => focus_tag(list, Step::To(index.checked_sub(1).unwrap_or(index))),
            "ArrowRight" => {
                if !focus_tag(list, Step::To(index + 1)) {
                    focus(input.id());
                }
                true
            }
            "Home" => focus_tag(list, Step::To(0)),
            "End" => focus_tag(list, Step::Last),
            "Delete" | "Backspace" => {
                remove(index);
                true
            }
            _ => false,
        };
        if moved {
            event.prevent_default();
        }
    };
    let tags = move || {
        let all = entries(input);
        let tag = |(index, text): (usize, String)| {
            let bad = check(&text).is_err();
            let class = if bad { "tag tag-bad" } else { "tag" };
            let edit_label = if bad { format!("Edit {text}, which is not valid") } else { format!("Edit {text}") };
            let remove_label = format!("Remove {text}");
            view! {
                <li class=class>
                    <button
                        type="button"
                        class="tag-text"
                        tabindex="-1"
                        aria-label=edit_label
                        on:click=move |_| edit(index)
                        on:keydown=move |event| key_down_in_tag(event, index)
                    >
                        {text}
                    </button>
                    <button
                        type="button"
                        class="tag-remove"
                        tabindex="-1"
                        aria-label=remove_label
                        on:click=move |_| remove(index)
                    >
                        {icon(X)}
                    </button>
                </li>
            }
        };
        all.into_iter().enumerate().map(tag).collect_view()
    };
    view! {
        <div class="field tag-box" aria-invalid=move || input.error.read().is_some().then_some("true")>
            <ul class="contents" node_ref=list>{tags}</ul>
            <input
                node_ref=entry
                id=input.id()
                class="tag-entry"
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder=placeholder
                aria-invalid=move || input.error.read().is_some().then_some("true")
                aria-describedby=described_by
                on:input=move |event| typed(event_target_value(&event))
                on:paste=paste
                on:keydown=key_down
                on:blur=move |_| if !pending.read_untracked().is_empty() { commit() }
            />
        </div>
        {move || {
            (entries(input).len() > 1)
                .then(|| view! {
                    <button type="button" class="link cursor-pointer mt-1" on:click=remove_all>"Remove All"</button>
                })
        }}
    }
}

/// Names every entry that is not valid.
fn faults(entries: &[String], check: fn(&str) -> Result<(), FieldFault>) -> Option<String> {
    let mut messages: Vec<String> = Vec::new();
    for fault in entries.iter().filter_map(|entry| check(entry).err()) {
        if !messages.contains(&fault.message) {
            messages.push(fault.message);
        }
    }
    (!messages.is_empty()).then(|| messages.join(" "))
}

#[derive(Clone, Copy)]
enum Step {
    To(usize),
    Last,
}

/// Whether there is such a tag to focus.
fn focus_tag(list: NodeRef<html::Ul>, step: Step) -> bool {
    let tags = list.get_untracked().and_then(|list| list.query_selector_all(".tag-text").ok());
    let Some(tags) = tags else { return false };
    let index = match step {
        Step::To(index) => u32::try_from(index).ok(),
        Step::Last => tags.length().checked_sub(1),
    };
    let tag = index.and_then(|index| tags.get(index)).and_then(|tag| tag.dyn_into::<HtmlElement>().ok());
    tag.is_some_and(|tag| tag.focus().is_ok())
}

/// Appends the entries that are not in the list yet.
fn add(input: Input, text: &str, set: impl Fn(Vec<String>)) {
    let mut all = untrack(|| entries(input));
    for entry in TextList::split(text).0 {
        if !all.contains(&entry) {
            all.push(entry);
        }
    }
    set(all);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invalid_entry_is_named_once() {
        let check = |entry: &str| {
            if entry.starts_with("bad") { Err(FieldFault::new("bad", format!("{entry} is bad."))) } else { Ok(()) }
        };
        let entries = |entries: &[&str]| entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>();
        assert_eq!(faults(&entries(&["bad1", "good", "bad2"]), check).unwrap(), "bad1 is bad. bad2 is bad.");
        assert_eq!(faults(&entries(&["good"]), check), None);
    }
}
