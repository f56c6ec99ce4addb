use leptos::prelude::*;

use super::list_query::ListQuery;
use crate::components::ui::{NEXT, PREVIOUS, icon};

/// Links to the previous and the next page. Empty if there is one page.
#[component]
pub fn Pager(query: ListQuery, next_cursor: Option<String>) -> impl IntoView {
    if query.is_first() && next_cursor.is_none() {
        return ().into_any();
    }
    let previous = (!query.is_first()).then(|| {
        let label = if query.has_previous_cursor() { "Previous" } else { "First page" };
        view! { <a class="btn" id="previous" href=query.previous().href() rel="prev">{icon(PREVIOUS)} {label}</a> }
    });
    let next = next_cursor.map(|cursor| {
        view! { <a class="btn ml-auto" id="next" href=query.next(&cursor).href() rel="next">"Next" {icon(NEXT)}</a> }
    });
    view! { <nav class="pager" aria-label="Pages">{previous} {next}</nav> }.into_any()
}
