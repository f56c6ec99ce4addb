mod empty;
mod integrations;

use api_types::view::{CarrierPage, CarrierQuery, CarrierView, ChangedNoun};
use domain::{Action, Attention, IntoEnumIterator};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::{empty::no_carriers, integrations::Integrations};
use crate::{
    components::{
        carrier::{attention_title, auth_badges, carrier_sync_badge},
        layout::PageHeader,
        table::{
            Column, DataTable, Filter, PAGE_SIZE, Row, TablePage, TableQuery, TableUrl, Width, no_value,
            use_table_query,
        },
        ui::{BOOK, PLUS, RelativeTime, counted, grouped, icon},
    },
    live::on_any_change,
    pages::guide::Guide,
    server_fns::{carrier::list_carriers, read},
    session::use_session,
    urls,
};

/// All carriers, in pages.
#[component]
pub fn CarrierListPage() -> impl IntoView {
    // The first is the default order; the others are those of `CarrierSort`.
    let sorts = &["name", "sip_address", "dids", "outbound_cps", "lk_sync_status", "lk_last_synced_at"];
    let query = use_table_query(TableUrl::new(urls::CARRIERS, sorts).filters(&["attention"]));
    let page = Resource::new(move || query.get(), |query| read(list_carriers(carrier_query(&query))));
    on_any_change(&[ChangedNoun::Carrier], move || page.refetch());
    let summary = view! {
        <Transition fallback=|| "\u{a0}">
            {move || Suspend::new(async move {
                page.await.ok().map(|page| summarise(&page, query.get_untracked().is_narrowed()))
            })}
        </Transition>
    };
    let may_change = use_session().may(Action::CreateCarrier);
    let add =
        may_change.then(|| view! { <a class="btn-primary" href=urls::CREATE_CARRIER aria-keyshortcuts="n">{icon(PLUS)} "Add Carrier"</a> });
    let guide_link = Signal::derive(move || query.read().href_with(&[("guide", "1")]));
    let params = use_query_map();
    let guide_open = Memo::new(move |_| params.with(|params| params.get_str("guide").is_some()));
    let guide = move || guide_open.get().then(|| view! { <Guide close=query.get_untracked().href()/> });
    view! {
        <PageHeader title="Carriers" summary=summary.into_any()>
            <a class="btn" href=guide_link data-noscroll="">{icon(BOOK)} "Guide"</a>
            {add}
        </PageHeader>
        <div class="list-columns">
            <Integrations/>
            <DataTable
                query
                label="Carriers"
                noun=("carrier", "carriers")
                columns=columns()
                page
                row=|carrier: &CarrierView| Row::new(&carrier.id, &carrier.name).href(urls::carrier(&carrier.id))
                search="Search Name or SIP Address"
                filters=vec![attention_filter()]
                empty=move || no_carriers(may_change, guide_link)
            />
        </div>
        {guide}
    }
    .into_any()
}

fn carrier_query(query: &TableQuery) -> CarrierQuery {
    CarrierQuery {
        q: query.q.clone(),
        attention: query.filter("attention").to_owned(),
        sort: query.sort.clone(),
        limit: Some(PAGE_SIZE),
        cursor: query.cursor(),
        include_dids: Some(false),
    }
}

impl From<CarrierPage> for TablePage<CarrierView> {
    fn from(page: CarrierPage) -> Self {
        Self { items: page.items, next_cursor: page.next_cursor, total: Some(page.total), searched_to: None }
    }
}

fn columns() -> Vec<Column<CarrierView>> {
    vec![
        Column::text("Name", |carrier: &CarrierView| carrier.name.clone()).sort("name").width(Width::Wide),
        Column::code("SIP Address", |carrier: &CarrierView| carrier.sip_address.clone()).sort("sip_address"),
        Column::view("Auth", auth_badges),
        Column::number("DIDs", |carrier: &CarrierView| grouped(carrier.did_count)).sort("dids"),
        Column::number("CPS", cps).sort("outbound_cps"),
        Column::view("LiveKit", carrier_sync_badge).sort("lk_sync_status").on_top(),
        Column::view("Last Synced", last_synced).sort("lk_last_synced_at").descending_first(),
    ]
}

fn cps(carrier: &CarrierView) -> String {
    format!("{}/s · burst {}", carrier.outbound_cps, carrier.outbound_burst)
}

fn last_synced(carrier: &CarrierView) -> AnyView {
    match carrier.lk_last_synced_at {
        Some(at) => view! { <span class="num whitespace-nowrap"><RelativeTime at/></span> }.into_any(),
        None => no_value(),
    }
}

fn attention_filter() -> Filter {
    let kinds = Attention::iter().map(|kind| (kind.as_str(), attention_title(kind)));
    Filter::new("attention", "Show", std::iter::once(("", "All Carriers")).chain(kinds))
}

/// "7 SIP providers, 217 numbers. One needs attention."
fn summarise(page: &CarrierPage, is_narrowed: bool) -> String {
    let numbers = counted(page.number_total, "number", "numbers");
    let mut text = if is_narrowed {
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
