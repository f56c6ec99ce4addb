use leptos::prelude::*;

use super::TableQuery;
use crate::components::ui::{NEXT, PREVIOUS, icon};

/// Links to the previous and the next page. Nothing if there is one page.
pub(super) fn pager(query: &TableQuery, next_cursor: Option<String>) -> AnyView {
    if query.is_first() && next_cursor.is_none() {
        return ().into_any();
    }
    let previous = (!query.is_first()).then(|| {
        let label = if query.has_previous_cursor() { "Previous" } else { "First Page" };
        let id = query.name("previous");
        view! { <a class="btn" id=id href=query.previous().href() rel="prev">{icon(PREVIOUS)} {label}</a> }
    });
    let next = next_cursor.map(|cursor| {
        let id = query.name("next");
        view! { <a class="btn ml-auto" id=id href=query.next(&cursor).href() rel="next">"Next" {icon(NEXT)}</a> }
    });
    view! { <nav class="pager" aria-label="Pages">{previous} {next}</nav> }.into_any()
}
