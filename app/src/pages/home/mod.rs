//! Where one arrives: what needs attention, and what a new installation still lacks.

mod checklist;
mod groups;

use std::time::Duration;

use domain::view::{ChangedNoun, LiveKitState, Overview};
use leptos::prelude::*;

use self::{checklist::Checklist, groups::Group};
use crate::{
    api,
    components::{
        layout::PageHeader,
        ui::{Banner, CHECK, EmptyState, Failure, Skeleton, Tone, counted},
    },
    live::on_changes,
    pages::answer_status,
};

/// Many carriers sync at once; the page asks for all of it together.
const GATHER: Duration = Duration::from_secs(1);

#[component]
pub fn HomePage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| api::overview::get());
    on_changes(GATHER, |change| change.noun != ChangedNoun::Session, move || overview.refetch());
    let summary = view! {
        <Transition fallback=|| "\u{a0}">
            {move || Suspend::new(async move { overview.await.ok().map(|overview| totals(&overview) + ".") })}
        </Transition>
    };
    view! {
        <PageHeader title="Home" summary=summary.into_any()/>
        <Transition fallback=|| view! { <div class="card"><Skeleton rows=6/></div> }>
            {move || Suspend::new(async move {
                match overview.await {
                    Ok(overview) => view! { <Contents overview/> }.into_any(),
                    Err(problem) => {
                        answer_status(problem.status);
                        view! { <div class="card"><Failure problem retry=move || overview.refetch()/></div> }.into_any()
                    }
                }
            })}
        </Transition>
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
    let well = set_up && failing.is_none() && overview.attention_total() == 0;
    let totals = totals(&overview);
    let groups = overview.attention.iter().filter(|group| group.total > 0).cloned();
    let groups = groups.map(|group| view! { <Group group/> }).collect_view();
    let banner = failing.map(|error| {
        view! {
            <Banner tone=Tone::Error title="LiveKit cannot be reached">
                <span class="wrap-anywhere">{error}</span>
                " Changes are kept, and follow once it answers. "
                <code class="font-mono text-[12.5px]">"trunkline doctor"</code>
                " on the server says more."
            </Banner>
        }
    });
    let all_well = well.then(|| {
        view! {
            <div class="card">
                <EmptyState glyph=CHECK title="All is well" text=format!("Nothing needs attention among {totals}.")/>
            </div>
        }
    });
    let checklist = (!set_up).then(|| view! { <Checklist overview=overview.clone()/> });
    view! {
        {banner}
        <div class="home">
            {checklist}
            {groups}
            {all_well}
        </div>
    }
    .into_any()
}
