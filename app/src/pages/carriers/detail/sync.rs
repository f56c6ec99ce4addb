use domain::{SyncStatus, Timestamp};
use leptos::prelude::*;

use super::view::Seen;
use crate::{
    clock::use_clock,
    components::ui::{Banner, CHECK, CopyButton, REFRESH, RelativeTime, Tone, icon, next_try},
    session::use_session,
    urls,
};

/// Longer refusals are folded: the first part says what matters.
const SHOWN_OF_ERROR: usize = 240;

/// A button that syncs now and waits for it.
pub fn sync_form(seen: &Seen, id: &'static str, label: &'static str) -> AnyView {
    view! {
        <form method="post" action=seen.action("sync") class="contents" data-done="{said}.">
            <button type="submit" class="btn" id=id data-busy="Syncing…">{icon(REFRESH)} {label}</button>
        </form>
    }
    .into_any()
}

/// How far LiveKit has followed, what it refused, and when the next try is.
pub fn sync_banner(seen: &Seen) -> AnyView {
    let carrier = &seen.carrier;
    let (error, next) = (carrier.lk_sync_error.clone(), carrier.lk_next_sync_at);
    let again = use_session()
        .may_change()
        .then(|| view! { <div class="banner-action">{sync_form(seen, "sync-now", "Sync now")}</div> });
    let compare = compare_link(seen);
    let (said, banner) = match carrier.lk_sync_status {
        SyncStatus::Synced => ("LiveKit sync: synced", in_sync(seen)),
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
        // Said aloud when it changes; the texts below tick along with the clock, which nobody wants read out.
        <p class="sr-only" data-said=said>{said}</p>
        {banner}
    }
    .into_any()
}

fn compare_link(seen: &Seen) -> AnyView {
    view! { <a class="link" href=urls::carrier_drift(&seen.carrier.id)>"Compare with LiveKit"</a> }.into_any()
}

#[component]
fn ErrorText(error: String) -> impl IntoView {
    let cut = error.char_indices().nth(SHOWN_OF_ERROR).map(|(at, _)| at);
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

/// The quiet line when all is well, with the ids that one looks for in LiveKit.
fn in_sync(seen: &Seen) -> AnyView {
    let carrier = &seen.carrier;
    let (inbound, outbound) = (carrier.lk_inbound_trunk_id.clone(), carrier.lk_outbound_trunk_id.clone());
    view! {
        <div class="in-step">
            <span class="text-ok inline-flex items-center gap-1.5 font-medium">{icon(CHECK)} "In step with LiveKit"</span>
            {carrier.lk_last_synced_at.map(|at| view! { <span class="num">"Last synced " <RelativeTime at/></span> })}
            {inbound.map(|id| view! { <TrunkId label="Inbound trunk" what="inbound trunk's id" id/> })}
            {outbound.map(|id| view! { <TrunkId label="Outbound trunk" what="outbound trunk's id" id/> })}
            {compare_link(seen)}
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
