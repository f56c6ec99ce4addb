use leptos::prelude::*;

use super::{
    Column,
    column::{Head, Place},
};

const ROWS: usize = 8;

/// The heads, and placeholders for the rows that are being loaded. For pages that show something before they know their
/// table; a table shows it by itself.
#[component]
pub fn TableSkeleton<T: 'static>(label: &'static str, columns: Vec<Column<T>>, checkboxes: bool) -> impl IntoView {
    let heads: Vec<Head> = columns.iter().map(|column| column.head).collect();
    skeleton(label, &heads, checkboxes)
}

pub(super) fn skeleton(label: &'static str, heads: &[Head], checkboxes: bool) -> AnyView {
    let check = |cell: &'static str| checkboxes.then(|| view! { <td class=cell></td> });
    let labels = heads
        .iter()
        .map(|head| {
            let class_of_label = if head.place == Place::Actions { "sr-only" } else { "" };
            view! { <th class=format!("th{}", head.class()) scope="col"><span class=class_of_label>{head.label}</span></th> }
        })
        .collect_view();
    let rows = (0..ROWS)
        .map(|_| {
            let cells = heads
                .iter()
                .map(|head| view! { <td class=format!("td{}", head.class())><span class="skeleton"></span></td> })
                .collect_view();
            view! { <tr>{check("td col-check")} {cells}</tr> }
        })
        .collect_view();
    view! {
        <p class="sr-only" role="status">{format!("Loading {label}…")}</p>
        <div class="data-scroll" aria-hidden="true">
            <table class="data-rows data-loading">
                <thead><tr>{check("th col-check")} {labels}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
