mod integrations;
mod pager;
mod place;
mod rows;
mod table;
mod toolbar;

use domain::view::ChangedNoun;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::{integrations::IntegrationsCard, place::Place, table::CarrierTable, toolbar::Toolbar};
use crate::{
    api,
    components::{
        layout::PageHeader,
        ui::{BOOK, PLUS, counted, grouped, icon},
    },
    live::on_change,
    pages::guide::Guide,
    session::use_session,
    urls,
};

/// Every carrier, in pages; what is searched, the order and the page are part of the address.
#[component]
pub fn CarrierListPage() -> impl IntoView {
    let params = use_query_map();
    let place = Memo::new(move |_| params.with(Place::read));
    let page = Resource::new(move || place.get(), |place| api::carrier::list(place.query()));
    // Asked for beside the list, not after it.
    let exotel = Resource::new(|| (), |()| api::integration::summary());
    on_change(ChangedNoun::Carrier, None, move || {
        page.refetch();
        exotel.refetch();
    });
    on_change(ChangedNoun::Integration, None, move || exotel.refetch());

    let may_change = use_session().may_change();
    let guide_open = Memo::new(move |_| params.with(|params| params.get_str("guide").is_some()));
    let summary = view! {
        <Transition fallback=|| "\u{a0}">
            {move || Suspend::new(async move {
                let page = page.await.ok()?;
                let place = place.read_untracked();
                Some(summarise(&page, !place.q.is_empty() || place.attention.is_some()))
            })}
        </Transition>
    };
    view! {
        <PageHeader title="Carriers" summary=summary.into_any()>
            <a class="btn" href=move || place.get().href_with_guide() data-noscroll="">{icon(BOOK)} "Guide"</a>
            {may_change.then(|| view! { <a class="btn-primary" href=urls::CREATE_CARRIER>{icon(PLUS)} "Add carrier"</a> })}
        </PageHeader>
        <div class="list-columns">
            <section class="card overflow-hidden" aria-label="Carriers">
                <Toolbar place page/>
                <CarrierTable place page/>
            </section>
            <IntegrationsCard exotel/>
        </div>
        {move || guide_open.get().then(|| view! { <Guide close=place.get_untracked().href()/> })}
    }
}

/// "7 SIP providers, 217 numbers. One needs attention."
fn summarise(page: &domain::view::CarrierPage, filtered: bool) -> String {
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
