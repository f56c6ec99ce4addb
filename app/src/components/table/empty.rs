use leptos::prelude::*;

use super::TableQuery;
use crate::components::ui::{EmptyState, SEARCH};

/// A later page whose rows have been deleted meanwhile.
pub(super) fn nothing_left(query: &TableQuery) -> AnyView {
    let previous = query.previous().href();
    let label = if query.has_previous_cursor() { "Previous Page" } else { "First Page" };
    view! {
        <EmptyState glyph=SEARCH title="Nothing is left on this page" text="Its rows were deleted or changed.">
            <a class="btn" href=previous>{label}</a>
        </EmptyState>
    }
    .into_any()
}

/// No row fits the search and the filters.
pub(super) fn nothing_found(query: &TableQuery, nouns: &'static str) -> AnyView {
    let cleared = query.cleared().href();
    let (title, text, clear) = if query.q.is_empty() {
        (format!("No {nouns} match"), "Change or clear the filters.", "Clear Filters")
    } else {
        let text = "Check the spelling, or clear the search and the filters.";
        (format!("Nothing found for “{}”", query.q), text, "Clear Search")
    };
    view! {
        <EmptyState glyph=SEARCH title=title text=text>
            <a class="btn" href=cleared data-noscroll="">{clear}</a>
        </EmptyState>
    }
    .into_any()
}

/// None of the rows that were searched so far fits; there are older ones.
pub(super) fn nothing_found_yet(query: &TableQuery) -> AnyView {
    let cleared = query.cleared().href();
    view! {
        <EmptyState
            glyph=SEARCH
            title="Nothing found yet"
            text="No row of this period matches the search and the filters. There are older rows."
        >
            <a class="btn" href=cleared data-noscroll="">"Clear Filters"</a>
        </EmptyState>
    }
    .into_any()
}
