use std::time::Duration;

use domain::{
    input::AuditQuery,
    view::{AuditPage, ChangeKind, ChangedNoun},
};
use leptos::{prelude::*, task::spawn_local};

use super::{href, rows::AuditRow};
use crate::{
    api,
    components::ui::{EmptyState, NEXT, PREVIOUS, RelativeTime, SEARCH, icon},
    live::on_changes,
    urls,
};

const GATHER: Duration = Duration::from_millis(300);

/// A page of the record. The first page grows at its top as things happen; what is unfolded stays so.
#[component]
pub fn Listing(page: AuditPage, query: AuditQuery) -> impl IntoView {
    let shown = RwSignal::new(page);
    let first = query.cursor.is_empty();
    let asked = StoredValue::new(query.clone());
    if first {
        let record =
            |change: &domain::view::Change| change.kind != ChangeKind::Synced && change.noun != ChangedNoun::LiveKit;
        on_changes(GATHER, record, move || {
            spawn_local(async move {
                let Some(query) = asked.try_get_value() else { return };
                // What cannot be read now stays as it was: the next change asks anew.
                if let Ok(page) = api::audit::list(query).await
                    && shown.try_with_untracked(|shown| *shown != page) == Some(true)
                {
                    shown.set(page);
                }
            });
        });
    }
    let about = (!query.subject.is_empty()).then(|| {
        let (id, rest) = (query.subject.clone(), AuditQuery { subject: String::new(), cursor: String::new(), ..query });
        let name = move || {
            let found = shown.with(|page| {
                page.items.iter().find(|item| item.subject.id == id).map(|item| item.subject.name.clone())
            });
            found.unwrap_or_else(|| id.clone())
        };
        view! {
            <p class="audit-note">
                <span>"Only the history of " <strong class="font-medium text-ink wrap-anywhere">{name}</strong></span>
                <a class="link" href=href(&rest) data-noscroll="">"Show everything"</a>
            </p>
        }
    });
    let empty = Memo::new(move |_| shown.with(|page| page.items.is_empty()));
    let body = move || if empty.get() { nothing(shown) } else { view! { <Table shown/> }.into_any() };
    view! {
        {about}
        {body}
        {move || pager(shown, asked, first)}
    }
    .into_any()
}

#[component]
fn Table(shown: RwSignal<AuditPage>) -> impl IntoView {
    view! {
        <table class="table" role="table">
            <caption class="sr-only">"Audit"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th class="th" role="columnheader" scope="col">"When"</th>
                    <th class="th" role="columnheader" scope="col">"Who"</th>
                    <th class="th" role="columnheader" scope="col">"What"</th>
                    <th class="th" role="columnheader" scope="col">"Changes"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For
                    each=move || shown.get().items
                    // A row that goes takes its links along.
                    key=|item| (item.id.clone(), item.subject.href.is_some())
                    let:item
                >
                    <AuditRow item/>
                </For>
            </tbody>
        </table>
    }
    .into_any()
}

fn nothing(shown: RwSignal<AuditPage>) -> AnyView {
    let text = if shown.with(|page| page.next_cursor.is_some()) {
        "Nothing here fits the filters; there is more before."
    } else {
        "Nothing that has happened fits the filters."
    };
    view! {
        <EmptyState glyph=SEARCH title="Nothing found" text=text>
            <a class="btn" href=urls::AUDIT>"Clear the filters"</a>
        </EmptyState>
    }
    .into_any()
}

/// Back to the newest, on to what was before. Nothing where one page holds all.
fn pager(shown: RwSignal<AuditPage>, asked: StoredValue<AuditQuery>, first: bool) -> AnyView {
    let (next, searched_to) = shown.with(|page| (page.next_cursor.clone(), page.searched_to));
    if first && next.is_none() {
        return ().into_any();
    }
    let at = |cursor: String| href(&AuditQuery { cursor, ..asked.get_value() });
    let newest = (!first).then(|| view! { <a class="btn" href=at(String::new())>{icon(PREVIOUS)} "Newest"</a> });
    let looked = searched_to.map(|at| {
        view! { <span class="self-center px-1 text-ink-2">"Looked back to " <RelativeTime at/></span> }
    });
    let label = if searched_to.is_some() { "Look further back" } else { "Older" };
    let older = next.map(|cursor| {
        view! { <a class="btn ml-auto" href=at(cursor) rel="next">{label} {icon(NEXT)}</a> }
    });
    view! { <nav class="pager" aria-label="Pages">{newest} {looked} {older}</nav> }.into_any()
}
