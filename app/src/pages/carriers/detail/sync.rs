use domain::{Problem, SyncStatus, Timestamp, view::CarrierView};
use leptos::{ev::SubmitEvent, prelude::*};

use super::state::{Detail, use_detail};
use crate::{
    api::{self, http::row},
    clock::use_clock,
    components::{
        form::Form,
        ui::{Banner, CHECK, CopyButton, LOADER, REFRESH, RelativeTime, Tone, icon, relative, use_toasts},
    },
    session::use_session,
    urls,
};

/// Longer refusals are folded: the first part says what matters.
const SHOWN_OF_ERROR: usize = 240;

/// A button that syncs now and waits for it. Without JavaScript it posts.
#[component]
pub fn SyncForm(label: &'static str, class: &'static str) -> impl IntoView {
    let detail = use_detail();
    let toasts = use_toasts();
    let form = Form::button("sync");
    let sync = move |event: SubmitEvent| {
        event.prevent_default();
        form.send(api::carrier::sync(detail.id.get_value()), move |carrier| {
            match carrier.lk_sync_status {
                SyncStatus::Synced => toasts.say("Synced with LiveKit."),
                SyncStatus::Pending => toasts.warn("The sync is still on its way."),
                SyncStatus::Error => toasts.warn("The sync failed."),
            }
            detail.show(carrier);
        });
    };
    Effect::new(move |_| {
        if let Some(problem) = form.problem.get() {
            toasts.warn(failure(detail, problem));
        }
    });
    view! {
        <form method="post" action=detail.action("sync") class="contents" on:submit=sync>
            <button type="submit" class=class aria-disabled=move || form.busy.get().then_some("true")>
                {move || if form.busy.get() { icon(LOADER) } else { icon(REFRESH) }}
                {move || if form.busy.get() { "Syncing…" } else { label }}
            </button>
        </form>
    }
    .into_any()
}

/// The banner shows what LiveKit refused; the message only says that it did.
fn failure(detail: Detail, problem: Problem) -> String {
    match problem.current.as_ref().and_then(row::<CarrierView>) {
        Some(carrier) => {
            detail.show(carrier);
            "The sync failed.".to_owned()
        }
        None => problem.detail,
    }
}

/// How far LiveKit has followed, what it refused, and when the next try is.
#[component]
pub fn SyncBanner() -> impl IntoView {
    let detail = use_detail();
    let state = Memo::new(move |_| {
        detail.carrier.with(|carrier| (carrier.lk_sync_status, carrier.lk_sync_error.clone(), carrier.lk_next_sync_at))
    });
    let may_change = use_session().may_change();
    let status = move || match state.get().0 {
        SyncStatus::Pending => "LiveKit sync: pending",
        SyncStatus::Synced => "LiveKit sync: synced",
        SyncStatus::Error => "LiveKit sync: failed",
    };
    let again =
        move || may_change.then(|| view! { <div class="banner-action"><SyncForm label="Sync now" class="btn"/></div> });
    view! {
        // Told once per change; the texts below tick along with the clock, which nobody wants read out.
        <p class="sr-only" role="status">{status}</p>
        {move || match state.get() {
            (SyncStatus::Synced, ..) => view! { <InStep/> }.into_any(),
            (SyncStatus::Pending, error, next) => {
                view! {
                    <div class="banner-row">
                        <Banner tone=Tone::Warn title="Changes are on their way to LiveKit">
                            {error.map(|error| view! { <ErrorText error/> " " })}
                            <NextTry next/>
                            " "
                            <CompareLink/>
                        </Banner>
                        {again()}
                    </div>
                }
                .into_any()
            }
            (SyncStatus::Error, error, next) => {
                view! {
                    <div class="banner-row">
                        <Banner tone=Tone::Error title="LiveKit did not take the last change">
                            <ErrorText error=error.unwrap_or_else(|| "It gave no reason.".to_owned())/>
                            " "
                            <NextTry next/>
                            " "
                            <CompareLink/>
                        </Banner>
                        {again()}
                    </div>
                }
                .into_any()
            }
        }}
    }
    .into_any()
}

#[component]
fn CompareLink() -> impl IntoView {
    let href = urls::carrier_livekit(&use_detail().id.get_value());
    view! { <a class="link" href=href>"Compare with LiveKit"</a> }.into_any()
}

#[component]
fn ErrorText(error: String) -> impl IntoView {
    let cut = error.char_indices().nth(SHOWN_OF_ERROR).map(|(at, _)| at);
    match cut {
        None => view! { <span class="break-words" title=error.clone()>{error.clone()}</span> }.into_any(),
        Some(at) => view! {
            <span class="break-words" title=error.clone()>{format!("{}…", &error[..at])}</span>
            <details class="mt-1">
                <summary class="link cursor-pointer">"Show the whole message"</summary>
                <p class="mt-1 break-words whitespace-pre-wrap">{error.clone()}</p>
            </details>
        }
        .into_any(),
    }
}

#[component]
fn NextTry(next: Option<Timestamp>) -> impl IntoView {
    let clock = use_clock();
    next.map(|next| {
        let text = move || {
            let now = clock.now();
            if next <= now { "The next try is due.".to_owned() } else { format!("Next try {}.", relative(next, now)) }
        };
        view! { <time datetime=next.rfc3339() title=next.readable()>{text}</time> }
    })
}

/// The quiet line when all is well, with the ids that one looks for in LiveKit.
#[component]
fn InStep() -> impl IntoView {
    let detail = use_detail();
    let facts = Memo::new(move |_| {
        detail.carrier.with(|carrier| {
            (carrier.lk_last_synced_at, carrier.lk_inbound_trunk_id.clone(), carrier.lk_outbound_trunk_id.clone())
        })
    });
    move || {
        let (at, inbound, outbound) = facts.get();
        view! {
            <div class="in-step">
                <span class="text-ok inline-flex items-center gap-1.5 font-medium">{icon(CHECK)} "In step with LiveKit"</span>
                {at.map(|at| view! { <span class="num">"Last synced " <RelativeTime at/></span> })}
                {inbound.map(|id| view! { <TrunkId label="Inbound trunk" what="inbound trunk's id" id/> })}
                {outbound.map(|id| view! { <TrunkId label="Outbound trunk" what="outbound trunk's id" id/> })}
                <CompareLink/>
            </div>
        }
    }
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
