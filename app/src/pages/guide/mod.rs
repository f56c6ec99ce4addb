//! The carrier guide: what the settings mean and what carriers expect, beside the page one is on.

mod concepts;
mod recipes;

use leptos::prelude::*;

use self::{
    concepts::{authentication, calls, connection, directions, pacing, sync},
    recipes::recipes,
};
use crate::components::ui::Dialog;

/// Chapter ids and names, in order.
const CHAPTERS: [(&str, &str); 7] = [
    ("guide-connection", "Connection settings"),
    ("guide-authentication", "Authentication"),
    ("guide-pacing", "Pacing"),
    ("guide-directions", "Directions"),
    ("guide-calls", "How calls flow"),
    ("guide-sync", "Sync status"),
    ("guide-recipes", "Recipes"),
];

#[component]
pub fn Guide(#[prop(into)] close: String) -> impl IntoView {
    let contents = CHAPTERS
        .map(|(id, name)| view! { <li><a class="link" href=format!("#{id}") rel="external">{name}</a></li> })
        .collect_view();
    view! {
        <Dialog title="Carrier guide" close class="dialog dialog-wide">
            <div class="dialog-body guide" tabindex="0" role="region" aria-label="Carrier guide">
                <ul class="guide-contents">{contents}</ul>
                {connection()}
                {authentication()}
                {pacing()}
                {directions()}
                {calls()}
                {sync()}
                {recipes()}
            </div>
        </Dialog>
    }
    .into_any()
}
