use leptos::prelude::*;

/// A card of facts: a label beside its value.
#[component]
pub fn KeyValueCard(
    title: &'static str,
    rows: Vec<(&'static str, AnyView)>,
    /// Links and buttons beside the title.
    #[prop(optional_no_strip, into)]
    actions: Option<AnyView>,
    /// Shown below the facts.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|(label, value)| view! { <div class="fact"><dt>{label}</dt> <dd>{value}</dd></div> })
        .collect_view();
    view! {
        <section class="card key-values">
            <header class="key-values-head">
                <h2 class="text-[14px] font-medium min-w-0 truncate">{title}</h2>
                {actions}
            </header>
            <dl class="facts">{rows}</dl>
            {children.map(|children| children())}
        </section>
    }
    .into_any()
}
