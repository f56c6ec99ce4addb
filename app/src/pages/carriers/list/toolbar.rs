use api_types::view::CarrierPage;
use domain::{Attention, IntoEnumIterator};
use leptos::prelude::*;

use super::list_query::{ListQuery, PAGE_SIZE};
use crate::{
    components::{
        carrier::attention_title,
        ui::{SearchBox, grouped},
    },
    urls,
};

/// Narrow screens show no column heads to sort by.
const ORDERS: [(&str, &str); 7] = [
    ("", "Name"),
    ("-name", "Name, Z to A"),
    ("-lk_sync_status", "Sync status"),
    ("-lk_last_synced_at", "Last synced"),
    ("-dids", "Most DIDs"),
    ("-outbound_cps", "Fastest"),
    ("sip_address", "SIP address"),
];

/// Search, filter, order on narrow screens, and the count of rows.
pub fn toolbar(query: &ListQuery, page: Option<&CarrierPage>) -> AnyView {
    let now = query.attention();
    let kinds = [("", "All carriers")]
        .into_iter()
        .chain(Attention::iter().map(|kind| (kind.as_str(), attention_title(kind))))
        .map(|(value, text)| view! { <option value=value selected=value == now>{text}</option> })
        .collect_view();
    let sort = &query.sort;
    let other = (!ORDERS.iter().any(|(value, _)| value == sort))
        .then(|| view! { <option value=sort.clone() selected>"As chosen"</option> });
    let orders =
        ORDERS.map(|(value, text)| view! { <option value=value selected=value == sort>{text}</option> }).collect_view();
    view! {
        <form class="toolbar" role="search" method="get" action=urls::CARRIERS data-instant="">
            <SearchBox name="q" label="Search name or SIP address" value=query.q.clone()/>
            <select class="field field-select w-auto" name="attention" aria-label="Show" autocomplete="off">
                {kinds}
            </select>
            <select class="field field-select toolbar-order" name="sort" aria-label="Order" autocomplete="off">
                {orders}
                {other}
            </select>
            <button type="submit" class="btn without-js">"Apply"</button>
            <p class="toolbar-count num">{page.map(|page| row_count_text(query, page))}</p>
        </form>
    }
    .into_any()
}

/// "7 of 7", "51–100 of 217".
fn row_count_text(query: &ListQuery, page: &CarrierPage) -> String {
    let shown = i64::try_from(page.items.len()).unwrap_or_default();
    let total = grouped(page.total);
    if query.is_first() {
        return format!("{} of {total}", grouped(shown));
    }
    if shown == 0 {
        return format!("none of {total}");
    }
    let before = i64::from(query.page) * i64::from(PAGE_SIZE);
    format!("{}–{} of {total}", grouped(before + 1), grouped(before + shown))
}
