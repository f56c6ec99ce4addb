use domain::Action;
use leptos::prelude::*;

use super::{context::use_carrier, sync::SyncButton};
use crate::{
    components::{
        layout::PageHeader,
        ui::{BOOK, LIST, PENCIL, TRASH, icon},
    },
    session::use_session,
    urls,
};

/// The carrier's name and its actions. While it is edited, only the guide is offered.
#[component]
pub fn Header(editing: Memo<bool>) -> impl IntoView {
    let context = use_carrier();
    let session = use_session();
    let name: Signal<String> = Memo::new(move |_| context.row.current.with(|row| row.carrier.name.clone())).into();
    let guide = move || context.href(&[("edit", if editing.get() { "1" } else { "" }), ("guide", "1")]);
    let history = urls::history(context.id.get_value().as_str());
    let (may_change, may_delete) = (session.may(Action::UpdateCarrier), session.may(Action::DeleteCarrier));
    let actions = move || {
        let change = may_change.then(|| {
            view! {
                <SyncButton/>
                <a class="btn" href=move || context.href(&[("edit", "1")]) aria-keyshortcuts="e">{icon(PENCIL)} "Edit"</a>
            }
        });
        let delete = may_delete.then(|| {
            view! {
                <a class="btn-danger" href=move || context.href(&[("delete", "1")]) data-noscroll="">
                    {icon(TRASH)}
                    "Delete"
                </a>
            }
        });
        let view = view! {
            <a class="btn-quiet" href=history.clone()>{icon(LIST)} "History"</a>
            {change}
            {delete}
        };
        (!editing.get()).then_some(view)
    };
    view! {
        <PageHeader title=name parent=(urls::CARRIERS, "Carriers") crumb=name>
            <a class="btn-quiet" href=guide data-noscroll="">{icon(BOOK)} "Guide"</a>
            {actions}
        </PageHeader>
    }
    .into_any()
}
