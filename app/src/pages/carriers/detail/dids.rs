use api_types::view::DidView;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::{did_rows::number_row, view::Seen};
use crate::{
    components::ui::{EmptyState, HASH, PLUS, SEARCH, SearchBox, grouped, icon, same_digits},
    session::use_session,
    urls,
};

/// Rows that are drawn unasked: a carrier with thousands of numbers opens as fast as one with ten.
const DRAWN: usize = 100;

/// Which of the numbers the address asks for.
pub struct Choice {
    pub filter: String,
    pub all: bool,
}

impl Choice {
    pub fn read(params: &ParamsMap) -> Self {
        Self { filter: params.get("numbers").unwrap_or_default(), all: params.get_str("all").is_some() }
    }
}

/// The carrier's phone numbers.
pub fn numbers(seen: &Seen) -> AnyView {
    let choice = &seen.choice;
    let may_change = use_session().may_change();
    let dids = &seen.carrier.dids;
    let filter = choice.filter.trim().to_lowercase();
    let found: Vec<&DidView> = dids.iter().filter(|did| filter.is_empty() || matches(did, &filter)).collect();
    let most = if choice.all { found.len() } else { DRAWN.min(found.len()) };
    let table = match (dids.is_empty(), found.is_empty()) {
        (true, _) => no_numbers(seen, may_change),
        (false, true) => view! {
            <EmptyState glyph=SEARCH title="No number found" text="Neither a number nor a label contains it."/>
        }
        .into_any(),
        (false, false) => table(seen, &found[..most]),
    };
    let search = (dids.len() > DRAWN).then(|| {
        view! {
            <form method="get" role="search" action=urls::carrier(&seen.carrier.id) data-instant="">
                <SearchBox name="numbers" label="Search number or label" value=choice.filter.clone()/>
            </form>
        }
    });
    let add = may_change.then(|| {
        view! {
            <a class="btn ml-auto" id="add-number" href=seen.href(&[("did", "new")]) data-noscroll="">
                {icon(PLUS)}
                "Add number"
            </a>
        }
    });
    let rest = (most < found.len()).then(|| {
        let every = seen.href(&[("all", "1")]);
        view! {
            <p class="section-foot">
                {format!("Showing the first {} of {}. ", grouped(count(most)), grouped(count(found.len())))}
                "Search, or "
                <a class="link" href=every data-noscroll="">"show all"</a>
                "."
            </p>
        }
    });
    view! {
        <section class="card overflow-hidden mt-4" aria-labelledby="numbers">
            <div class="section-head">
                // Where a removed number was, the list's head is the nearest that stays.
                <h2 id="numbers" class="text-[14px] font-medium" tabindex="-1" data-rest="">
                    "Phone numbers "
                    <span class="num font-normal text-ink-2 ml-1">{grouped(count(dids.len()))}</span>
                </h2>
                {search}
                {add}
            </div>
            {table}
            {rest}
        </section>
    }
    .into_any()
}

fn table(seen: &Seen, dids: &[&DidView]) -> AnyView {
    let rows = dids.iter().map(|did| number_row(seen, did)).collect_view();
    view! {
        <table class="table" role="table">
            <caption class="sr-only">"Phone numbers"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th class="th" role="columnheader" scope="col">"Number"</th>
                    <th class="th" role="columnheader" scope="col">"Label"</th>
                    <th class="th" role="columnheader" scope="col">"Direction"</th>
                    <th class="th" role="columnheader" scope="col">"Assigned bot"</th>
                    <th class="th" role="columnheader" scope="col"><span class="sr-only">"Actions"</span></th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

fn no_numbers(seen: &Seen, may_change: bool) -> AnyView {
    let add = may_change.then(|| {
        view! {
            <a class="btn-primary" href=seen.href(&[("did", "new")]) data-noscroll="">
                {icon(PLUS)}
                "Add the first number"
            </a>
        }
    });
    view! {
        <EmptyState
            glyph=HASH
            title="No numbers yet"
            text="LiveKit gets trunks for this carrier once it has a number: inbound ones ring a bot, outbound ones are caller ids."
        >
            {add}
        </EmptyState>
    }
    .into_any()
}

fn matches(did: &DidView, filter: &str) -> bool {
    did.label.as_ref().is_some_and(|label| label.to_lowercase().contains(filter))
        || same_digits(&did.number, filter)
        || did.e164.as_ref().is_some_and(|e164| same_digits(e164, filter))
}

fn count(amount: usize) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}
