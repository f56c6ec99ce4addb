//! The audit log: who changed what.

mod filters;
mod listing;
mod rows;

use api_types::input::AuditQuery;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use self::{filters::filters, listing::listing};
use crate::{
    api,
    components::{layout::PageHeader, ui::Failure},
    pages::set_status,
    urls,
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

fn read(params: &ParamsMap) -> AuditQuery {
    let get = |name| params.get(name).unwrap_or_default();
    AuditQuery {
        q: get("q"),
        actor: get("actor"),
        kind: get("kind"),
        subject: get("subject"),
        action: get("action"),
        from: get("from"),
        to: get("to"),
        limit: String::new(),
        cursor: get("cursor"),
    }
}

fn href(query: &AuditQuery) -> String {
    let pairs = [
        ("q", query.q.as_str()),
        ("actor", &query.actor),
        ("kind", &query.kind),
        ("subject", &query.subject),
        ("action", &query.action),
        ("from", &query.from),
        ("to", &query.to),
        ("cursor", &query.cursor),
    ];
    urls::AUDIT.to_owned() + &urls::query(&pairs)
}
