use api_types::{
    Problem,
    view::{BotView, CarrierView},
};
use domain::CarrierId;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    cards::cards,
    dids::{Choice, numbers},
    modal::Modal,
    no_carrier,
    sync::{sync_banner, sync_form},
};
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner},
        layout::PageHeader,
        ui::{BOOK, Failure, LIST, PENCIL, TRASH, icon},
    },
    pages::answer_status,
    session::use_session,
    urls,
};

/// What the page was opened with.
pub struct Seen {
    pub carrier: CarrierView,
    pub bots: Vec<BotView>,
    /// Which numbers are shown.
    pub choice: Choice,
}

impl Seen {
    /// Address of the page with that query, and the same numbers.
    pub fn href(&self, query: &[(&str, &str)]) -> String {
        let choice = [("numbers", self.choice.filter.as_str()), ("all", if self.choice.all { "1" } else { "" })];
        urls::carrier(&self.carrier.id) + &urls::query(&[query, &choice].concat())
    }

    /// Address that a form of the page posts to.
    pub fn action(&self, rest: &str) -> String {
        format!("{}/{rest}", urls::carrier(&self.carrier.id))
    }

    pub fn bot_name(&self, id: &domain::BotId) -> Option<&str> {
        self.bots.iter().find(|bot| bot.id == *id).map(|bot| bot.name.as_str())
    }
}

/// A carrier to look at, with its numbers.
#[component]
pub fn CarrierReadPage() -> impl IntoView {
    let params = use_query_map().get_untracked();
    let id = use_params_map().get_untracked().get_str("id").and_then(|id| id.parse::<CarrierId>().ok());
    let page = async move {
        let Some(id) = id else { return no_carrier() };
        match look(id, Choice::read(&params)).await {
            Ok(seen) => {
                let modal = Modal::read(&params, use_session().may_change());
                contents(&seen, &modal)
            }
            Err(problem) if problem.status == 404 => no_carrier(),
            Err(problem) => {
                answer_status(problem.status);
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

async fn look(id: CarrierId, choice: Choice) -> Result<Seen, Problem> {
    let (carrier, bots) = futures::join!(api::carrier::get(id), api::bot::list());
    Ok(Seen { carrier: carrier?, bots: bots?.items, choice })
}

fn contents(seen: &Seen, modal: &Modal) -> AnyView {
    let modal = modal.view(seen);
    // A form that came back and whose dialog is not there any more still says why.
    let refused = modal.is_none().then(|| view! { <ProblemBanner form=Form::new("carrier")/> });
    view! {
        {header(seen)}
        {refused}
        {sync_banner(seen)}
        {cards(&seen.carrier)}
        {numbers(seen)}
        {modal}
    }
    .into_any()
}

/// The carrier's name and what can be done with it.
fn header(seen: &Seen) -> AnyView {
    let session = use_session();
    let name = Signal::stored(seen.carrier.name.clone());
    let (guide, history) = (seen.href(&[("guide", "1")]), urls::history(seen.carrier.id.as_str()));
    let change = session.may_change().then(|| {
        view! {
            {sync_form(seen, "sync", "Sync to LiveKit")}
            <a class="btn" href=seen.href(&[("edit", "1")])>{icon(PENCIL)} "Edit"</a>
        }
    });
    let delete = session.may_delete_carriers().then(|| {
        view! {
            <a class="btn-danger" href=seen.href(&[("delete", "1")]) data-noscroll="">{icon(TRASH)} "Delete"</a>
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
