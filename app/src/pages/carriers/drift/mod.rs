//! A carrier's desired and observed state in LiveKit: the comparison, the dry run, unmanaged trunks and orphans.

mod action;
mod adopt_dialog;
mod apply_dialog;
mod context;
mod objects;
mod orphans;
mod remove_dialog;
mod steps;
mod unmanaged;

use api_types::Problem;
use domain::CarrierId;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    action::DriftAction, adopt_dialog::AdoptDialog, apply_dialog::ApplyDialog, context::DriftContext, objects::Objects,
    orphans::Orphans, remove_dialog::RemoveDialog, steps::DryRun, unmanaged::Unmanaged,
};
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner},
        layout::PageHeader,
        ui::{Banner, EmptyState, Failure, REFRESH, ROUTE, Tone, icon},
    },
    session::use_session,
    status::set_status,
    urls,
};

#[component]
pub fn CarrierDriftPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get_str("id").and_then(|id| id.parse::<CarrierId>().ok());
    let action = DriftAction::read(&use_query_map().get_untracked(), use_session().may_change());
    let page = async move {
        let Some(id) = id else { return no_carrier() };
        match load(id.clone(), action.clone()).await {
            Ok(context) => view! { <Page context action/> }.into_any(),
            Err(problem) if problem.status == 404 => no_carrier(),
            Err(problem) => {
                set_status(problem.status);
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

async fn load(id: CarrierId, action: DriftAction) -> Result<DriftContext, Problem> {
    let preview = async {
        match action.preview() {
            Some(input) => Some(api::drift::preview(id.clone(), input).await),
            None => None,
        }
    };
    let (report, bots, preview) = futures::join!(api::drift::get(id.clone()), api::bot::list(), preview);
    Ok(DriftContext { report: report?, bots: bots?.items, preview })
}

fn no_carrier() -> AnyView {
    set_status(404);
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
fn Page(context: DriftContext, action: DriftAction) -> impl IntoView {
    let session = use_session();
    let report = context.report.clone();
    let name = report.carrier_name.clone();
    let title = Signal::stored(format!("{name} in LiveKit"));
    let at = report.observed_at;
    let summary = view! { "Read from LiveKit at " <time datetime=at.rfc3339()>{at.readable()}</time> }.into_any();
    let done = action.done().map(|text| {
        view! {
            <div class="contents" data-announcement=text>
                <Banner tone=Tone::Ok>{text}</Banner>
            </div>
        }
    });
    let (here, back) = (context.href(&[]), urls::carrier(&report.carrier_id));
    let dialog = dialog(&context, &action, session.may_delete_carriers());
    // A refused form whose dialog is closed by now: the reason is shown on the page.
    let refused = dialog.is_none().then(|| view! { <ProblemBanner form=Form::new("drift")/> });
    view! {
        <PageHeader title parent=(urls::CARRIERS, "Carriers") crumb=Signal::stored(name) summary>
            <a class="btn" href=back>"Back to the carrier"</a>
            <a class="btn" href=here>{icon(REFRESH)} "Look again"</a>
        </PageHeader>
        {done}
        {refused}
        <DryRun context=context.clone() may_change=session.may_change()/>
        <Objects objects=report.objects/>
        <Unmanaged context=context.clone() may_change=session.may_change()/>
        <Orphans context may_remove=session.may_delete_carriers()/>
        {dialog}
    }
    .into_any()
}

/// The dialog that the address asks for, if the user has the role for it.
fn dialog(context: &DriftContext, action: &DriftAction, may_remove: bool) -> Option<AnyView> {
    let context = context.clone();
    match action {
        DriftAction::Apply => Some(view! { <ApplyDialog context/> }.into_any()),
        DriftAction::Adopt(choice) => {
            let trunk = context.report.unmanaged.iter().find(|trunk| trunk.id == choice.trunk_id)?.clone();
            Some(view! { <AdoptDialog context trunk choice=choice.clone()/> }.into_any())
        }
        DriftAction::Remove(carrier) if may_remove => {
            let group = context.report.orphans.iter().find(|group| group.carrier_id.as_str() == carrier)?.clone();
            Some(view! { <RemoveDialog context group/> }.into_any())
        }
        DriftAction::Remove(_) | DriftAction::None(_) => None,
    }
}
