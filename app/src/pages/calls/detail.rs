use api_types::{
    Problem,
    view::{CallDetail, ChangedNoun, TraceView},
};
use domain::{CallDirection, CallId, SipStatus, Timestamp};
use leptos::prelude::*;

use super::{
    badges::{CallDirectionBadge, OutcomeBadge, duration, number},
    history::History,
    trace::Trace,
};
use crate::{
    components::{
        layout::PageHeader,
        table::no_value,
        ui::{Banner, CopyField, EmptyState, KeyValueCard, PHONE, SEARCH, Tone, icon},
    },
    pages::row_page::{LiveRow, RowPage},
    server_fns::{call::get_call, edge_live::get_call_trace, read},
    urls,
};

/// One call: what is known of it, and what happened in order.
#[component]
pub fn CallPage() -> impl IntoView {
    view! {
        <RowPage
            noun=ChangedNoun::Call
            title="Call"
            parent=(urls::CALLS, "Calls")
            load=|id| Box::pin(load(id))
            page=detail
            missing
        />
    }
}

/// A call and, if it passed the SIP edge, its trace.
type TracedCall = (CallDetail, Option<TraceView>);

async fn load(id: String) -> Result<TracedCall, Problem> {
    let id: CallId =
        id.parse().map_err(|_| Problem::new(404, "not_found", "Not Found", "This is not the id of a call."))?;
    let detail = read(get_call(id.clone())).await?;
    // Without the trace the page shows all the rest.
    Ok((detail, read(get_call_trace(id)).await.ok().flatten()))
}

fn detail(row: LiveRow<TracedCall>) -> AnyView {
    let title = Signal::derive(move || {
        row.current.with(|(detail, _)| format!("{} to {}", number(&detail.call.from), number(&detail.call.to)))
    });
    let summary = move || {
        let (CallDetail { call, .. }, _) = row.current.get();
        view! {
            <span class="inline-flex flex-wrap gap-1.5">
                <CallDirectionBadge direction=call.direction/>
                <OutcomeBadge call/>
            </span>
        }
    };
    let failure = move || {
        let reason = row.current.with(|(detail, _)| detail.call.failure.clone())?;
        let title = row.current.with(|(detail, _)| format!("{}: why", detail.call.outcome.label()));
        let status = row.current.with(|(detail, _)| detail.call.sip_status).and_then(SipStatus::new);
        let remedy = status.and_then(SipStatus::remedy).map(|remedy| {
            view! {
                <p class="mt-1">
                    {remedy} " " <a class="link" href=urls::guide("troubleshooting")>"Troubleshooting"</a>
                </p>
            }
        });
        Some(view! { <Banner tone=Tone::Warn title=title>{reason} {remedy}</Banner> })
    };
    let why = move || row.current.with(|(detail, _)| why_link(detail));
    view! {
        <PageHeader title parent=(urls::CALLS, "Calls") crumb=title summary=summary.into_any()>{why}</PageHeader>
        {failure}
        <div class="call-cards">
            {move || row.current.with(|(detail, _)| facts(detail))}
            {move || row.current.with(|(detail, _)| livekit(detail))}
        </div>
        <History detail=Signal::derive(move || row.current.with(|(detail, _)| detail.clone()))/>
        {move || row.current.with(|(_, trace)| trace.clone()).map(|trace| view! { <Trace trace/> })}
    }
    .into_any()
}

/// The replay of LiveKit's matching, filled in; only inbound calls are matched.
fn why_link(detail: &CallDetail) -> Option<AnyView> {
    let call = &detail.call;
    if call.direction != CallDirection::Inbound {
        return None;
    }
    let href = urls::why(&call.from, &call.to);
    Some(view! { <a class="btn" href=href>{icon(SEARCH)} "Replay the Matching"</a> }.into_any())
}

fn facts(detail: &CallDetail) -> AnyView {
    let call = &detail.call;
    let carrier = call
        .carrier
        .as_ref()
        .map(|carrier| named(carrier.name.clone(), detail.carrier_exists.then(|| urls::carrier(&carrier.id))));
    let bot = call.bot.as_ref().map(|bot| named(bot.name.clone(), detail.bot_exists.then(|| urls::bot(&bot.id))));
    let lasted = call.duration_seconds.map(|seconds| duration(seconds).into_any());
    let rows = vec![
        ("From", code(number(&call.from))),
        ("To", code(number(&call.to))),
        ("Carrier", carrier.unwrap_or_else(no_value)),
        ("Bot", bot.unwrap_or_else(no_value)),
        ("Started", time(Some(call.created_at))),
        ("Ringing", time(call.ringing_at)),
        ("Answered", time(call.answered_at)),
        ("Ended", time(call.ended_at)),
        ("Duration", lasted.unwrap_or_else(no_value)),
    ];
    view! { <KeyValueCard title="Call" rows/> }.into_any()
}

fn livekit(detail: &CallDetail) -> AnyView {
    let id = |id: &Option<String>, what| match id.clone().filter(|id| !id.is_empty()) {
        Some(id) => view! { <CopyField value=id what/> }.into_any(),
        None => no_value(),
    };
    let status = detail.call.sip_status.map(|status| {
        format!("{status} {}", detail.sip_reason.clone().unwrap_or_default()).trim().to_owned().into_any()
    });
    let mut rows = vec![
        ("Room", id(&Some(detail.room_name.clone()), "room name")),
        ("LiveKit Call ID", id(&detail.livekit_call_id, "LiveKit call id")),
        ("SIP Call-ID", id(&detail.sip_call_id, "Call-ID")),
        ("Trunk", id(&detail.trunk_id, "trunk id")),
        ("Dispatch Rule", id(&detail.rule_id, "rule id")),
        ("SIP Status", status.unwrap_or_else(no_value)),
        ("Disconnect Reason", detail.disconnect_reason.clone().map_or_else(no_value, code)),
    ];
    if detail.fleet_url.is_some() {
        rows.push(("Fleet Server", id(&detail.fleet_url, "fleet server")));
        rows.push(("Fleet Call ID", id(&detail.fleet_call_id, "fleet call id")));
    }
    view! { <KeyValueCard title="LiveKit" rows/> }.into_any()
}

fn named(name: String, href: Option<String>) -> AnyView {
    match href {
        Some(href) => view! { <a class="link" href=href>{name}</a> }.into_any(),
        None => view! { <span>{name} <span class="text-ink-2">" (deleted)"</span></span> }.into_any(),
    }
}

fn code(text: String) -> AnyView {
    view! { <code class="font-mono text-[12.5px] wrap-anywhere">{text}</code> }.into_any()
}

fn time(at: Option<Timestamp>) -> AnyView {
    match at {
        Some(at) => view! { <time class="num" datetime=at.rfc3339() title=at.rfc3339()>{at.readable_seconds()}</time> }
            .into_any(),
        None => no_value(),
    }
}

fn missing(deleted: bool) -> AnyView {
    let title = if deleted { "This call was deleted" } else { "There is no such call" };
    view! {
        <PageHeader title="Not Found" parent=(urls::CALLS, "Calls")/>
        <div class="card">
            <EmptyState glyph=PHONE title text="Calls are deleted when their retention is over.">
                <a class="btn" href=urls::CALLS>"Back to Calls"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
