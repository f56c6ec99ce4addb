use domain::{SyncStatus, Timestamp};
use leptos::prelude::*;

use super::context::CarrierContext;
use crate::{
    clock::use_clock,
    components::ui::{Banner, CHECK, CopyButton, REFRESH, RelativeTime, Tone, icon, next_try},
    session::use_session,
    urls,
};

/// Longer errors are folded after this many characters.
const ERROR_LIMIT: usize = 240;

/// A button that syncs now and waits for the result.
pub fn sync_form(context: &CarrierContext, id: &'static str, label: &'static str) -> AnyView {
    view! {
        <form method="post" action=context.href(&[]) class="contents" data-done="{announcement}.">
            <button type="submit" class="btn" id=id data-busy="Syncing…">{icon(REFRESH)} {label}</button>
        </form>
    }
    .into_any()
}

/// The sync status, the error and the time of the next attempt.
pub fn sync_banner(context: &CarrierContext) -> AnyView {
    let carrier = &context.carrier;
    let (error, next) = (carrier.lk_sync_error.clone(), carrier.lk_next_sync_at);
    let again = use_session()
        .may_change()
        .then(|| view! { <div class="banner-action">{sync_form(context, "sync-now", "Sync now")}</div> });
    let compare = compare_link(context);
    let (announcement, banner) = match carrier.lk_sync_status {
        SyncStatus::Synced => ("LiveKit sync: synced", in_sync(context)),
        SyncStatus::Pending => {
            let banner = view! {
                <div class="banner-row">
                    <Banner tone=Tone::Warn title="Changes are on their way to LiveKit">
                        {error.map(|error| view! { <ErrorText error/> " " })}
                        {next.map(next_time)}
                        " "
                        {compare}
                    </Banner>
                    {again}
                </div>
            };
            ("LiveKit sync: pending", banner.into_any())
        }
        SyncStatus::Error => {
            let banner = view! {
                <div class="banner-row">
                    <Banner tone=Tone::Error title="LiveKit did not take the last change">
                        <ErrorText error=error.unwrap_or_else(|| "It gave no reason.".to_owned())/>
                        " "
                        {next.map(next_time)}
                        " "
                        {compare}
                    </Banner>
                    {again}
                </div>
            };
            ("LiveKit sync: failed", banner.into_any())
        }
    };
    view! {
        // Announced when it changes. The texts below change with the clock and are not announced.
        <p class="sr-only" data-announcement=announcement>{announcement}</p>
        {banner}
    }
    .into_any()
}

fn compare_link(context: &CarrierContext) -> AnyView {
    view! { <a class="link" href=urls::carrier_drift(&context.carrier.id)>"Compare with LiveKit"</a> }.into_any()
}

#[component]
fn ErrorText(error: String) -> impl IntoView {
    let cut = error.char_indices().nth(ERROR_LIMIT).map(|(at, _)| at);
    match cut {
        None => view! { <span class="break-words" title=error.clone()>{error.clone()}</span> }.into_any(),
        Some(at) => view! {
            <span class="break-words" title=error.clone()>{format!("{}…", &error[..at])}</span>
            <details class="mt-1" id="sync-error">
                <summary class="link cursor-pointer">"Show the whole message"</summary>
                <p class="mt-1 break-words whitespace-pre-wrap">{error.clone()}</p>
            </details>
        }
        .into_any(),
    }
}

fn next_time(next: Timestamp) -> AnyView {
    let text = next_try(next, use_clock().now());
    view! { <time datetime=next.rfc3339() title=next.readable() data-at=next.millis() data-next="">{text}</time> }
        .into_any()
}

/// The synced state, with the trunk ids to search for in LiveKit.
fn in_sync(context: &CarrierContext) -> AnyView {
    let carrier = &context.carrier;
    let (inbound, outbound) = (carrier.lk_inbound_trunk_id.clone(), carrier.lk_outbound_trunk_id.clone());
    view! {
        <div class="sync-line">
            <span class="text-ok inline-flex items-center gap-1.5 font-medium">{icon(CHECK)} "In sync with LiveKit"</span>
            {carrier.lk_last_synced_at.map(|at| view! { <span class="num">"Last synced " <RelativeTime at/></span> })}
            {inbound.map(|id| view! { <TrunkId label="Inbound trunk" what="inbound trunk's id" id/> })}
            {outbound.map(|id| view! { <TrunkId label="Outbound trunk" what="outbound trunk's id" id/> })}
            {compare_link(context)}
        </div>
    }
    .into_any()
}

#[component]
fn TrunkId(label: &'static str, what: &'static str, id: String) -> impl IntoView {
    view! {
        <span class="inline-flex items-center gap-1">
            {label} " "
            <code class="font-mono text-[12.5px] text-ink">{id.clone()}</code>
            <CopyButton text=id what/>
        </span>
    }
    .into_any()
}
