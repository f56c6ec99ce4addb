use std::time::Duration;

use leptos::{
    ev::{Event, MouseEvent},
    leptos_dom::helpers::TimeoutHandle,
    prelude::*,
    tachys::view::keyed::keyed,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, HtmlInputElement},
};

use super::{Selection, TableQuery, column::Head};

/// A click on a row waits this long for a second one, which selects a word.
const DOUBLE_CLICK: Duration = Duration::from_millis(220);

/// What a row is, apart from its cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The id of the row, which a bulk action sends.
    pub key: String,
    /// What the row is called, for the label of its checkbox.
    pub name: String,
    /// The page of the row. The first column is the link to it.
    pub href: Option<String>,
}

impl Row {
    pub fn new(key: impl ToString, name: impl Into<String>) -> Self {
        Self { key: key.to_string(), name: name.into(), href: None }
    }

    #[must_use]
    pub fn href(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }
}

/// The click that is followed unless a second one comes.
pub(super) type WaitingClick = StoredValue<Option<TimeoutHandle>>;

pub(super) fn body(
    query: &TableQuery,
    heads: &[Head],
    rows: Vec<(Row, Vec<AnyView>)>,
    selection: Option<Selection>,
    waiting: WaitingClick,
    append_only: bool,
) -> AnyView {
    let form = query.name("bulk");
    let rows = if append_only {
        let heads = heads.to_vec();
        let row = move |_, (row, cells)| (|_| {}, table_row(&heads, row, cells, selection, &form));
        keyed(rows, |(row, _): &(Row, Vec<AnyView>)| row.key.clone(), row).into_any()
    } else {
        rows.into_iter().map(|(row, cells)| table_row(heads, row, cells, selection, &form)).collect_view().into_any()
    };
    let open = move |event: MouseEvent| {
        if let Some(waiting) = waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
        if let Some(link) = row_link(&event) {
            let link = send_wrapper::SendWrapper::new(link);
            let follow = move || {
                if !is_text_selected() {
                    link.click();
                }
            };
            let _ = waiting.try_set_value(set_timeout_with_handle(follow, DOUBLE_CLICK).ok());
        }
    };
    let choose = move |event: Event| {
        let field = event.target().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        if let (Some(selection), Some(field)) = (selection, field.filter(|field| field.name() == "ids")) {
            selection.choose(field.value(), field.checked());
        }
    };
    // One listener for all rows.
    view! { <tbody role="rowgroup" on:click=open on:change=choose>{rows}</tbody> }.into_any()
}

fn table_row(heads: &[Head], row: Row, cells: Vec<AnyView>, selection: Option<Selection>, form: &str) -> AnyView {
    let check = selection.map(|selection| {
        // Closures, not a signal: one that is created here would be gone while the rows are still shown and others load.
        let chosen = || {
            let key = row.key.clone();
            move || selection.contains(&key)
        };
        view! {
            <td role="cell" class="td col-check">
                <input
                    type="checkbox"
                    class="checkbox"
                    name="ids"
                    value=row.key.clone()
                    form=form.to_owned()
                    autocomplete="off"
                    aria-label=format!("Select {}", row.name)
                    checked=chosen()
                    prop:checked=chosen()
                />
            </td>
        }
    });
    let class = if row.href.is_some() { "data-row data-row-open" } else { "data-row" };
    let mut href = row.href;
    let cells = heads
        .iter()
        .zip(cells)
        .enumerate()
        .map(|(index, (head, cell))| {
            let class = format!("td{}{}", if index == 0 { " col-first" } else { "" }, head.class());
            let cell = match href.take() {
                Some(href) => view! { <a class="data-link" href=href>{cell}</a> }.into_any(),
                None => cell,
            };
            view! { <td role="cell" class=class data-label=head.label>{cell}</td> }
        })
        .collect_view();
    view! { <tr role="row" class=class>{check} {cells}</tr> }.into_any()
}

/// The link of the row that a plain click on its text means to open. A click on a control is the control's, a second
/// click selects a word.
fn row_link(event: &MouseEvent) -> Option<HtmlElement> {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.button() != 0 || event.detail() > 1 || modified || event.default_prevented() {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    if target.closest("a, button, input, select, textarea, label, summary, .col-check").ok()?.is_some() {
        return None;
    }
    target.closest("tr").ok()??.query_selector("a.data-link").ok()??.dyn_into().ok()
}

fn is_text_selected() -> bool {
    window().get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed())
}
