use api_types::view::CarrierView;
use domain::{Attention, Direction, IntoEnumIterator, SourcePolicy, SyncStatus};
use leptos::prelude::*;
use serde_json::json;

use super::stage::{Sample, Theme, sample, state};
use crate::components::{
    carrier::{
        DirectionBadge, SyncBadge, attention_glyph, attention_text, attention_title, auth_badges,
        source_policy_sentence,
    },
    ui::icon,
};

pub fn samples() -> Vec<Sample> {
    vec![
        sample("Who may call in", "carrier/source_policy.rs", source_policies),
        sample("What needs attention", "carrier/attention.rs", attention),
        sample("SyncBadge, DirectionBadge, auth_badges", "carrier/badges.rs", badges),
    ]
}

fn source_policies(_: Theme) -> AnyView {
    let sentences = [
        SourcePolicy::Credentials { addresses: false },
        SourcePolicy::Credentials { addresses: true },
        SourcePolicy::Allowlist,
        SourcePolicy::Any,
        SourcePolicy::Closed,
    ]
    .map(|source_policy| view! { <li>{source_policy_sentence(source_policy)}</li> })
    .collect_view();
    view! { <ul class="grid gap-1">{sentences}</ul> }.into_any()
}

fn attention(_: Theme) -> AnyView {
    let kinds = Attention::iter()
        .map(|kind| {
            view! {
                <li class="flex gap-2">
                    {icon(attention_glyph(kind))}
                    <span><strong>{attention_title(kind)}</strong> " " {attention_text(kind)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="grid gap-1">{kinds}</ul> }.into_any()
}

fn carrier(password: bool, addresses: &[&str], any_source: bool) -> Option<CarrierView> {
    let secret = password.then_some("********");
    let json = json!({
        "id": "car_01hf7yat000000000000000000", "name": "Twilio", "provider": "twilio",
        "sip_address": "acme.pstn.twilio.com", "transport": "tcp", "krisp_enabled": null, "created_by": null,
        "destination_country": null, "auth_username": password.then_some("acme"), "auth_password": secret,
        "allowed_addresses": addresses, "inbound_auth": "credentials", "accept_any_source": any_source,
        "outbound_cps": 1.0, "outbound_burst": 5, "outbound_channels": 10, "dids": [], "did_count": 0,
        "lk_sync_status": "synced", "lk_sync_error": null, "lk_last_synced_at": null, "lk_next_sync_at": null,
        "lk_inbound_trunk_id": null, "lk_outbound_trunk_id": null, "created_at": "2026-11-22T00:00:00Z",
        "updated_at": "2026-11-22T00:00:00Z", "version": 1,
    });
    serde_json::from_value(json).ok()
}

fn badges(_: Theme) -> AnyView {
    let sync = [SyncStatus::Synced, SyncStatus::Pending, SyncStatus::Error]
        .map(|status| view! { <SyncBadge status/> " " })
        .collect_view();
    let directions = [Direction::Both, Direction::Inbound, Direction::Outbound]
        .map(|direction| view! { <DirectionBadge direction/> " " })
        .collect_view();
    let auth = [
        carrier(true, &[], false),
        carrier(true, &["203.0.113.7"], false),
        carrier(false, &["203.0.113.7"], false),
        carrier(false, &[], true),
        carrier(false, &[], false),
    ]
    .map(|carrier| view! { <p>{carrier.as_ref().map(auth_badges)}</p> })
    .collect_view();
    view! { {state("Sync", sync)} {state("Direction", directions)} {state("Auth", auth)} }.into_any()
}

#[cfg(test)]
mod tests {
    use super::carrier;

    #[test]
    fn sample_deserializes_as_a_carrier() {
        assert!(carrier(true, &["203.0.113.7"], false).is_some());
    }
}
