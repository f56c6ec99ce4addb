use leptos::{
    ev::{MouseEvent, SubmitEvent},
    prelude::*,
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{Bulk, TableQuery};
use crate::components::ui::grouped;

/// An action on the chosen rows. It opens a dialog: the address gets the parameter `name=1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BulkAction {
    pub name: &'static str,
    pub label: &'static str,
    pub danger: bool,
}

impl BulkAction {
    pub const fn new(name: &'static str, label: &'static str) -> Self {
        Self { name, label, danger: false }
    }

    /// Something is lost by it.
    #[must_use]
    pub const fn danger(self) -> Self {
        Self { danger: true, ..self }
    }
}

/// What is chosen, and what to do with it. With JavaScript it is shown once something is chosen. Without, it is a form
/// with GET that opens the dialog with the chosen ids in the address.
#[component]
pub fn BulkBar(
    query: Memo<TableQuery>,
    bulk: Bulk,
    noun: (&'static str, &'static str),
    /// There are other pages than this one.
    more: bool,
) -> impl IntoView {
    let Bulk { selection, actions } = bulk;
    let now = query.get_untracked();
    let state = move || {
        if selection.is_all() {
            return "All selected".to_owned();
        }
        format!("{} of {} on this page selected", grouped(selection.chosen_on_page()), grouped(selection.shown()))
    };
    let all = more.then(|| {
        let total = untrack(|| selection.total()).map(|total| format!("{} ", grouped(total))).unwrap_or_default();
        let matching = if now.is_narrowed() { " that match" } else { "" };
        view! {
            <label class="bulk-all">
                <input
                    type="checkbox"
                    class="checkbox"
                    name="all"
                    value="true"
                    autocomplete="off"
                    checked=untrack(|| selection.is_all())
                    prop:checked=move || selection.is_all()
                    on:change=move |event| selection.choose_all(event_target_checked(&event))
                />
                {format!("All {total}{}{matching}", noun.1)}
            </label>
        }
    });
    let navigate = use_navigate();
    let actions = actions
        .into_iter()
        .map(|action| {
            let navigate = navigate.clone();
            let open = move |event: MouseEvent| {
                event.prevent_default();
                let to = query.read_untracked().href_with(&[(action.name, "1")]);
                navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
            };
            let class = if action.danger { "btn-danger" } else { "btn" };
            view! {
                <button type="submit" class=class name=action.name value="1" on:click=open>{action.label}</button>
            }
        })
        .collect_view();
    let state_fields = now
        .pairs()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value autocomplete="off"/> })
        .collect_view();
    // The form is not the outermost element: a button with the name "remove" would hide its method of that name.
    view! {
        <div class=move || if selection.is_empty() { "bulk-bar bulk-idle" } else { "bulk-bar" }>
            <form
                id=now.name("bulk")
                class="bulk-form"
                method="get"
                action=now.path().to_owned()
                on:submit=|event: SubmitEvent| event.prevent_default()
            >
                {state_fields}
                <p class="bulk-state num needs-js" role="status">{state}</p>
                {all}
                <div class="bulk-actions">
                    {actions}
                    // Cards have no heads, and so no checkbox for the page.
                    <button
                        type="button"
                        class="btn-quiet needs-js bulk-page"
                        on:click=move |_| selection.choose_page(true)
                    >
                        "Select Page"
                    </button>
                    <button type="button" class="btn-quiet needs-js" on:click=move |_| selection.clear()>
                        "Clear Selection"
                    </button>
                </div>
            </form>
        </div>
    }
    .into_any()
}
