use leptos::prelude::*;

/// Placeholders for rows that are being loaded.
#[component]
pub fn Skeleton(rows: usize) -> impl IntoView {
    let rows =
        (0..rows).map(|_| view! { <div class="skeleton-row"><span class="skeleton"></span></div> }).collect_view();
    view! {
        <div role="status">
            <span class="sr-only">"Loading…"</span>
            {rows}
        </div>
    }
}
