use api_types::{input::AuditQuery, view::AuditPage};
use leptos::prelude::*;

use super::{query::href, rows::audit_row};
use crate::{
    components::ui::{EmptyState, NEXT, PREVIOUS, RelativeTime, SEARCH, icon},
    urls,
};

/// A page of audit entries.
pub fn listing(page: AuditPage, query: AuditQuery) -> AnyView {
    let about = (!query.subject.is_empty()).then(|| about(&page, &query));
    let pager = pager(&page, &query);
    let body = if page.items.is_empty() {
        no_entries(page.next_cursor.is_some())
    } else {
        let rows = page.items.into_iter().map(audit_row).collect_view();
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
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! { {about} {body} {pager} }.into_any()
}

/// The filtered subject, and a link to all entries.
fn about(page: &AuditPage, query: &AuditQuery) -> AnyView {
    let rest = AuditQuery { subject: String::new(), cursor: String::new(), ..query.clone() };
    let entry = page.items.iter().find(|item| item.subject.id == query.subject);
    let name = entry.map_or_else(|| query.subject.clone(), |item| item.subject.name.clone());
    view! {
        <p class="audit-note">
            <span>"Only the history of " <strong class="font-medium text-ink wrap-anywhere">{name}</strong></span>
            <a class="link" href=href(&rest) data-noscroll="">"Show everything"</a>
        </p>
    }
    .into_any()
}

fn no_entries(more: bool) -> AnyView {
    let text = if more {
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

/// Links to the newest and to older entries. Empty if there is one page.
fn pager(page: &AuditPage, query: &AuditQuery) -> Option<AnyView> {
    let first = query.cursor.is_empty();
    if first && page.next_cursor.is_none() {
        return None;
    }
    let at = |cursor: &str| href(&AuditQuery { cursor: cursor.to_owned(), ..query.clone() });
    let newest = (!first).then(|| view! { <a class="btn" href=at("")>{icon(PREVIOUS)} "Newest"</a> });
    let searched = page.searched_to.map(|at| {
        view! { <span class="self-center px-1 text-ink-2">"Looked back to " <RelativeTime at/></span> }
    });
    let label = if page.searched_to.is_some() { "Look further back" } else { "Older" };
    let older = page.next_cursor.as_deref().map(|cursor| {
        view! { <a class="btn ml-auto" href=at(cursor) rel="next">{label} {icon(NEXT)}</a> }
    });
    Some(view! { <nav class="pager" aria-label="Pages">{newest} {searched} {older}</nav> }.into_any())
}
