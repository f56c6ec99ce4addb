use leptos::prelude::*;

use super::{
    Selection, TableQuery,
    column::{Head, Kind, Place},
};
use crate::components::ui::{DOWN, SORT, UP, icon};

/// The heads of the columns, which sort.
pub(super) fn head(query: &TableQuery, heads: &[Head], selection: Option<Selection>) -> AnyView {
    let check = selection.map(|selection| {
        let every = move || selection.shown() > 0 && selection.chosen_on_page() == selection.shown();
        let some = move || selection.chosen_on_page() > 0 && !every();
        view! {
            <th class="th col-check" role="columnheader" scope="col">
                <input
                    type="checkbox"
                    class="checkbox needs-js"
                    aria-label="Select all on this page"
                    prop:checked=every
                    prop:indeterminate=some
                    on:change=move |event| selection.choose_page(event_target_checked(&event))
                />
            </th>
        }
    });
    let heads = heads.iter().map(|head| column(query, *head)).collect_view();
    view! { <thead role="rowgroup"><tr role="row">{check} {heads}</tr></thead> }.into_any()
}

fn column(query: &TableQuery, head: Head) -> AnyView {
    let class = format!("th{}", head.class());
    let Some(key) = head.sort else {
        let class_of_label = if head.place == Place::Actions { "sr-only" } else { "" };
        return view! {
            <th class=class role="columnheader" scope="col"><span class=class_of_label>{head.label}</span></th>
        }
        .into_any();
    };
    let (current, descending) = query.order();
    let active = current == key;
    let glyph = match (active, descending) {
        (false, _) => SORT,
        (true, false) => UP,
        (true, true) => DOWN,
    };
    let order = active.then_some(if descending { "descending" } else { "ascending" });
    let href = query.sorted(&head.next_order(key, query.order())).href();
    let link = if active { "sort sort-on" } else { "sort" };
    let id = query.name(&format!("sort-{key}"));
    // The icon of a number is before its label, so that the label is aligned with the numbers.
    let (before, after) = if head.kind == Kind::Number { (Some(icon(glyph)), None) } else { (None, Some(icon(glyph))) };
    view! {
        <th class=class role="columnheader" scope="col" aria-sort=order>
            <a id=id class=link href=href data-noscroll="">{before} {head.label} {after}</a>
        </th>
    }
    .into_any()
}
