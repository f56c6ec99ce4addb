//! All integrations: a card for each, with its state, its test and its credentials.

mod card;
mod dialogs;
mod form;

use api_types::view::{ChangedNoun, IntegrationOverview, IntegrationSummary};
use leptos::{prelude::*, task::spawn_local};

use self::{card::IntegrationCard, dialogs::Dialogs};
use crate::{
    components::{
        layout::PageHeader,
        ui::{Failure, LIST, Skeleton, icon},
    },
    live::on_any_change,
    server_fns::{integration::get_integrations, read},
    status::set_status,
    urls,
};

const TITLE: &str = "Integrations";

#[component]
pub fn IntegrationsPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| read(get_integrations()));
    let content = move || {
        Suspend::new(async move {
            match overview.await {
                Ok(overview) => view! { <Integrations overview/> }.into_any(),
                Err(problem) => {
                    set_status(problem.status);
                    view! {
                        <PageHeader title=TITLE/>
                        <div class="card"><Failure problem retry=move || overview.refetch()/></div>
                    }
                    .into_any()
                }
            }
        })
    };
    let fallback = || {
        view! {
            <PageHeader title=TITLE/>
            <div class="card"><Skeleton rows=6/></div>
        }
    };
    view! { <Transition fallback>{content}</Transition> }
}

/// The integrations as they were loaded last.
#[derive(Clone, Copy)]
pub struct LiveIntegrations(RwSignal<IntegrationOverview>);

impl LiveIntegrations {
    fn refresh(self) {
        spawn_local(async move {
            if let Ok(newest) = read(get_integrations()).await
                && self.0.try_with_untracked(|overview| *overview != newest) == Some(true)
            {
                self.0.set(newest);
            }
        });
    }
}

/// Follows live changes. A form that is being filled in stays as it is.
#[component]
fn Integrations(overview: IntegrationOverview) -> impl IntoView {
    let integrations = LiveIntegrations(RwSignal::new(overview));
    on_any_change(&[ChangedNoun::Integration, ChangedNoun::LiveKit], move || integrations.refresh());
    // The list is the same four always. A card stays when its content changes: its button may be focused, or busy.
    let cards = integrations.0.with_untracked(|overview| overview.items.clone()).into_iter().map(|item| {
        let provider = item.provider.clone();
        let summary = Memo::new(move |_| {
            let is_it = |known: &&IntegrationSummary| known.provider == item.provider;
            integrations.0.with(|overview| overview.items.iter().find(is_it).cloned()).unwrap_or_else(|| item.clone())
        });
        view! { <IntegrationCard provider summary integrations/> }
    });
    let summary = "LiveKit, and the providers whose APIs Trunkline uses.";
    view! {
        <PageHeader title=TITLE summary=summary.into_any()>
            <a class="btn-quiet" href=urls::audit_of_kind("integration")>{icon(LIST)} "History"</a>
        </PageHeader>
        <div class="integration-cards">{cards.collect_view()}</div>
        <Dialogs integrations/>
    }
    .into_any()
}
