//! Who changed what.

mod filters;
mod listing;
mod rows;

use domain::{Problem, input::AuditQuery};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use self::{filters::Filters, listing::Listing};
use crate::{
    api,
    components::{
        layout::PageHeader,
        ui::{Failure, Skeleton},
    },
    pages::answer_status,
    urls,
};

/// Every change, the newest first; the filters and the page are part of the address.
#[component]
pub fn AuditPage() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(read));
    let page = Resource::new(move || query.get(), api::audit::list);
    let pending = RwSignal::new(false);
    view! {
        <PageHeader title="Audit" summary="Who changed what, the newest first. Times are in UTC.".into_any()/>
        <section class="card overflow-hidden" aria-label="Audit">
            <Filters query/>
            <div aria-busy=move || pending.get().then_some("true") class="busy-fades">
                <Transition fallback=|| view! { <Skeleton rows=7/> } set_pending=pending>
                    {move || Suspend::new(async move {
                        match page.await {
                            Ok(page) => view! { <Listing page query=query.get_untracked()/> }.into_any(),
                            Err(problem) => {
                                answer_status(problem.status);
                                view! { <Failure problem=in_full(problem) retry=move || page.refetch()/> }.into_any()
                            }
                        }
                    })}
                </Transition>
            </div>
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

/// What is wrong with a filter stands in the problem's errors.
fn in_full(problem: Problem) -> Problem {
    let messages: Vec<&str> = problem.errors.iter().map(|error| error.message.as_str()).collect();
    if messages.is_empty() { problem } else { Problem { detail: messages.join(" "), ..problem } }
}
