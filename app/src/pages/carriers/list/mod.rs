mod integrations;
mod list_query;
mod pager;
mod rows;
mod table;
mod toolbar;

use api_types::{
    Problem,
    view::{CarrierPage, ExotelSummary},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::{integrations::integrations, list_query::ListQuery, table::table, toolbar::toolbar};
use crate::{
    api,
    components::{
        layout::PageHeader,
        ui::{BOOK, PLUS, counted, grouped, icon},
    },
    session::use_session,
    urls,
};

/// All carriers, in pages. Search, order and page are part of the address.
#[component]
pub fn CarrierListPage() -> impl IntoView {
    let query = ListQuery::read(&use_query_map().get_untracked());
    let page = async move {
        // Both at the same time.
        let (page, exotel) = futures::join!(api::carrier::list(query.carrier_query()), api::exotel::summary());
        contents(query, page, exotel)
    };
    view! { <Suspense>{Suspend::new(page)}</Suspense> }
}

fn contents(query: ListQuery, page: Result<CarrierPage, Problem>, exotel: Result<ExotelSummary, Problem>) -> AnyView {
    let filtered = !query.q.is_empty() || query.attention.is_some();
    let summary = page.as_ref().ok().map(|page| summarise(page, filtered));
    let may_change = use_session().may_change();
    let guide = query.href_with_guide();
    view! {
        <PageHeader title="Carriers" summary=summary.into_any()>
            <a class="btn" href=guide data-noscroll="">{icon(BOOK)} "Guide"</a>
            {may_change.then(|| view! { <a class="btn-primary" href=urls::CREATE_CARRIER>{icon(PLUS)} "Add carrier"</a> })}
        </PageHeader>
        <div class="list-columns">
            <section class="card overflow-hidden" aria-label="Carriers">
                {toolbar(&query, page.as_ref().ok())}
                {table(query, page)}
            </section>
            {integrations(exotel)}
        </div>
    }
    .into_any()
}

/// "7 SIP providers, 217 numbers. One needs attention."
fn summarise(page: &CarrierPage, filtered: bool) -> String {
    let numbers = counted(page.number_total, "number", "numbers");
    let mut text = if filtered {
        format!("{numbers} in all.")
    } else {
        format!("{}, {numbers}.", counted(page.total, "SIP provider", "SIP providers"))
    };
    match page.error_total {
        0 => {}
        1 => text.push_str(" One needs attention."),
        several => text.push_str(&format!(" {} need attention.", grouped(several))),
    }
    text
}
