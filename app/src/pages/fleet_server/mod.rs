//! The fleet: health and load of its servers, their workers, and the settings of each.

mod card;
mod dialogs;
mod form;
mod tiles;

use api_types::view::{ChangedNoun, FleetOverview};
use leptos::{prelude::*, task::spawn_local};

use self::{card::ServerCard, dialogs::Dialogs, tiles::Tiles};
use crate::{
    components::{
        layout::PageHeader,
        ui::{EmptyState, Failure, LIST, PLUS, SERVER, Skeleton, icon},
    },
    live::on_any_change,
    server_fns::{fleet_server::get_fleet, read},
    status::set_status,
    urls,
};

const TITLE: &str = "Fleet";

#[component]
pub fn FleetPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| read(get_fleet()));
    let content = move || {
        Suspend::new(async move {
            match overview.await {
                Ok(overview) => view! { <Fleet overview/> }.into_any(),
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
            <div class="card"><Skeleton rows=4/></div>
        }
    };
    view! { <Transition fallback>{content}</Transition> }
}

/// The fleet as it was loaded last.
#[derive(Clone, Copy)]
pub struct LiveFleet(RwSignal<FleetOverview>);

impl LiveFleet {
    fn refresh(self) {
        spawn_local(async move {
            if let Ok(newest) = read(get_fleet()).await
                && self.0.try_with_untracked(|fleet| *fleet != newest) == Some(true)
            {
                self.0.set(newest);
            }
        });
    }
}

/// Follows live changes. A form that is being filled in stays as it is.
#[component]
fn Fleet(overview: FleetOverview) -> impl IntoView {
    let fleet = LiveFleet(RwSignal::new(overview));
    on_any_change(&[ChangedNoun::Fleet], move || fleet.refresh());
    let summary = move || {
        fleet.0.with(|fleet| match fleet.settings.core_fleet.len() {
            0 => "No server yet.".to_owned(),
            1 => "1 server, polled every few seconds.".to_owned(),
            count => format!("{count} servers, polled every few seconds."),
        })
    };
    let content = move || fleet.0.with(body);
    view! {
        <PageHeader title=TITLE summary=summary.into_any()>
            <a class="btn-quiet" href=urls::audit_of_kind("fleet_server")>{icon(LIST)} "History"</a>
            <a class="btn-primary" href=urls::fleet_dialog("server", "new") data-noscroll="">{icon(PLUS)} "Add Server"</a>
        </PageHeader>
        {content}
        <Dialogs fleet/>
    }
    .into_any()
}

fn body(fleet: &FleetOverview) -> AnyView {
    let servers = &fleet.settings.core_fleet;
    if servers.is_empty() {
        let text = "Fleet servers run the workers of bots that are not LiveKit agents, and place outbound calls.";
        return view! {
            <div class="card">
                <EmptyState glyph=SERVER title="The fleet has no server" text>
                    <a class="btn-primary" href=urls::fleet_dialog("server", "new") data-noscroll="">"Add Server"</a>
                </EmptyState>
            </div>
        }
        .into_any();
    }
    let status_of = |url: &str| fleet.status.workers.iter().find(|worker| worker.url == url).cloned();
    let cards = servers.iter().map(|server| {
        let status = status_of(&server.url);
        view! { <ServerCard server=server.clone() status/> }
    });
    view! {
        <Tiles status=fleet.status.clone()/>
        <div class="fleet-servers">{cards.collect_view()}</div>
    }
    .into_any()
}
