use leptos::prelude::*;

use super::list_query::Place;
use crate::components::ui::{NEXT, PREVIOUS, icon};

/// To the page before and after. Nothing where one page holds all.
#[component]
pub fn Pager(place: Place, next_cursor: Option<String>) -> impl IntoView {
    if place.is_first() && next_cursor.is_none() {
        return ().into_any();
    }
    let previous = (!place.is_first()).then(|| {
        let label = if place.reaches_back() { "Previous" } else { "First page" };
        view! { <a class="btn" id="previous" href=place.previous().href() rel="prev">{icon(PREVIOUS)} {label}</a> }
    });
    let next = next_cursor.map(|cursor| {
        view! { <a class="btn ml-auto" id="next" href=place.next(&cursor).href() rel="next">"Next" {icon(NEXT)}</a> }
    });
    view! { <nav class="pager" aria-label="Pages">{previous} {next}</nav> }.into_any()
}
