//! The start page: what needs attention, and the checklist of a new installation.

mod checklist;
mod groups;

use api_types::view::{LiveKitState, Overview};
use leptos::prelude::*;

use self::{checklist::Checklist, groups::Group};
use crate::{
    api,
    components::{
        layout::PageHeader,
        ui::{Banner, CHECK, EmptyState, Failure, Tone, counted},
    },
    status::set_status,
};

#[component]
pub fn HomePage() -> impl IntoView {
    let page = async {
        match api::overview::get().await {
            Ok(overview) => view! {
                <PageHeader title="Home" summary=(totals(&overview) + ".").into_any()/>
                <Contents overview/>
            }
            .into_any(),
            Err(problem) => {
                set_status(problem.status);
                view! {
                    <PageHeader title="Home"/>
                    <div class="card"><Failure problem retry=|| ()/></div>
                }
                .into_any()
            }
        }
    };
    view! { <Suspense>{Suspend::new(page)}</Suspense> }
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
            <Banner tone=Tone::Error title="LiveKit cannot be reached">
                <span class="wrap-anywhere">{error}</span>
                " Changes are kept, and follow once it answers. "
                <code class="font-mono text-[12.5px]">"trunkline doctor"</code>
                " on the server says more."
            </Banner>
        }
    });
    let all_good_card = all_good.then(|| {
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
            {all_good_card}
        </div>
    }
    .into_any()
}
