//! A carrier beside what LiveKit holds of it: the comparison, the dry run, what was made by hand, and orphans.

mod adopt_dialog;
mod apply_dialog;
mod objects;
mod orphans;
mod question;
mod remove_dialog;
mod steps;
mod unmanaged;

use api_types::{
    Problem,
    view::{AdoptView, BotView, DriftView},
};
use domain::CarrierId;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    adopt_dialog::AdoptDialog, apply_dialog::ApplyDialog, objects::Objects, orphans::Orphans, question::Question,
    remove_dialog::RemoveDialog, steps::DryRun, unmanaged::Unmanaged,
};
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner},
        layout::PageHeader,
        ui::{Banner, EmptyState, Failure, REFRESH, ROUTE, Tone, icon},
    },
    pages::answer_status,
    session::use_session,
    urls,
};

/// All that the page was opened with.
#[derive(Clone)]
pub struct Seen {
    pub report: DriftView,
    pub bots: Vec<BotView>,
    /// The dry run of the adoption that the address asks for.
    pub preview: Option<Result<AdoptView, Problem>>,
}

impl Seen {
    /// The page's address with that query.
    pub fn href(&self, query: &[(&str, &str)]) -> String {
        urls::carrier_drift(&self.report.carrier_id) + &urls::query(query)
    }
}

#[component]
pub fn CarrierDriftPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get_str("id").and_then(|id| id.parse::<CarrierId>().ok());
    let question = Question::read(&use_query_map().get_untracked(), use_session().may_change());
    let page = async move {
        let Some(id) = id else { return no_carrier() };
        match look(id.clone(), question.clone()).await {
            Ok(seen) => view! { <Page seen question/> }.into_any(),
            Err(problem) if problem.status == 404 => no_carrier(),
            Err(problem) => {
                answer_status(problem.status);
                view! {
                    <PageHeader title="Compare with LiveKit" parent=(urls::CARRIERS, "Carriers")>
                        <a class="btn" href=urls::carrier(&id)>"Back to the carrier"</a>
                    </PageHeader>
                    <div class="card"><Failure problem retry=|| ()/></div>
                }
                .into_any()
            }
        }
    };
    view! { <Suspense>{Suspend::new(page)}</Suspense> }
}

async fn look(id: CarrierId, question: Question) -> Result<Seen, Problem> {
    let preview = async {
        match question.preview() {
            Some(input) => Some(api::drift::preview(id.clone(), input).await),
            None => None,
        }
    };
    let (report, bots, preview) = futures::join!(api::drift::get(id.clone()), api::bot::list(), preview);
    Ok(Seen { report: report?, bots: bots?.items, preview })
}

fn no_carrier() -> AnyView {
    answer_status(404);
    view! {
        <PageHeader title="Not found" parent=(urls::CARRIERS, "Carriers")/>
        <div class="card">
            <EmptyState glyph=ROUTE title="There is no such carrier" text="It may have been deleted.">
                <a class="btn" href=urls::CARRIERS>"Back to the carriers"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}

#[component]
fn Page(seen: Seen, question: Question) -> impl IntoView {
    let session = use_session();
    let report = seen.report.clone();
    let name = report.carrier_name.clone();
    let title = Signal::stored(format!("{name} in LiveKit"));
    let at = report.observed_at;
    let summary = view! { "Read from LiveKit at " <time datetime=at.rfc3339()>{at.readable()}</time> }.into_any();
    let done = question.done().map(|text| {
        view! {
            <div class="contents" data-said=text>
                <Banner tone=Tone::Ok>{text}</Banner>
            </div>
        }
    });
    let (here, back) = (seen.href(&[]), urls::carrier(&report.carrier_id));
    let dialog = dialog(&seen, &question, session.may_delete_carriers());
    // A form that came back and whose dialog has nothing to show any more still says why.
    let refused = dialog.is_none().then(|| view! { <ProblemBanner form=Form::new("drift")/> });
    view! {
        <PageHeader title parent=(urls::CARRIERS, "Carriers") crumb=Signal::stored(name) summary>
            <a class="btn" href=back>"Back to the carrier"</a>
            <a class="btn" href=here>{icon(REFRESH)} "Look again"</a>
        </PageHeader>
        {done}
        {refused}
        <DryRun seen=seen.clone() may_change=session.may_change()/>
        <Objects objects=report.objects/>
        <Unmanaged seen=seen.clone() may_change=session.may_change()/>
        <Orphans seen may_remove=session.may_delete_carriers()/>
        {dialog}
    }
    .into_any()
}

/// The dialog that the address asks for, for those who may.
fn dialog(seen: &Seen, question: &Question, may_remove: bool) -> Option<AnyView> {
    let seen = seen.clone();
    match question {
        Question::Apply => Some(view! { <ApplyDialog seen/> }.into_any()),
        Question::Adopt(asked) => {
            let trunk = seen.report.unmanaged.iter().find(|trunk| trunk.id == asked.trunk_id)?.clone();
            Some(view! { <AdoptDialog seen trunk asked=asked.clone()/> }.into_any())
        }
        Question::Remove(carrier) if may_remove => {
            let group = seen.report.orphans.iter().find(|group| group.carrier_id.as_str() == carrier)?.clone();
            Some(view! { <RemoveDialog seen group/> }.into_any())
        }
        Question::Remove(_) | Question::None(_) => None,
    }
}
