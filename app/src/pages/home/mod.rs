//! The start page: what needs attention, and the checklist of a new installation.

mod checklist;
mod groups;

use api_types::view::{ChangedNoun, LiveKitState, Overview};
use leptos::prelude::*;

use self::{checklist::Checklist, groups::Group};
use crate::{
    components::{
        layout::PageHeader,
        ui::{Banner, CHECK, EmptyState, Failure, Skeleton, Tone, counted},
    },
    live::on_any_change,
    server_fns::{overview::get_overview, read},
    status::set_status,
};

/// Every change may change the counts, except those of sessions.
const NOUNS: &[ChangedNoun] = &[ChangedNoun::Carrier, ChangedNoun::Bot, ChangedNoun::LiveKit, ChangedNoun::Integration];

#[component]
pub fn HomePage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| read(get_overview()));
    on_any_change(NOUNS, move || overview.refetch());
    let summary = move || Suspend::new(async move { overview.await.ok().map(|overview| totals(&overview) + ".") });
    let contents = move || {
        Suspend::new(async move {
            match overview.await {
                Ok(overview) => view! { <Contents overview/> }.into_any(),
                Err(problem) => {
                    set_status(problem.status);
                    view! { <div class="card"><Failure problem retry=move || overview.refetch()/></div> }.into_any()
                }
            }
        })
    };
    let summary = view! { <Transition fallback=|| "\u{a0}">{summary}</Transition> };
    view! {
        <PageHeader title="Home" summary=summary.into_any()/>
        <Transition fallback=|| view! { <div class="card"><Skeleton rows=6/></div> }>{contents}</Transition>
    }
}

/// "7 carriers, 217 numbers, 3 bots"
fn totals(overview: &Overview) -> String {
    [
        counted(overview.carrier_total, "carrier", "carriers"),
        counted(overview.number_total, "number", "numbers"),
        counted(overview.bot_total, "bot", "bots"),
    ]
    .join(", ")
}

#[component]
fn Contents(overview: Overview) -> impl IntoView {
    let set_up = overview.is_set_up();
    let failing = match &overview.livekit {
        LiveKitState::Failing { error } if set_up => Some(error.clone()),
        _ => None,
    };
    let all_good = set_up && failing.is_none() && overview.attention_total() == 0;
    let totals = totals(&overview);
    let groups = overview.attention.iter().filter(|group| group.total > 0).cloned();
    let groups = groups.map(|group| view! { <Group group/> }).collect_view();
    let banner = failing.map(|error| {
        view! {
            <Banner tone=Tone::Error title="LiveKit is not reachable">
                <span class="wrap-anywhere">{error}</span>
                " Changes are saved and synced once it answers. "
                <code class="font-mono text-[12.5px]">"trunkline doctor"</code>
                " on the server shows details."
            </Banner>
        }
    });
    let all_good_card = all_good.then(|| {
        view! {
            <div class="card">
                <EmptyState glyph=CHECK title="Nothing Needs Attention" text=format!("{totals}: all in order.")/>
            </div>
        }
    });
    let checklist = (!set_up).then(|| view! { <Checklist overview=overview.clone()/> });
    view! {
        {banner}
        <div class="home">
            {checklist}
            {groups}
            {all_good_card}
        </div>
    }
    .into_any()
}
