use std::time::Duration;

use api_types::{
    input::AuditQuery,
    view::{AuditPage, Change, ChangeKind, ChangedNoun},
};
use leptos::{prelude::*, task::spawn_local};

use super::{query::href, rows::audit_row};
use crate::{
    components::ui::{EmptyState, NEXT, PREVIOUS, RelativeTime, SEARCH, icon},
    live::on_changes,
    server_fns::{audit::list_audit, read},
    urls,
};

const DEBOUNCE: Duration = Duration::from_millis(300);

/// A page of audit entries. New entries are added to the first page; what is unfolded in the others stays so.
#[component]
pub fn Listing(page: AuditPage, query: AuditQuery) -> impl IntoView {
    let shown = RwSignal::new(page);
    let is_first = query.cursor.is_empty();
    let query = StoredValue::new(query);
    if is_first {
        let is_audited = |change: &Change| change.kind != ChangeKind::Synced && change.noun != ChangedNoun::LiveKit;
        on_changes(DEBOUNCE, is_audited, move || {
            spawn_local(async move {
                let Some(query) = query.try_get_value() else { return };
                // After a failure the page stays as it is: the next change loads it once more.
                if let Ok(page) = read(list_audit(query)).await
                    && shown.try_with_untracked(|shown| *shown != page) == Some(true)
                {
                    shown.set(page);
                }
            });
        });
    }
    let about = query.with_value(|query| (!query.subject.is_empty()).then(|| about(shown, query)));
    let is_empty = Memo::new(move |_| shown.with(|page| page.items.is_empty()));
    view! {
        {about}
        {move || if is_empty.get() { no_entries(shown) } else { table(shown) }}
        {move || pager(shown, query, is_first)}
    }
    .into_any()
}

fn table(shown: RwSignal<AuditPage>) -> AnyView {
    view! {
        <table class="table" role="table">
            <caption class="sr-only">"Audit"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th class="th" role="columnheader" scope="col">"Time"</th>
                    <th class="th" role="columnheader" scope="col">"User"</th>
                    <th class="th" role="columnheader" scope="col">"Event"</th>
                    <th class="th" role="columnheader" scope="col">"Changes"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For
                    each=move || shown.get().items
                    // The name of a deleted row is no link any more.
                    key=|item| (item.id.clone(), item.subject.exists)
                    children=audit_row
                />
            </tbody>
        </table>
    }
    .into_any()
}

/// The filtered subject, and a link to all entries.
fn about(shown: RwSignal<AuditPage>, query: &AuditQuery) -> AnyView {
    let rest = AuditQuery { subject: String::new(), cursor: String::new(), ..query.clone() };
    let id = query.subject.clone();
    let name = move || {
        let name = |page: &AuditPage| {
            page.items.iter().find(|item| item.subject.id == id).map(|item| item.subject.name.clone())
        };
        shown.with(name).unwrap_or_else(|| id.clone())
    };
    view! {
        <p class="audit-note">
            <span>"Only the history of " <strong class="font-medium text-ink wrap-anywhere">{name}</strong></span>
            <a class="link" href=href(&rest) data-noscroll="">"Show All"</a>
        </p>
    }
    .into_any()
}

fn no_entries(shown: RwSignal<AuditPage>) -> AnyView {
    let text = if shown.with(|page| page.next_cursor.is_some()) {
        "No entry of this period matches the filters. There are older entries."
    } else {
        "No entry matches the filters."
    };
    view! {
        <EmptyState glyph=SEARCH title="Nothing found" text=text>
            <a class="btn" href=urls::AUDIT>"Clear Filters"</a>
        </EmptyState>
    }
    .into_any()
}

/// Links to the newest and to older entries. Empty if there is one page.
fn pager(shown: RwSignal<AuditPage>, query: StoredValue<AuditQuery>, is_first: bool) -> Option<AnyView> {
    let (next_cursor, searched_to) = shown.with(|page| (page.next_cursor.clone(), page.searched_to));
    if is_first && next_cursor.is_none() {
        return None;
    }
    let at = |cursor: String| href(&AuditQuery { cursor, ..query.get_value() });
    let newest = (!is_first).then(|| view! { <a class="btn" href=at(String::new())>{icon(PREVIOUS)} "Newest"</a> });
    let searched = searched_to.map(|at| {
        view! { <span class="self-center px-1 text-ink-2">"Searched back to " <RelativeTime at/></span> }
    });
    let label = if searched_to.is_some() { "Search Further Back" } else { "Older" };
    let older = next_cursor.map(|cursor| {
        view! { <a class="btn ml-auto" href=at(cursor) rel="next">{label} {icon(NEXT)}</a> }
    });
    Some(view! { <nav class="pager" aria-label="Pages">{newest} {searched} {older}</nav> }.into_any())
}
