use std::time::Duration;

use api_types::view::{CacView, ChannelCounterView, OpenCallView, WindowCounterView};
use domain::Action;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{frame::live_tabs, reset_dialog::ResetDialog, wording::choice_label};
use crate::{
    components::{
        layout::PageHeader,
        ui::{EmptyState, Failure, Meter, PHONE, RelativeTime, StatTile},
    },
    server_fns::{edge_live::get_live, read},
    session::use_session,
    status::set_status,
    urls,
};

/// How often the page reads the counters.
const INTERVAL: Duration = Duration::from_secs(2);

/// Open calls at the edge, and how much of each limit they use.
#[component]
pub fn EdgeLivePage() -> impl IntoView {
    let live = Resource::new(|| (), |()| read(get_live()));
    Effect::new(move |_| {
        if let Ok(timer) = set_interval_with_handle(move || live.refetch(), INTERVAL) {
            on_cleanup(move || timer.clear());
        }
    });
    let may_reset = use_session().may(Action::ManageEdgeSecurity);
    let params = use_query_map();
    let resetting = Memo::new(move |_| may_reset && params.with(|params| params.get_str("reset").is_some()));
    let content = move || {
        Suspend::new(async move {
            match live.await {
                Ok(view) => counters(view),
                Err(problem) => {
                    set_status(problem.status);
                    view! { <div class="card"><Failure problem retry=move || live.refetch()/></div> }.into_any()
                }
            }
        })
    };
    let reset = may_reset.then(|| {
        let href = format!("{}?reset=1", urls::EDGE);
        view! { <a class="btn" href=href data-noscroll="">"Reset Counters"</a> }
    });
    view! {
        <PageHeader title="Live Calls" summary="Calls that the SIP edge has admitted and that have not ended.".into_any()>
            {reset}
        </PageHeader>
        {live_tabs("live")}
        <Transition fallback=|| ()>{content}</Transition>
        {move || resetting.get().then(|| view! { <ResetDialog/> })}
    }
}

fn counters(view: CacView) -> AnyView {
    let CacView { channels, windows, calls, .. } = view;
    let count = |direction: &str| calls.iter().filter(|call| call.direction.as_str() == direction).count().to_string();
    let limited: Vec<_> = channels.into_iter().filter(|counter| counter.max.is_some()).collect();
    let meters = limited.into_iter().map(channel).chain(windows.into_iter().map(window)).collect_view();
    let rows = if calls.is_empty() {
        view! {
            <EmptyState glyph=PHONE title="No calls now" text="Calls appear here as soon as POST /route has admitted them."/>
        }
        .into_any()
    } else {
        view! { <ul>{calls.iter().cloned().map(call).collect_view()}</ul> }.into_any()
    };
    view! {
        <div class="stat-tiles">
            <StatTile label="Open Calls" value=calls.len().to_string()/>
            <StatTile label="Inbound" value=count("inbound")/>
            <StatTile label="Outbound" value=count("outbound")/>
            <StatTile label="Internal" value=count("internal")/>
        </div>
        <div class="edge-meters">{meters}</div>
        <section class="card key-values mt-4" aria-label="Open calls">
            <header class="key-values-head"><h2 class="text-[14px] font-medium">"Open Calls"</h2></header>
            {rows}
        </section>
    }
    .into_any()
}

fn channel(counter: ChannelCounterView) -> AnyView {
    let label = match counter.dimension.as_str() {
        "account_in" => "Inbound channels".to_owned(),
        "account_out" => "Outbound channels".to_owned(),
        "account_dialer" => "Dialout channels".to_owned(),
        other => format!("Channels of {}", other.split_once(':').map_or(other, |(_, id)| id)),
    };
    view! { <Meter label value=f64::from(counter.in_use) limit=f64::from(counter.max.unwrap_or(0))/> }.into_any()
}

fn window(counter: WindowCounterView) -> AnyView {
    let subject = if counter.subject.is_empty() { String::new() } else { format!(" of {}", counter.subject) };
    let label = format!("Calls in {} s{subject}", counter.period_sec);
    let count = u32::try_from(counter.count).unwrap_or(u32::MAX);
    view! { <Meter label value=f64::from(count) limit=f64::from(counter.max_count)/> }.into_any()
}

fn call(call: OpenCallView) -> AnyView {
    let from = if call.from.is_empty() { "Anonymous".to_owned() } else { call.from };
    view! {
        <li class="call-event">
            <span class="call-event-time"><RelativeTime at=call.admitted_at/></span>
            <div class="min-w-0">
                <p class="font-medium num">{format!("{from} to {}", call.to)}</p>
                <p class="call-event-detail">
                    {format!("{}, Call-ID ", choice_label(call.direction.as_str()))}
                    <code class="wrap-anywhere">{call.call_id}</code>
                </p>
            </div>
        </li>
    }
    .into_any()
}
