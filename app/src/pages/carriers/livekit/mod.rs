//! A carrier beside what LiveKit holds of it: the comparison, the dry run, what was made by hand, and orphans.

mod adopt_dialog;
mod apply_dialog;
mod by_hand;
mod objects;
mod orphans;
mod question;
mod remove_dialog;
mod steps;

use domain::{
    CarrierId, Problem,
    view::{AdoptView, BotView, ChangedNoun, DriftView},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    adopt_dialog::AdoptDialog, apply_dialog::ApplyDialog, by_hand::ByHand, objects::Objects, orphans::Orphans,
    question::Question, remove_dialog::RemoveDialog, steps::DryRun,
};
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner},
        layout::PageHeader,
        ui::{Banner, EmptyState, Failure, REFRESH, ROUTE, Skeleton, Tone, icon},
    },
    live::on_change,
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
    /// Reads LiveKit anew.
    pub again: Callback<()>,
}

impl Seen {
    /// The page's address with that query.
    pub fn href(&self, query: &[(&str, &str)]) -> String {
        urls::carrier_livekit(&self.report.carrier_id) + &urls::query(query)
    }
}

#[component]
pub fn CarrierLiveKitPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let may_change = use_session().may_change();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<CarrierId>().ok())));
    let question = Memo::new(move |_| query.with(|query| Question::read(query, may_change)));
    let reports = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::drift::get(id).await,
                None => Err(Problem::new(404, "not_found", "Not found", "This is no carrier's id.")),
            }
        },
    );
    let bots = Resource::new(|| (), |()| api::bot::list());
    let previews = Resource::new(
        move || (id.get(), question.get().preview()),
        |asked| async move {
            match asked {
                (Some(id), Some(input)) => Some(api::drift::preview(id, input).await),
                _ => None,
            }
        },
    );
    let again = move || {
        reports.refetch();
        previews.refetch();
    };
    // What one is looking at to decide on stays as it is: a choice that was begun, and the dry run with its fingerprint.
    let missed = StoredValue::new(false);
    let asks_nothing = move |question: &Question| matches!(question, Question::None(_));
    let hear = move || {
        if question.with_untracked(asks_nothing) {
            reports.refetch();
        } else {
            missed.set_value(true);
        }
    };
    Effect::new(move |_| {
        if question.with(asks_nothing) && missed.get_value() {
            missed.set_value(false);
            reports.refetch();
        }
    });
    if let Some(id) = id.get_untracked() {
        on_change(ChangedNoun::Carrier, Some(id.to_string()), hear);
    }
    let read = move || {
        let question = question.get();
        Suspend::new(async move {
            match (reports.await, bots.await) {
                (Ok(report), Ok(bots)) => {
                    let seen = Seen {
                        report,
                        bots: bots.items,
                        preview: previews.await,
                        again: Callback::new(move |()| again()),
                    };
                    view! { <Page seen question/> }.into_any()
                }
                (Err(problem), _) if problem.status == 404 => {
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
                (Err(problem), _) | (_, Err(problem)) => {
                    answer_status(problem.status);
                    let back = id.get_untracked().map(|id| urls::carrier(&id)).unwrap_or_default();
                    view! {
                        <PageHeader title="Compare with LiveKit" parent=(urls::CARRIERS, "Carriers")>
                            <a class="btn" href=back>"Back to the carrier"</a>
                        </PageHeader>
                        <div class="card"><Failure problem retry=again/></div>
                    }
                    .into_any()
                }
            }
        })
    };
    view! { <Transition fallback=|| view! { <div class="card"><Skeleton rows=6/></div> }>{read}</Transition> }
}

#[component]
fn Page(seen: Seen, question: Question) -> impl IntoView {
    let session = use_session();
    let report = seen.report.clone();
    let name = report.carrier_name.clone();
    let title = Signal::stored(format!("{name} in LiveKit"));
    let at = report.looked_at;
    let summary = view! { "Read from LiveKit at " <time datetime=at.rfc3339()>{at.readable()}</time> }.into_any();
    let again = seen.again;
    let look = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        again.run(());
    };
    let done = question.done().map(|text| view! { <Banner tone=Tone::Ok>{text}</Banner> });
    let (here, back) = (seen.href(&[]), urls::carrier(&report.carrier_id));
    let dialog = dialog(&seen, &question, session.may_delete_carriers());
    // A form that came back and whose dialog has nothing to show any more still says why.
    let refused = dialog.is_none().then(|| view! { <ProblemBanner problem=Form::new("drift").problem.into()/> });
    view! {
        <PageHeader title parent=(urls::CARRIERS, "Carriers") crumb=Signal::stored(name) summary>
            <a class="btn" href=back>"Back to the carrier"</a>
            <a class="btn" href=here on:click=look>{icon(REFRESH)} "Look again"</a>
        </PageHeader>
        {done}
        {refused}
        <DryRun seen=seen.clone() may_change=session.may_change()/>
        <Objects objects=report.objects/>
        <ByHand seen=seen.clone() may_change=session.may_change()/>
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
            let trunk = seen.report.by_hand.iter().find(|trunk| trunk.id == asked.trunk_id)?.clone();
            Some(view! { <AdoptDialog seen trunk asked=asked.clone()/> }.into_any())
        }
        Question::Remove(carrier) if may_remove => {
            let group = seen.report.orphans.iter().find(|group| group.carrier_id.as_str() == carrier)?.clone();
            Some(view! { <RemoveDialog seen group/> }.into_any())
        }
        Question::Remove(_) | Question::None(_) => None,
    }
}
