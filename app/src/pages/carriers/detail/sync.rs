use domain::{SyncStatus, Timestamp};
use leptos::{ev::SubmitEvent, prelude::*};

use super::context::use_carrier;
use crate::{
    clock::use_clock,
    components::{
        carrier::lacks_trunks,
        form::{Form, SubmitButton},
        ui::{Banner, CopyField, RelativeTime, Tone, next_try, use_toasts},
    },
    server_fns::carrier::sync_carrier,
    urls,
};

/// Longer errors are folded after this many characters.
const ERROR_LIMIT: usize = 240;

/// What the banner shows.
#[derive(Clone, Debug, PartialEq)]
struct Sync {
    status: SyncStatus,
    error: Option<String>,
    next_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
    inbound_trunk: Option<String>,
    outbound_trunk: Option<String>,
    lacks_trunks: bool,
    has_dids: bool,
}

/// Syncs now and waits for the result.
#[component]
pub fn SyncButton() -> impl IntoView {
    let context = use_carrier();
    let toasts = use_toasts();
    let form = Form::button("sync");
    let sync = move |event: SubmitEvent| {
        event.prevent_default();
        form.send(sync_carrier(context.id.get_value()), move |carrier| {
            match carrier.lk_sync_status {
                SyncStatus::Synced if lacks_trunks(&carrier) => toasts.success("Sync finished. LiveKit has no trunks."),
                SyncStatus::Synced => toasts.success("Synced to LiveKit."),
                SyncStatus::Pending => toasts.error("Sync pending: it is retried automatically."),
                SyncStatus::Error => toasts.error("Sync failed."),
            }
            context.show(carrier);
        });
    };
    Effect::new(move |_| {
        if let Some(problem) = form.problem.get() {
            toasts.error(problem.in_full());
        }
    });
    view! {
        <form method="post" action=move || context.href(&[]) class="contents" on:submit=sync>
            <SubmitButton label="Sync to LiveKit" busy_label="Syncing…" busy=form.busy class="btn"/>
        </form>
    }
    .into_any()
}

/// The sync status, its error and the time of the next attempt.
#[component]
pub fn SyncBanner() -> impl IntoView {
    let context = use_carrier();
    let sync = Memo::new(move |_| {
        context.row.current.with(|row| {
            let carrier = &row.carrier;
            Sync {
                status: carrier.lk_sync_status,
                error: carrier.lk_sync_error.clone(),
                next_at: carrier.lk_next_sync_at,
                last_at: carrier.lk_last_synced_at,
                inbound_trunk: carrier.lk_inbound_trunk_id.clone(),
                outbound_trunk: carrier.lk_outbound_trunk_id.clone(),
                lacks_trunks: lacks_trunks(carrier),
                has_dids: carrier.did_count > 0,
            }
        })
    });
    let title = Memo::new(move |_| sync.with(title));
    view! {
        // Announced when it changes. The texts below change with the clock and are not announced.
        <p class="sr-only" role="status">{move || format!("LiveKit: {}.", title.get())}</p>
        {move || sync.get().view()}
    }
    .into_any()
}

fn title(sync: &Sync) -> &'static str {
    match sync.status {
        SyncStatus::Synced if sync.lacks_trunks && !sync.has_dids => "No trunks yet: add a phone number",
        SyncStatus::Synced if sync.lacks_trunks => "No trunks: no phone number has calls to receive or to place",
        SyncStatus::Synced => "Synced",
        SyncStatus::Pending => "Sync pending",
        SyncStatus::Error => "Sync failed",
    }
}

impl Sync {
    fn view(self) -> AnyView {
        let (tone, heading) = (self.tone(), title(&self));
        let compare = urls::carrier_drift(&use_carrier().id.get_value());
        let text = match self.status {
            SyncStatus::Synced if self.lacks_trunks => explanation(self.has_dids),
            SyncStatus::Synced => view! { <Trunks sync=self.clone()/> }.into_any(),
            SyncStatus::Pending => self.error.clone().map(|error| view! { <ErrorText error/> " " }).into_any(),
            SyncStatus::Error => {
                let error = self.error.clone().unwrap_or_else(|| "LiveKit gave no reason.".to_owned());
                view! { <ErrorText error/> " " }.into_any()
            }
        };
        view! {
            <div class="sync-banner" title=self.error>
                <Banner tone title=heading>
                    {text}
                    {self.next_at.map(|at| view! { <NextTry at/> " " })}
                    <a class="link" href=compare>"Compare with LiveKit"</a>
                </Banner>
            </div>
        }
        .into_any()
    }

    fn tone(&self) -> Tone {
        match self.status {
            SyncStatus::Synced if self.lacks_trunks => Tone::Info,
            SyncStatus::Synced => Tone::Ok,
            SyncStatus::Pending => Tone::Warn,
            SyncStatus::Error => Tone::Error,
        }
    }
}

fn explanation(has_dids: bool) -> AnyView {
    if has_dids {
        "LiveKit gets an inbound trunk for phone numbers that a bot answers, unless inbound calls are blocked, and an \
         outbound trunk for those that place calls. "
    } else {
        "LiveKit gets trunks for this carrier once it has a phone number. "
    }
    .into_any()
}

/// The trunk ids to search for in LiveKit.
#[component]
fn Trunks(sync: Sync) -> impl IntoView {
    let last = sync.last_at.map(|at| view! { <span class="num">"Last synced " <RelativeTime at/></span> });
    let trunk = |label: &'static str, what: &'static str, id: Option<String>| {
        id.map(|id| view! { <span class="sync-trunk">{label} " " <CopyField value=id what/></span> })
    };
    view! {
        {last}
        {trunk("Inbound trunk", "inbound trunk ID", sync.inbound_trunk)}
        {trunk("Outbound trunk", "outbound trunk ID", sync.outbound_trunk)}
    }
    .into_any()
}

#[component]
fn ErrorText(error: String) -> impl IntoView {
    let cut = error.char_indices().nth(ERROR_LIMIT).map(|(at, _)| at);
    match cut {
        None => view! { <span class="break-words">{error}</span> }.into_any(),
        Some(at) => view! {
            <span class="break-words">{format!("{}…", &error[..at])}</span>
            <details class="mt-1">
                <summary class="link cursor-pointer">"Show the whole message"</summary>
                <p class="mt-1 break-words whitespace-pre-wrap">{error.clone()}</p>
            </details>
        }
        .into_any(),
    }
}

#[component]
fn NextTry(at: Timestamp) -> impl IntoView {
    let clock = use_clock();
    view! { <time datetime=at.rfc3339() title=at.readable()>{move || next_try(at, clock.now())}</time> }.into_any()
}
