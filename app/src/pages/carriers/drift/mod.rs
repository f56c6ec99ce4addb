//! A carrier's desired and observed state in LiveKit: the comparison, the dry run, unmanaged trunks and orphaned objects.

mod action;
mod adopt_choice;
mod adopt_dialog;
mod adopt_preview;
mod apply_dialog;
mod context;
mod objects;
mod orphans;
mod remove_dialog;
mod steps;
mod unmanaged;

use api_types::view::{ChangedNoun, DriftView, OrphanGroup, UnmanagedView};
use domain::Action;
use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    action::DriftAction,
    adopt_dialog::AdoptDialog,
    apply_dialog::ApplyDialog,
    context::{Adoptions, CarrierDrift, DriftContext, load},
    objects::Objects,
    orphans::Orphans,
    remove_dialog::RemoveDialog,
    steps::DryRun,
    unmanaged::Unmanaged,
};
use crate::{
    components::{
        form::{Form, ProblemBanner},
        layout::PageHeader,
        ui::{Banner, EmptyState, Failure, REFRESH, ROUTE, Tone, icon},
    },
    pages::row_page::{LiveRow, RowPage},
    session::use_session,
    status::set_status,
    urls,
};

/// Created by the page, used by its content.
#[derive(Clone, Copy)]
struct PageState {
    action: Memo<DriftAction>,
    adoptions: Adoptions,
}

#[component]
pub fn CarrierDriftPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let may_change = use_session().may(Action::SyncCarrier);
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let action = Memo::new(move |_| query.with(|query| DriftAction::read(query, may_change)));
    provide_context(PageState { action, adoptions: Adoptions::new(id, action) });
    view! {
        <RowPage
            noun=ChangedNoun::Carrier
            title="Carrier in LiveKit"
            parent=(urls::CARRIERS, "Carriers")
            load=|id| Box::pin(load(id))
            page=content
            missing
        />
    }
}

fn content(row: LiveRow<CarrierDrift>) -> AnyView {
    let PageState { action, adoptions } = expect_context();
    let context = DriftContext::new(row, action, adoptions);
    let session = use_session();
    let (may_change, may_remove) = (session.may(Action::SyncCarrier), session.may(Action::RemoveOrphans));
    let open = Memo::new(move |_| action.get().dialog());
    let dialogs = move || {
        let key = (context.refreshed.get(), open.get());
        opened(context, &key.1, may_remove).map(|opened| (key, opened))
    };
    // A refused form whose dialog is closed by now: the reason is shown on the page.
    let is_closed = opened(context, &open.get_untracked(), may_remove).is_none();
    let form = if is_closed { Form::new("drift") } else { Form::button("drift") };
    let done = move || action.with(DriftAction::done).map(|text| view! { <Banner tone=Tone::Ok>{text}</Banner> });
    let failed = Memo::new(move |_| row.current.with(|drift| drift.report.as_ref().err().cloned()));
    let body = move || match failed.get() {
        None => view! {
            <DryRun context may_change/>
            <Objects context/>
            <Unmanaged context may_change/>
            <Orphans context may_remove/>
        }
        .into_any(),
        Some(problem) => {
            set_status(problem.status);
            view! { <div class="card"><Failure problem retry=move || context.refresh(form)/></div> }.into_any()
        }
    };
    view! {
        <Header context form/>
        {done}
        <ProblemBanner form/>
        {body}
        // Another dialog is another element: closing the one before does not close it.
        <For
            each=dialogs
            key=|(key, _)| key.clone()
            children=move |(_, opened)| match opened {
                Opened::Apply(report) => view! { <ApplyDialog context report/> }.into_any(),
                Opened::Adopt(trunk) => view! { <AdoptDialog context trunk/> }.into_any(),
                Opened::Remove(group) => view! { <RemoveDialog context group/> }.into_any(),
            }
        />
    }
    .into_any()
}

#[component]
fn Header(context: DriftContext, form: Form) -> impl IntoView {
    let name = Signal::derive(move || context.row.current.with(|drift| drift.carrier_name.clone()));
    let title = Signal::derive(move || format!("{} in LiveKit", name.get()));
    let observed_at = Memo::new(move |_| {
        context.row.current.with(|drift| drift.report.as_ref().ok().map(|report| report.observed_at))
    });
    let summary = move || {
        observed_at.get().map(|at| {
            view! { "Read from LiveKit at " <time datetime=at.rfc3339()>{at.readable()}</time> }
        })
    };
    let refresh = move |event: MouseEvent| {
        event.prevent_default();
        context.refresh(form);
    };
    let back = urls::carrier(&context.carrier_id());
    view! {
        <PageHeader
            title
            parent=(urls::CARRIERS, "Carriers")
            within=(back.clone(), name)
            crumb=Signal::stored("LiveKit".to_owned())
            summary=summary.into_any()
        >
            <a class="btn" href=back>"Back to Carrier"</a>
            <a class="btn" href=context.href(&[]) on:click=refresh>{icon(REFRESH)} "Refresh"</a>
        </PageHeader>
    }
    .into_any()
}

/// A dialog, with what it confirms: it keeps the report that it was opened with.
enum Opened {
    Apply(DriftView),
    Adopt(UnmanagedView),
    Remove(OrphanGroup),
}

/// The dialog that the address asks for, if the user has the role for it.
fn opened(context: DriftContext, action: &DriftAction, may_remove: bool) -> Option<Opened> {
    let report = context.report_untracked()?;
    match action {
        DriftAction::Apply => (!report.steps.is_empty()).then_some(Opened::Apply(report)),
        DriftAction::Adopt(choice) => {
            report.unmanaged.into_iter().find(|trunk| trunk.id == choice.trunk_id).map(Opened::Adopt)
        }
        DriftAction::Remove(carrier) if may_remove => {
            report.orphans.into_iter().find(|group| group.carrier_id.as_str() == carrier).map(Opened::Remove)
        }
        DriftAction::Remove(_) | DriftAction::None(_) => None,
    }
}

fn missing(deleted: bool) -> AnyView {
    let title = if deleted { "This carrier was deleted" } else { "There is no such carrier" };
    let text = if deleted { "Its trunks and rules are removed from LiveKit." } else { "It may have been deleted." };
    view! {
        <PageHeader title="Not Found" parent=(urls::CARRIERS, "Carriers")/>
        <div class="card">
            <EmptyState glyph=ROUTE title text>
                <a class="btn" href=urls::CARRIERS>"Back to Carriers"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
