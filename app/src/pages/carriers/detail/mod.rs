mod cards;
mod delete_dialog;
mod edit;
mod header;
mod modal;
mod number_dialog;
mod number_form;
mod number_rows;
mod numbers;
mod remove_dialog;
mod state;
mod sync;

use domain::{CarrierId, Problem, view::ChangedNoun};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    cards::Cards,
    edit::EditForm,
    header::Header,
    modal::{Modal, Modals},
    numbers::Numbers,
    state::{Detail, Loaded},
    sync::SyncBanner,
};
use crate::{
    api,
    components::{
        form::focus,
        layout::PageHeader,
        ui::{EmptyState, Failure, ROUTE, Skeleton},
    },
    live::on_change,
    pages::answer_status,
    session::use_session,
    urls,
};

/// One carrier, by the id in the address: to look at, and with `?edit=1` to change.
#[component]
pub fn CarrierPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<CarrierId>().ok())));
    let carriers = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::carrier::get(id).await,
                None => Err(Problem::new(404, "not_found", "Not found", "This is no carrier's id.")),
            }
        },
    );
    let bot_list = Resource::new(|| (), |()| api::bot::list());
    let read = move || {
        Suspend::new(async move {
            match (carriers.await, bot_list.await) {
                (Ok(carrier), Ok(bots)) => {
                    // Another carrier is another page: nothing of the one before may stay.
                    let loaded = vec![Loaded { carrier, bots: bots.items }];
                    view! {
                        <For each=move || loaded.clone() key=|loaded| loaded.carrier.id.clone() let:loaded>
                            <DetailPage loaded/>
                        </For>
                    }
                    .into_any()
                }
                (Err(problem), _) if problem.status == 404 => {
                    answer_status(404);
                    view! { <Gone title="There is no such carrier"/> }.into_any()
                }
                (Err(problem), _) | (_, Err(problem)) => {
                    answer_status(problem.status);
                    let retry = move || {
                        carriers.refetch();
                        bot_list.refetch();
                    };
                    view! {
                        <PageHeader title="Carrier" parent=(urls::CARRIERS, "Carriers")/>
                        <div class="card"><Failure problem retry/></div>
                    }
                    .into_any()
                }
            }
        })
    };
    view! { <Transition fallback=|| view! { <div class="card"><Skeleton rows=6/></div> }>{read}</Transition> }
}

#[component]
fn DetailPage(loaded: Loaded) -> impl IntoView {
    let detail = Detail::new(loaded);
    let id = detail.id.get_value();
    provide_context(detail);
    on_change(ChangedNoun::Carrier, Some(id.to_string()), move || detail.refresh());
    on_change(ChangedNoun::Bot, None, move || detail.refresh_bots());

    let params = use_query_map();
    let may_change = use_session().may_change();
    let editing = Memo::new(move |_| may_change && params.with(|params| params.get_str("edit").is_some()));
    // The link that was pressed is gone: whoever works by keyboard goes on where the page goes on.
    Effect::new(move |before: Option<()>| {
        let editing = editing.get();
        if before.is_some() {
            focus(if editing { "carrier-name" } else { "content" }.to_owned());
        }
    });
    let modal = Memo::new(move |_| params.with(|params| Modal::read(params, may_change)));
    move || {
        if detail.deletion.gone.get() {
            return view! { <Gone title="This carrier was deleted"/> }.into_any();
        }
        view! {
            <Header editing/>
            <SyncBanner/>
            {move || if editing.get() { view! { <EditForm/> }.into_any() } else { view! { <Cards/> <Numbers/> }.into_any() }}
            <Modals modal editing/>
        }
        .into_any()
    }
}

#[component]
fn Gone(title: &'static str) -> impl IntoView {
    view! {
        <PageHeader title="Not found" parent=(urls::CARRIERS, "Carriers")/>
        <div class="card">
            <EmptyState glyph=ROUTE title text="A deleted carrier takes its numbers and its LiveKit trunks with it.">
                <a class="btn" href=urls::CARRIERS>"Back to the carriers"</a>
            </EmptyState>
        </div>
    }
}
