use api_types::view::CarrierView;
use domain::{InboundAuth, SourcePolicy};
use leptos::prelude::*;

use super::context::use_carrier;
use crate::components::{
    carrier::source_policy_sentence,
    ui::{Badge, CopyField, KeyValueCard, RelativeTime, SHIELD_ALERT, SHIELD_OFF, Tone, counted, grouped},
};

/// Entries of the allowlist that are shown at once.
const SHOWN_ADDRESSES: usize = 8;

/// The carrier's settings, read-only.
#[component]
pub fn Cards() -> impl IntoView {
    let current = use_carrier().row.current;
    // A sync changes only what the banner shows.
    let version = Memo::new(move |_| current.with(|row| row.carrier.version));
    move || {
        // Read, not only tracked: a memo notifies only after its first read.
        let _ = version.get();
        current.with_untracked(|row| {
            let carrier = &row.carrier;
            view! {
                <div class="cards">
                    {connection(carrier)}
                    {authentication(carrier)}
                    {rate_limits(carrier)}
                    {details(carrier)}
                </div>
            }
        })
    }
}

fn none(text: &'static str) -> AnyView {
    view! { <span class="text-ink-2">{text}</span> }.into_any()
}

fn connection(carrier: &CarrierView) -> AnyView {
    let address = view! { <CopyField value=carrier.sip_address.clone() what="SIP address" wrap=true/> };
    let country = carrier.destination_country.map_or_else(|| none("Not set"), |country| country.name().into_any());
    let rows = vec![
        ("Provider", carrier.provider.label().into_any()),
        ("SIP Address", address.into_any()),
        ("Transport", carrier.transport.label().into_any()),
        ("Destination Country", country),
    ];
    view! { <KeyValueCard title="Connection Settings" rows/> }.into_any()
}

fn authentication(carrier: &CarrierView) -> AnyView {
    let username = match &carrier.auth_username {
        Some(username) => view! { <CopyField value=username.clone() what="username" wrap=true/> }.into_any(),
        None => none("Not set"),
    };
    let password = if carrier.auth_password.is_some() { "Set".into_any() } else { none("Not set") };
    let source_policy = carrier.source_policy();
    let mode = match source_policy {
        SourcePolicy::Any => view! { <Badge tone=Tone::Warn glyph=SHIELD_ALERT text="Any Source"/> }.into_any(),
        SourcePolicy::Closed => view! { <Badge tone=Tone::Quiet glyph=SHIELD_OFF text="Inbound Blocked"/> }.into_any(),
        _ if carrier.inbound_auth == InboundAuth::Ip => "IP allowlist".into_any(),
        SourcePolicy::Allowlist => "IP allowlist, no credentials".into_any(),
        SourcePolicy::Credentials { .. } => "Credentials".into_any(),
    };
    let sentence = source_policy_sentence(source_policy);
    let krisp = match carrier.krisp_enabled {
        None => none("As set in LiveKit"),
        Some(enabled) => (if enabled { "On" } else { "Off" }).into_any(),
    };
    let rows = vec![
        ("Username", username),
        ("Password", password),
        ("Inbound Authentication", view! { {mode} <p class="hint">{sentence}</p> }.into_any()),
        ("Inbound IP Allowlist", allowlist(&carrier.allowed_addresses)),
        ("Krisp Noise Cancellation", krisp),
    ];
    view! { <KeyValueCard title="Authentication" rows/> }.into_any()
}

fn allowlist(addresses: &[String]) -> AnyView {
    let list = |addresses: &[String]| {
        let items = addresses
            .iter()
            .map(|address| view! { <li><code class="font-mono text-[12.5px] wrap-anywhere">{address.clone()}</code></li> })
            .collect_view();
        view! { <ul class="addresses">{items}</ul> }
    };
    match addresses.split_at_checked(SHOWN_ADDRESSES) {
        None if addresses.is_empty() => none("Empty"),
        Some((first, rest)) if !rest.is_empty() => {
            let all = i64::try_from(addresses.len()).unwrap_or(i64::MAX);
            let more = i64::try_from(rest.len()).unwrap_or(i64::MAX);
            view! {
                <p class="text-ink-2">{counted(all, "address", "addresses")}</p>
                {list(first)}
                <details>
                    <summary class="link cursor-pointer">{format!("Show {} more", grouped(more))}</summary>
                    {list(rest)}
                </details>
            }
            .into_any()
        }
        _ => list(addresses).into_any(),
    }
}

fn rate_limits(carrier: &CarrierView) -> AnyView {
    let rows = vec![
        ("Outbound CPS", carrier.outbound_cps.to_string().into_any()),
        ("Outbound Burst", grouped(carrier.outbound_burst.into()).into_any()),
        ("Outbound Channels", grouped(carrier.outbound_channels.into()).into_any()),
    ];
    view! { <KeyValueCard title="Rate Limiting" rows/> }.into_any()
}

fn details(carrier: &CarrierView) -> AnyView {
    let id = view! { <CopyField value=carrier.id.to_string() what="carrier ID" wrap=true/> };
    let rows = vec![
        ("Carrier ID", id.into_any()),
        ("Created", view! { <RelativeTime at=carrier.created_at/> }.into_any()),
        ("Updated", view! { <RelativeTime at=carrier.updated_at/> }.into_any()),
    ];
    view! { <KeyValueCard title="Details" rows/> }.into_any()
}
