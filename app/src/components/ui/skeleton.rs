use leptos::prelude::*;

/// Where rows will be, as long as they are on their way.
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
