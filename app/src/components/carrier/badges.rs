use api_types::view::CarrierView;
use domain::{Direction, SourcePolicy, SyncStatus};
use leptos::prelude::*;

use super::source_policy_sentence;
use crate::components::ui::{BOTH_WAYS, Badge, CHECK, CLOCK, GLOBE, HASH, INWARD, LOCK, OUTWARD, Tone, WARNING};

#[component]
pub fn SyncBadge(status: SyncStatus) -> impl IntoView {
    let (tone, glyph, text) = match status {
        SyncStatus::Synced => (Tone::Ok, CHECK, "Synced"),
        SyncStatus::Pending => (Tone::Warn, CLOCK, "Pending"),
        SyncStatus::Error => (Tone::Error, WARNING, "Error"),
    };
    view! { <Badge tone glyph text/> }
}

/// LiveKit has followed the carrier, but there was nothing to create.
pub fn lacks_trunks(carrier: &CarrierView) -> bool {
    carrier.lk_sync_status == SyncStatus::Synced
        && carrier.lk_inbound_trunk_id.is_none()
        && carrier.lk_outbound_trunk_id.is_none()
}

/// The sync status. A carrier that has no trunks, such as one without phone numbers, is not shown as synced.
pub fn carrier_sync_badge(carrier: &CarrierView) -> AnyView {
    if !lacks_trunks(carrier) {
        return view! { <SyncBadge status=carrier.lk_sync_status/> }.into_any();
    }
    let title = if carrier.did_count == 0 {
        "No trunks yet: add a phone number"
    } else {
        "No phone number has calls to receive or to place"
    };
    view! { <span class="whitespace-nowrap" title=title><Badge tone=Tone::Quiet glyph=HASH text="No Trunks"/></span> }
        .into_any()
}

/// How inbound calls are authenticated: by password, by IP address or by both.
pub fn auth_badges(carrier: &CarrierView) -> AnyView {
    let (password, ip) = (carrier.auth_password.is_some(), !carrier.allowed_addresses.is_empty());
    if !password && !ip {
        let source_policy = carrier.source_policy();
        let (class, text) = match source_policy {
            SourcePolicy::Any => ("text-warn", "Any Source"),
            _ => ("text-ink-3", "None"),
        };
        return view! { <span class=class title=source_policy_sentence(source_policy)>{text}</span> }.into_any();
    }
    view! {
        <span class="inline-flex flex-wrap gap-1">
            {password.then(|| view! { <Badge tone=Tone::Info glyph=LOCK text="Password"/> })}
            {ip.then(|| view! { <Badge tone=Tone::Quiet glyph=GLOBE text="IP"/> })}
        </span>
    }
    .into_any()
}

#[component]
pub fn DirectionBadge(direction: Direction) -> impl IntoView {
    let (tone, glyph) = match direction {
        Direction::Both => (Tone::Info, BOTH_WAYS),
        Direction::Inbound => (Tone::Ok, INWARD),
        Direction::Outbound => (Tone::Accent, OUTWARD),
    };
    view! { <Badge tone glyph text=direction.label()/> }
}
