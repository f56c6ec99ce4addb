//! The audit log: who changed what.

mod filters;
mod listing;
mod query;
mod rows;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use self::{filters::Filters, listing::Listing};
use crate::{
    components::{
        layout::PageHeader,
        ui::{Failure, Skeleton},
    },
    server_fns::{audit::list_audit, read},
    status::set_status,
    urls,
};

/// All entries, newest first. Filters and page are part of the address.
#[component]
pub fn AuditPage() -> impl IntoView {
    let (params, pathname) = (use_query_map(), use_location().pathname);
    // While the page is being left, the address is another page's.
    let query = Memo::new(move |before: Option<&_>| match before {
        Some(before) if pathname.with(|path| path != urls::AUDIT) => Clone::clone(before),
        _ => params.with(query::read),
    });
    let page = Resource::new(move || query.get(), |query| read(list_audit(query)));
    let listing = move || {
        Suspend::new(async move {
            match page.await {
                Ok(page) => view! { <Listing page query=query.get_untracked()/> }.into_any(),
                Err(problem) => {
                    set_status(problem.status);
                    view! { <Failure problem retry=move || page.refetch()/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageHeader title="Audit" summary="Who changed what, newest first. Times are in UTC.".into_any()/>
        <section class="card overflow-hidden" aria-label="Audit">
            <Filters query/>
            <Transition fallback=|| view! { <Skeleton rows=8/> }>{listing}</Transition>
        </section>
    }
}
