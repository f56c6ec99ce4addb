use domain::{
    Problem,
    view::{Attention, CarrierPage},
};
use leptos::{ev::SubmitEvent, html, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::place::{PAGE_SIZE, Place};
use crate::{
    components::{
        carrier::attention_title,
        ui::{SearchBox, grouped},
    },
    urls,
};

/// Orders that narrow screens, which show no column heads, can choose from.
const ORDERS: [(&str, &str); 7] = [
    ("", "Name"),
    ("-name", "Name, Z to A"),
    ("-lk_sync_status", "Sync status"),
    ("-lk_last_synced_at", "Last synced"),
    ("-dids", "Most DIDs"),
    ("-outbound_cps", "Fastest"),
    ("sip_address", "SIP address"),
];

/// Search, on narrow screens the order, and how much of the list is in view.
#[component]
pub fn Toolbar(place: Memo<Place>, page: Resource<Result<CarrierPage, Problem>>) -> impl IntoView {
    let navigate = use_navigate();
    let go = move |to: Place| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&to.href(), options);
    };
    let search = {
        let go = go.clone();
        move |q: String| {
            let to = place.read_untracked().searching(&q);
            if to.q != place.read_untracked().q {
                go(to);
            }
        }
    };
    let form = NodeRef::<html::Form>::new();
    let at_once = {
        let search = search.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let typed = form.get_untracked().and_then(|form| form.query_selector("[name=q]").ok().flatten());
            if let Some(input) = typed.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
                search(input.value());
            }
        }
    };
    let show = {
        let go = go.clone();
        move |event| go(place.read_untracked().showing(event_target_value(&event).parse().ok()))
    };
    let kinds = move || {
        let now = place.read().attention();
        let known = Attention::ALL.map(|kind| (kind.as_str(), attention_title(kind)));
        let all = [("", "All carriers")].into_iter().chain(known);
        all.map(|(value, text)| view! { <option value=value selected=value == now>{text}</option> }).collect_view()
    };
    let order = move |event| go(place.read_untracked().sorted(&event_target_value(&event)));
    let options = move || {
        let sort = place.read().sort.clone();
        let other = (!ORDERS.iter().any(|(value, _)| *value == sort))
            .then(|| view! { <option value=sort.clone() selected>"As chosen"</option> });
        let rest = ORDERS
            .map(|(value, text)| view! { <option value=value selected=value == sort>{text}</option> })
            .collect_view();
        (rest, other)
    };
    view! {
        <form class="toolbar" role="search" method="get" action=urls::CARRIERS node_ref=form on:submit=at_once>
            <SearchBox
                name="q"
                label="Search name or SIP address"
                value=Signal::derive(move || place.read().q.clone())
                search
            />
            <select class="field field-select w-auto" name="attention" aria-label="Show" autocomplete="off" on:change=show>
                {kinds}
            </select>
            <select class="field field-select toolbar-order" name="sort" aria-label="Order" on:change=order>
                {options}
            </select>
            <button type="submit" class="btn without-js">"Apply"</button>
            <p class="toolbar-count num">
                <Transition fallback=|| ()>
                    {move || Suspend::new(async move { page.await.ok().map(|page| in_view(&place.read_untracked(), &page)) })}
                </Transition>
            </p>
        </form>
    }
    .into_any()
}

/// "7 of 7", "51–100 of 217".
fn in_view(place: &Place, page: &CarrierPage) -> String {
    let shown = i64::try_from(page.items.len()).unwrap_or_default();
    let total = grouped(page.total);
    if place.is_first() {
        return format!("{} of {total}", grouped(shown));
    }
    let before = i64::from(place.page) * i64::from(PAGE_SIZE);
    format!("{}–{} of {total}", grouped(before + 1), grouped(before + shown))
}
