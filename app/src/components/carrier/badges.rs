use api_types::view::CarrierView;
use domain::{Direction, SourcePolicy, SyncStatus};
use leptos::prelude::*;

use crate::components::ui::{
    BOTH_WAYS, Badge, CHECK, CLOCK, GLOBE, INWARD, LOCK, OUTWARD, SHIELD_ALERT, SHIELD_OFF, Tone, WARNING,
};

#[component]
pub fn SyncBadge(status: SyncStatus) -> impl IntoView {
    let (tone, glyph, text) = match status {
        SyncStatus::Synced => (Tone::Ok, CHECK, "Synced"),
        SyncStatus::Pending => (Tone::Warn, CLOCK, "Pending"),
        SyncStatus::Error => (Tone::Error, WARNING, "Error"),
    };
    view! { <Badge tone glyph text/> }
}

/// How calls are authenticated, and a badge if any source or none is accepted.
pub fn auth_badges(carrier: &CarrierView) -> AnyView {
    let source_policy = carrier.source_policy();
    view! {
        <span class="inline-flex flex-wrap gap-1">
            {carrier.auth_password.is_some().then(|| view! { <Badge tone=Tone::Info glyph=LOCK text="Password"/> })}
            {(!carrier.allowed_addresses.is_empty()).then(|| view! { <Badge tone=Tone::Quiet glyph=GLOBE text="IP"/> })}
            {(source_policy == SourcePolicy::Any)
                .then(|| view! { <Badge tone=Tone::Warn glyph=SHIELD_ALERT text="Any Source"/> })}
            {(source_policy == SourcePolicy::Closed).then(|| view! { <Badge tone=Tone::Quiet glyph=SHIELD_OFF text="Inbound Blocked"/> })}
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
