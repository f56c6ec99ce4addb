use leptos::prelude::*;

use super::{Glyph, icon};

/// An empty list: why it is empty and what to do.
#[component]
pub fn EmptyState(
    glyph: Glyph,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon">{icon(glyph)}</span>
            <p class="font-medium text-[14px]">{title}</p>
            <p class="text-ink-2 max-w-prose mt-1">{text}</p>
            {children.map(|children| view! { <div class="mt-4 flex flex-wrap justify-center gap-2">{children()}</div> })}
        </div>
    }
    .into_any()
}
