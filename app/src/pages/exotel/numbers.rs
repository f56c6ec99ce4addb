use api_types::{
    Problem,
    view::{ExotelNumbers, ExotelSummary},
};
use domain::BotId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    carriers::{self, Carriers},
    import::Import,
    status::Status,
};
use crate::{
    components::ui::{Banner, EmptyState, Failure, HASH, Skeleton, Tone},
    server_fns::{
        bot::list_bots,
        exotel::{get_exotel_summary, list_exotel_numbers},
        read,
    },
    submitted::{Submitted, submitted},
    urls,
};

/// The data of the section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumbersData {
    /// Read after the request to Exotel, which changes the connection's state.
    summary: ExotelSummary,
    /// None if the page shows the outcome of a form that was posted natively.
    pub listing: Option<ExotelNumbers>,
    pub carriers: Carriers,
    pub bots: Vec<(BotId, String)>,
}

/// None while the address does not ask for the numbers.
pub type NumbersResource = Resource<Option<Result<NumbersData, Problem>>>;

/// `requested` is None while the address does not ask for the numbers; its value is the carrier that a link preselects.
/// Created with the page, because resources are numbered in the order of their creation.
pub fn numbers_resource(requested: impl Fn() -> Option<Option<String>> + Send + Sync + 'static) -> NumbersResource {
    Resource::new(requested, |requested| {
        let form = submitted();
        async move {
            match requested {
                // Boxed, because it is too large for the stack frames that it is moved through.
                Some(carrier_id) => Some(Box::pin(load(carrier_id, form)).await),
                None => None,
            }
        }
    })
}

/// Requests from Exotel only what is shown.
async fn load(requested: Option<String>, form: Option<Submitted>) -> Result<NumbersData, Problem> {
    let (problem, outcome) =
        form.as_ref().map(|form| (form.problem.clone(), form.outcome.is_some())).unwrap_or_default();
    // Exotel failed while the form was executed: a request for its list would fail again.
    if let Some(problem) = problem.filter(|problem| problem.status == 502) {
        return Err(problem);
    }
    let carrier_id = form.and_then(|form| form.last("carrier_id")).or(requested);
    let listing = async { if outcome { Ok(None) } else { read(list_exotel_numbers()).await.map(Some) } };
    let (listing, carriers, bots) = futures::join!(listing, carriers::load(carrier_id), read(list_bots()));
    let (listing, carriers, bots) = (listing?, carriers?, bots?);
    let bots = bots.items.into_iter().map(|bot| (bot.id, bot.name)).collect();
    Ok(NumbersData { summary: read(get_exotel_summary()).await?, listing, carriers, bots })
}

/// The numbers of the account, and their import.
#[component]
pub fn Numbers(summary: RwSignal<ExotelSummary>, numbers: NumbersResource, may_change: bool) -> impl IntoView {
    let reload = Callback::new(move |()| numbers.refetch());
    let content = move || {
        Suspend::new(async move {
            match numbers.await {
                None => loading(),
                Some(Err(problem)) => {
                    view! { <div class="card"><Failure problem retry=move || reload.run(())/></div> }.into_any()
                }
                Some(Ok(data)) => {
                    if summary.with_untracked(|summary| *summary != data.summary) {
                        summary.set(data.summary.clone());
                    }
                    view! { <Status summary/> {contents(data, may_change, reload)} }.into_any()
                }
            }
        })
    };
    // Not a transition: what has been loaded is out of date while Exotel is asked again.
    view! { <Suspense fallback=loading>{content}</Suspense> }.into_any()
}

fn loading() -> AnyView {
    view! { <div class="card"><Skeleton rows=6/></div> }.into_any()
}

fn contents(data: NumbersData, may_change: bool, reload: Callback<()>) -> AnyView {
    let is_empty = data.listing.as_ref().is_some_and(|listing| listing.items.is_empty());
    if is_empty {
        return view! { <NoNumbers/> }.into_any();
    }
    let cut = data.listing.as_ref().is_some_and(|listing| !listing.complete).then(|| {
        view! {
            <Banner tone=Tone::Warn title="Not all numbers are shown">
                "Exotel has more than the 2,000 numbers that Trunkline lists. Add the others on the carrier's page."
            </Banner>
        }
    });
    view! { {cut} <Import data may_change reload/> }.into_any()
}

#[component]
fn NoNumbers() -> impl IntoView {
    view! {
        <div class="card">
            <EmptyState
                glyph=HASH
                title="The account has no numbers"
                text="Exotel lists no ExoPhone for it. Buy one in Exotel's dashboard, then open this page again."
            >
                <a class="btn" href=urls::EXOTEL>"Back to Connection"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
