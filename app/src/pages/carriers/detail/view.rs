use api_types::Problem;
use domain::CarrierId;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    cards::cards,
    context::{CarrierContext, DidFilter},
    dids::dids,
    modal::Modal,
    not_found::no_carrier,
    sync::{sync_banner, sync_form},
};
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner},
        layout::PageHeader,
        ui::{BOOK, Failure, LIST, PENCIL, TRASH, icon},
    },
    session::use_session,
    status::set_status,
    urls,
};

/// A carrier and its phone numbers, read-only.
#[component]
pub fn CarrierReadPage() -> impl IntoView {
    let params = use_query_map().get_untracked();
    let id = use_params_map().get_untracked().get_str("id").and_then(|id| id.parse::<CarrierId>().ok());
    let page = async move {
        let Some(id) = id else { return no_carrier() };
        match load(id, DidFilter::read(&params)).await {
            Ok(context) => {
                let modal = Modal::read(&params, use_session().may_change());
                contents(&context, &modal)
            }
            Err(problem) if problem.status == 404 => no_carrier(),
            Err(problem) => {
                set_status(problem.status);
                view! {
                    <PageHeader title="Carrier" parent=(urls::CARRIERS, "Carriers")/>
                    <div class="card"><Failure problem retry=|| ()/></div>
                }
                .into_any()
            }
        }
    };
    view! { <Suspense>{Suspend::new(page)}</Suspense> }
}

async fn load(id: CarrierId, did_filter: DidFilter) -> Result<CarrierContext, Problem> {
    let (carrier, bots) = futures::join!(api::carrier::get(id), api::bot::list());
    Ok(CarrierContext { carrier: carrier?, bots: bots?.items, did_filter })
}

fn contents(context: &CarrierContext, modal: &Modal) -> AnyView {
    let modal = modal.view(context);
    // A refused form whose dialog is closed by now: the reason is shown on the page.
    let refused = modal.is_none().then(|| view! { <ProblemBanner form=Form::new("carrier")/> });
    view! {
        {header(context)}
        {refused}
        {sync_banner(context)}
        {cards(&context.carrier)}
        {dids(context)}
        {modal}
    }
    .into_any()
}

/// The carrier's name and its actions.
fn header(context: &CarrierContext) -> AnyView {
    let session = use_session();
    let name = Signal::stored(context.carrier.name.clone());
    let (guide, history) = (context.href(&[("guide", "1")]), urls::history(context.carrier.id.as_str()));
    let change = session.may_change().then(|| {
        view! {
            {sync_form(context, "sync", "Sync to LiveKit")}
            <a class="btn" href=context.href(&[("edit", "1")])>{icon(PENCIL)} "Edit"</a>
        }
    });
    let delete = session.may_delete_carriers().then(|| {
        view! {
            <a class="btn-danger" href=context.href(&[("delete", "1")]) data-noscroll="">{icon(TRASH)} "Delete"</a>
        }
    });
    view! {
        <PageHeader title=name parent=(urls::CARRIERS, "Carriers") crumb=name>
            <a class="btn-quiet" href=guide data-noscroll="">{icon(BOOK)} "Guide"</a>
            <a class="btn-quiet" href=history>{icon(LIST)} "History"</a>
            {change}
            {delete}
        </PageHeader>
    }
    .into_any()
}
