use domain::Timestamp;
use leptos::prelude::*;

use super::TableQuery;
use crate::components::ui::{NEXT, PREVIOUS, RelativeTime, icon};

/// Links to the previous and the next page. Nothing if there is one page.
pub(super) fn pager(query: &TableQuery, next_cursor: Option<String>, searched_to: Option<Timestamp>) -> AnyView {
    if query.is_first() && next_cursor.is_none() {
        return ().into_any();
    }
    let previous = (!query.is_first()).then(|| {
        let label = if query.has_previous_cursor() { "Previous" } else { "First Page" };
        let id = query.name("previous");
        view! { <a class="btn" id=id href=query.previous().href() rel="prev">{icon(PREVIOUS)} {label}</a> }
    });
    let label = if searched_to.is_some() { "Search Further Back" } else { "Next" };
    let searched = searched_to.map(|at| {
        view! { <span class="self-center px-1 text-ink-2">"Searched back to " <RelativeTime at/></span> }
    });
    let next = next_cursor.map(|cursor| {
        let id = query.name("next");
        view! { <a class="btn ml-auto" id=id href=query.next(&cursor).href() rel="next">{label} {icon(NEXT)}</a> }
    });
    view! { <nav class="pager" aria-label="Pages">{previous} {searched} {next}</nav> }.into_any()
}
