use leptos::prelude::*;
use leptos_meta::Title;

/// Breadcrumb, title, summary and actions of a page.
#[component]
pub fn PageHeader(
    #[prop(into)] title: Signal<String>,
    /// Address and name of the list that the page belongs to.
    #[prop(optional)]
    parent: Option<(&'static str, &'static str)>,
    /// Address and name of the row that the page belongs to.
    #[prop(optional)]
    within: Option<(String, Signal<String>)>,
    /// The last crumb; a new page has none.
    #[prop(optional)]
    crumb: Option<Signal<String>>,
    #[prop(optional)] summary: Option<AnyView>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    // The document's head may read the title after the page was disposed.
    let initial = title.get_untracked();
    view! {
        <Title text=move || title.try_get().unwrap_or_else(|| initial.clone())/>
        {parent
            .map(|(href, name)| view! {
                <nav aria-label="Breadcrumb" class="crumbs">
                    <a href=href>{name}</a>
                    {within
                        .map(|(href, name)| view! {
                            <span aria-hidden="true">"/"</span>
                            <a href=href>{move || name.get()}</a>
                        })}
                    {crumb
                        .map(|crumb| view! {
                            <span aria-hidden="true">"/"</span>
                            <span aria-current="page">{move || crumb.get()}</span>
                        })}
                </nav>
            })}
        <header class="page-head">
            <div class="min-w-0">
                <h1 class="page-title">{move || title.get()}</h1>
                {summary.map(|summary| view! { <p class="page-summary">{summary}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
    .into_any()
}
