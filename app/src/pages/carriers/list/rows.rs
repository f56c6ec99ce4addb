use api_types::view::CarrierView;
use leptos::prelude::*;

use crate::{
    components::{
        carrier::{SyncBadge, auth_badges},
        ui::{NEXT, RelativeTime, breakable, grouped, icon},
    },
    urls,
};

/// One carrier. The link on the name covers the whole row.
pub fn carrier_row(carrier: &CarrierView) -> AnyView {
    let synced = carrier.lk_last_synced_at.map_or_else(
        || view! { <span class="text-ink-3">"—" <span class="sr-only">"never"</span></span> }.into_any(),
        |at| view! { <RelativeTime at/> }.into_any(),
    );
    view! {
        <tr role="row" class="row">
            <td role="cell" class="td cell-name">
                <a class="row-link" href=urls::carrier(&carrier.id)>{carrier.name.clone()}</a>
            </td>
            <td role="cell" class="td cell-address" inner_html=breakable(&carrier.sip_address)></td>
            <td role="cell" class="td cell-auth">{auth_badges(carrier)}</td>
            <td role="cell" class="td cell-dids num">
                {grouped(carrier.did_count)}
                <span class="cell-unit">{if carrier.did_count == 1 { " DID" } else { " DIDs" }}</span>
            </td>
            <td role="cell" class="td cell-cps num">
                {format!("{}/s", carrier.outbound_cps)}
                <span class="text-ink-2">{format!(" · burst {}", carrier.outbound_burst)}</span>
            </td>
            <td role="cell" class="td cell-sync"><SyncBadge status=carrier.lk_sync_status/></td>
            <td role="cell" class="td cell-synced num">
                <span class="flex items-center justify-between gap-2">{synced} <span class="cell-next">{icon(NEXT)}</span></span>
            </td>
        </tr>
    }
    .into_any()
}
