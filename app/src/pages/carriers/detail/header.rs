use leptos::prelude::*;

use super::{state::use_detail, sync::SyncForm};
use crate::{
    components::{
        layout::PageHeader,
        ui::{BOOK, LIST, PENCIL, TRASH, icon},
    },
    session::use_session,
    urls,
};

/// The carrier's name and what can be done with it.
#[component]
pub fn Header(editing: Memo<bool>) -> impl IntoView {
    let detail = use_detail();
    let session = use_session();
    let name: Signal<String> = Memo::new(move |_| detail.carrier.with(|carrier| carrier.name.clone())).into();
    let guide = move || detail.href(&[("edit", if editing.get() { "1" } else { "" }), ("guide", "1")]);
    let change = session.may_change().then(|| {
        view! {
            <SyncForm label="Sync to LiveKit" class="btn"/>
            {move || {
                (!editing.get())
                    .then(|| view! { <a class="btn" href=detail.href(&[("edit", "1")])>{icon(PENCIL)} "Edit"</a> })
            }}
        }
    });
    let history = urls::history(detail.id.get_value().as_str());
    let delete = session.may_delete_carriers().then(|| {
        view! {
            <a class="btn-danger" href=detail.href(&[("delete", "1")]) data-noscroll="">{icon(TRASH)} "Delete"</a>
        }
    });
    view! {
        <PageHeader title=name parent=(urls::CARRIERS, "Carriers") crumb=name>
            <a class="btn-quiet" href=guide data-noscroll="">{icon(BOOK)} "Guide"</a>
            // Whoever edits goes nowhere else before it is saved.
            {move || {
                (!editing.get())
                    .then(|| view! { <a class="btn-quiet" href=history.clone()>{icon(LIST)} "History"</a> })
            }}
            {change}
            {delete}
        </PageHeader>
    }
    .into_any()
}
