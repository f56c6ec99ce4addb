use api_types::{Problem, view::CarrierPage};
use domain::CarrierSort;
use leptos::prelude::*;

use super::{list_query::ListQuery, pager::Pager, rows::carrier_row};
use crate::{
    components::carrier::attention_title,
    components::ui::{CHECK, DOWN, EmptyState, Failure, PLUS, ROUTE, SEARCH, SORT, UP, icon},
    session::use_session,
    status::set_status,
    urls,
};

/// The seven columns; narrow screens show each row as a card.
pub fn table(query: ListQuery, page: Result<CarrierPage, Problem>) -> AnyView {
    match page {
        Ok(page) if page.items.is_empty() && !query.is_first() => view! { <NothingLeft query/> }.into_any(),
        Ok(page) if page.items.is_empty() => view! { <NoCarriers query/> }.into_any(),
        Ok(page) => view! { <Table query page/> }.into_any(),
        Err(problem) => {
            set_status(problem.status);
            view! { <Failure problem retry=|| ()/> }.into_any()
        }
    }
}

#[component]
fn Table(query: ListQuery, page: CarrierPage) -> impl IntoView {
    let head = |sort: CarrierSort, label: &'static str, class: &'static str| {
        view! { <SortHead query=query.clone() sort label class/> }
    };
    // Explicit roles, because a table that CSS lays out as cards loses its implicit ones.
    view! {
        <table class="table" role="table">
            <caption class="sr-only">"Carriers"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {head(CarrierSort::Name, "Name", "th")}
                    {head(CarrierSort::SipAddress, "SIP address", "th")}
                    <th class="th" role="columnheader" scope="col">"Auth"</th>
                    {head(CarrierSort::Dids, "DIDs", "th th-num")}
                    {head(CarrierSort::Cps, "CPS", "th")}
                    {head(CarrierSort::Status, "LiveKit", "th")}
                    {head(CarrierSort::LastSynced, "Last synced", "th")}
                </tr>
            </thead>
            <tbody role="rowgroup">
                {page.items.iter().map(carrier_row).collect_view()}
            </tbody>
        </table>
        <Pager query=query.clone() next_cursor=page.next_cursor/>
    }
}

#[component]
fn SortHead(query: ListQuery, sort: CarrierSort, label: &'static str, class: &'static str) -> impl IntoView {
    let (current, descending) = query.order();
    let active = current == sort;
    let reverses = active && !descending;
    let href = query.sorted(&format!("{}{}", if reverses { "-" } else { "" }, sort.as_str())).href();
    let glyph = match (active, descending) {
        (false, _) => SORT,
        (true, false) => UP,
        (true, true) => DOWN,
    };
    let order = active.then_some(if descending { "descending" } else { "ascending" });
    view! {
        <th class=class role="columnheader" scope="col" aria-sort=order>
            <a id=format!("sort-{}", sort.as_str()) class=if active { "sort sort-on" } else { "sort" } href=href data-noscroll="">{label} {icon(glyph)}</a>
        </th>
    }
    .into_any()
}

/// A later page whose carriers have been deleted meanwhile.
#[component]
fn NothingLeft(query: ListQuery) -> impl IntoView {
    view! {
        <EmptyState glyph=SEARCH title="Nothing is left on this page" text="What stood here was deleted or changed.">
            <a class="btn" href=query.previous().href()>
                {if query.has_previous_cursor() { "Previous page" } else { "First page" }}
            </a>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn NoCarriers(query: ListQuery) -> impl IntoView {
    if let Some(kind) = query.attention {
        view! {
            <EmptyState
                glyph=CHECK
                title=format!("{}: none", attention_title(kind))
                text=if query.q.is_empty() { "Nothing is left to do here." } else { "None of them fits the search." }
            >
                <a class="btn" href=ListQuery::default().href()>"Show all carriers"</a>
            </EmptyState>
        }
    } else if query.q.is_empty() {
        let add = use_session()
            .may_change()
            .then(|| view! { <a class="btn-primary" href=urls::CREATE_CARRIER>{icon(PLUS)} "Add the first carrier"</a> });
        view! {
            <EmptyState
                glyph=ROUTE
                title="No carriers yet"
                text="A carrier is a SIP provider, or one account with it. Add one, give it numbers, and LiveKit's trunks follow."
            >
                {add}
                <a class="btn" href=query.href_with_guide() data-noscroll="">"Read the guide"</a>
            </EmptyState>
        }
    } else {
        view! {
            <EmptyState
                glyph=SEARCH
                title=format!("Nothing found for “{}”", query.q)
                text="Neither a name nor a SIP address contains it."
            >
                <a class="btn" href=query.searching("").href()>"Clear the search"</a>
            </EmptyState>
        }
    }
    .into_any()
}
