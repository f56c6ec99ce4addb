//! One carrier: its settings and its DIDs, and with `?edit=1` the form that changes them.

mod bulk_dialogs;
mod cards;
mod context;
mod delete_dialog;
mod did_dialog;
mod did_form;
mod did_table;
mod edit;
mod header;
mod missing;
mod page_query;
mod remove_dialog;
mod sync;
mod view;

use api_types::view::ChangedNoun;
use leptos::prelude::*;

use self::{
    context::{CarrierContext, CarrierWithBots, load},
    delete_dialog::DeleteDialog,
    edit::EditForm,
    header::Header,
    missing::missing,
    page_query::OpenDialog,
    view::View,
};
use crate::{
    components::form::focus,
    live::on_any_change,
    pages::{
        guide::Guide,
        row_page::{LiveRow, RowPage},
    },
    urls,
};

/// One carrier, by the id in the address.
#[component]
pub fn CarrierPage() -> impl IntoView {
    view! {
        <RowPage
            noun=ChangedNoun::Carrier
            title="Carrier"
            parent=(urls::CARRIERS, "Carriers")
            load=|id| Box::pin(load(id))
            page=detail
            missing
        />
    }
}

fn detail(row: LiveRow<CarrierWithBots>) -> AnyView {
    let context = CarrierContext::provide(row);
    on_any_change(&[ChangedNoun::Bot], move || row.refresh());
    let asked = context.asked;
    let editing = Memo::new(move |_| asked.read().edit);
    // The link that opened or closed the form is gone, so the focus moves to the start of what replaced it.
    Effect::new(move |before: Option<()>| {
        let editing = editing.get();
        if before.is_some() {
            focus(if editing { "carrier-name" } else { "content" }.to_owned());
        }
    });
    let guide_open = Memo::new(move |_| asked.read().guide);
    let guide = move || {
        guide_open.get().then(|| {
            let edit = if editing.get_untracked() { "1" } else { "" };
            view! { <Guide close=context.href(&[("edit", edit)])/> }
        })
    };
    let deleting = Memo::new(move |_| asked.read().dialog == OpenDialog::DeleteCarrier);
    view! {
        <Header editing/>
        {move || if editing.get() { view! { <EditForm/> }.into_any() } else { view! { <View/> }.into_any() }}
        {move || deleting.get().then(|| view! { <DeleteDialog/> })}
        {guide}
    }
    .into_any()
}
