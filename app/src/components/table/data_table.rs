use std::{pin::Pin, sync::Arc};

use api_types::Problem;
use domain::Timestamp;
use leptos::{html, prelude::*, web_sys::FocusOptions};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    BulkAction, Column, Filter, Selection, TableQuery,
    body::{Row, WaitingClick, body},
    bulk_bar::BulkBar,
    column::Head,
    empty::{nothing_found, nothing_found_yet, nothing_left},
    head::head,
    pager::pager,
    selection::Shown,
    skeleton::skeleton,
    toolbar::Toolbar,
};
use crate::{
    components::ui::{Failure, grouped},
    status::set_status,
};

/// A page of rows, made from what a server function answers (`impl From<CarrierPage> for TablePage<CarrierView>`).
#[derive(Clone, Debug, PartialEq)]
pub struct TablePage<T> {
    pub items: Vec<T>,
    /// Loads the next page; none on the last one.
    pub next_cursor: Option<String>,
    /// How many rows match the search and the filters, if the server counts them.
    pub total: Option<i64>,
    /// The server has searched back to this time only; older rows may match.
    pub searched_to: Option<Timestamp>,
}

/// A row without its type, so that the table is compiled once and not once for each type of row.
struct RowPage {
    rows: Vec<(Row, Vec<AnyView>)>,
    next_cursor: Option<String>,
    total: Option<i64>,
    searched_to: Option<Timestamp>,
}

type Load<T> = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = T> + Send>> + Send + Sync>;

/// The actions on chosen rows.
#[derive(Clone)]
pub struct Bulk {
    pub selection: Selection,
    pub actions: Vec<BulkAction>,
}

/// What the table shows apart from its rows.
struct Parts {
    query: Memo<TableQuery>,
    label: &'static str,
    noun: (&'static str, &'static str),
    heads: Arc<[Head]>,
    empty: ViewFn,
    search: &'static str,
    filters: Vec<Filter>,
    bulk: Option<Bulk>,
    append_only: bool,
    heading: Option<AnyView>,
    actions: Option<AnyView>,
    rows: Load<Result<RowPage, Problem>>,
    count: Load<Option<(usize, Option<i64>)>>,
    retry: Callback<()>,
}

/// A list with search, filters, order and paging in its address, and actions on chosen rows. See the module's description
/// for how to use it.
#[component]
pub fn DataTable<T, P, E>(
    query: Memo<TableQuery>,
    /// The table's name, for screen readers.
    label: &'static str,
    /// One row and several: "carrier", "carriers".
    noun: (&'static str, &'static str),
    columns: Vec<Column<T>>,
    page: Resource<Result<P, E>>,
    row: impl Fn(&T) -> Row + Send + Sync + 'static,
    /// Shown if there is no row at all, without search and filters.
    #[prop(into)]
    empty: ViewFn,
    /// The label of the search; none without one.
    #[prop(optional)]
    search: &'static str,
    #[prop(optional)] filters: Vec<Filter>,
    #[prop(optional_no_strip, into)] bulk: Option<Bulk>,
    /// The rows never change: when new ones arrive, those that are shown keep what is unfolded and focused in them.
    #[prop(optional)]
    append_only: bool,
    /// The heading of the card, on a page that shows more than the table.
    #[prop(optional_no_strip, into)]
    heading: Option<AnyView>,
    /// Buttons at the end of the toolbar.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    P: Into<TablePage<T>> + Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    E: Into<Problem> + Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let heads = columns.iter().map(|column| column.head).collect();
    let row_of = Arc::new((row, columns));
    let rows: Load<_> = Arc::new(move || {
        let row_of = row_of.clone();
        Box::pin(async move {
            let TablePage { items, next_cursor, total, searched_to } = page.await.map_err(Into::into)?.into();
            let (row, columns) = &*row_of;
            let cells = |item: &T| columns.iter().map(|column| (column.cell)(item)).collect();
            let rows = items.iter().map(|item| (row(item), cells(item))).collect();
            Ok(RowPage { rows, next_cursor, total, searched_to })
        })
    });
    let count: Load<_> = Arc::new(move || {
        Box::pin(async move {
            let page: TablePage<T> = page.await.ok()?.into();
            Some((page.items.len(), page.total))
        })
    });
    let parts = Parts {
        query,
        label,
        noun,
        heads,
        empty,
        search,
        filters,
        bulk,
        append_only,
        heading,
        actions: children.map(|children| children().into_any()),
        rows,
        count,
        retry: Callback::new(move |()| page.refetch()),
    };
    table(parts)
}

fn table(parts: Parts) -> AnyView {
    let Parts {
        query,
        label,
        noun,
        heads,
        empty,
        search,
        filters,
        bulk,
        append_only,
        heading,
        actions,
        rows,
        count,
        retry,
    } = parts;
    let section = NodeRef::<html::Section>::new();
    let pending = RwSignal::new(false);
    let counted = view! {
        <Transition fallback=|| ()>
            {move || {
                let count = count();
                Suspend::new(async move {
                    count.await.and_then(|(shown, total)| Some(count_text(&query.read_untracked(), shown, total?)))
                })
            }}
        </Transition>
    };
    if let Some(Bulk { selection, .. }) = bulk {
        // Another page or search shows other rows.
        Effect::new(move |before: Option<()>| {
            query.track();
            if before.is_some() {
                selection.clear();
            }
        });
    }
    let has_bulk = bulk.is_some();
    let class = if heads.len() > 8 { "card data-table data-table-wide" } else { "card data-table" };
    let focus = keep_focus(query, section);
    let loading = heads.clone();
    let waiting = WaitingClick::new(None);
    // Afterwards its link is not part of the page any more, and the browser would load the row's page as a new document.
    on_cleanup(move || {
        if let Some(waiting) = waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
    });
    view! {
        <section node_ref=section class=class aria-label=label tabindex="-1">
            <Toolbar query heads=heads.clone() search filters heading count=counted.into_any() actions/>
            <div aria-busy=move || pending.get().then_some("true") class="busy-fades">
                <Transition
                    fallback=move || skeleton(label, &loading, has_bulk)
                    set_pending=pending
                >
                    {move || {
                        let (rows, heads, empty, bulk) = (rows(), heads.clone(), empty.clone(), bulk.clone());
                        Suspend::new(async move {
                            let loaded = rows.await;
                            let view = match loaded {
                                Ok(page) => contents(&query.get_untracked(), query, label, noun, &heads, empty, bulk, waiting, append_only, page),
                                Err(problem) => {
                                    set_status(problem.status);
                                    view! { <Failure problem retry=move || retry.run(())/> }.into_any()
                                }
                            };
                            focus.run(());
                            view
                        })
                    }}
                </Transition>
            </div>
        </section>
    }
    .into_any()
}

#[expect(clippy::too_many_arguments, reason = "called once, with what one rendering of the table shows")]
fn contents(
    now: &TableQuery,
    query: Memo<TableQuery>,
    label: &'static str,
    noun: (&'static str, &'static str),
    heads: &[Head],
    empty: ViewFn,
    bulk: Option<Bulk>,
    waiting: WaitingClick,
    append_only: bool,
    page: RowPage,
) -> AnyView {
    if let Some(Bulk { selection, .. }) = &bulk {
        let ids = page.rows.iter().map(|(row, _)| row.key.clone()).collect();
        selection.show(Shown { ids, total: page.total });
    }
    if page.rows.is_empty() && page.next_cursor.is_some() {
        return view! { {nothing_found_yet(now)} {pager(now, page.next_cursor, page.searched_to)} }.into_any();
    }
    if page.rows.is_empty() {
        return match (now.is_first(), now.is_narrowed()) {
            (false, _) => nothing_left(now),
            (true, true) => nothing_found(now, noun.1),
            (true, false) => empty.run(),
        };
    }
    let selection = bulk.as_ref().map(|bulk| bulk.selection);
    let more = page.next_cursor.is_some() || !now.is_first();
    let bar = bulk.map(|bulk| view! { <BulkBar query bulk noun more/> });
    // Explicit roles, because a table that CSS lays out as cards loses its implicit ones.
    view! {
        <div class="data-scroll">
            <table class="data-rows" role="table">
                <caption class="sr-only">{label}</caption>
                {head(now, heads, selection)}
                {body(now, heads, page.rows, selection, waiting, append_only)}
            </table>
        </div>
        {pager(now, page.next_cursor, page.searched_to)}
        {bar}
    }
    .into_any()
}

/// After paging, the link that was followed may be gone. Then the focus moves to the table, and not to the page's start.
fn keep_focus(query: Memo<TableQuery>, section: NodeRef<html::Section>) -> Callback<()> {
    let paged = StoredValue::new(None::<u32>);
    Callback::new(move |()| {
        let page = query.read_untracked().page;
        let before = paged.get_value();
        paged.set_value(Some(page));
        if before.is_none_or(|before| before == page) {
            return;
        }
        request_animation_frame(move || {
            let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
            if let Some(section) = section.try_get_untracked().flatten().filter(|_| lost) {
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                let _ = section.focus_with_options(&options);
            }
        });
    })
}

/// "7 of 7", "51–100 of 217".
fn count_text(query: &TableQuery, shown: usize, total: i64) -> String {
    let shown = i64::try_from(shown).unwrap_or_default();
    let total = grouped(total);
    if query.is_first() {
        return format!("{} of {total}", grouped(shown));
    }
    if shown == 0 {
        return format!("none of {total}");
    }
    let before = i64::from(query.page) * i64::from(super::PAGE_SIZE);
    format!("{}–{} of {total}", grouped(before + 1), grouped(before + shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::table::TableUrl;

    #[test]
    fn count_names_the_positions_of_the_rows() {
        let first = TableQuery::read(TableUrl::new("/carriers", &[]), &Default::default());
        assert_eq!(count_text(&first, 50, 1_217), "50 of 1,217");
        assert_eq!(count_text(&first.next("c2"), 50, 217), "51–100 of 217");
        assert_eq!(count_text(&first.next("c2"), 0, 50), "none of 50");
    }
}
