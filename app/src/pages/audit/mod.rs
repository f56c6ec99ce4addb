//! The audit log: who changed what.

mod filters;
mod listing;
mod query;
mod rows;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::{filters::filters, listing::listing, query::read};
use crate::{
    api,
    components::{layout::PageHeader, ui::Failure},
    status::set_status,
};

/// All entries, newest first. Filters and page are part of the address.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = read(&use_query_map().get_untracked());
    let form = filters(query.clone());
    let page = async move {
        match api::audit::list(query.clone()).await {
            Ok(page) => listing(page, query),
            Err(problem) => {
                set_status(problem.status);
                view! { <Failure problem retry=|| ()/> }.into_any()
            }
        }
    };
    view! {
        <PageHeader title="Audit" summary="Who changed what, the newest first. Times are in UTC.".into_any()/>
        <section class="card overflow-hidden" aria-label="Audit">
            {form}
            <Suspense>{Suspend::new(page)}</Suspense>
        </section>
    }
}
