use api_types::view::DidView;
use leptos::prelude::*;

use super::{context::CarrierContext, did_rows::did_row};
use crate::{
    components::ui::{EmptyState, HASH, PLUS, SEARCH, SearchBox, grouped, icon, same_digits},
    session::use_session,
    urls,
};

/// Rows without `?all=1`, so that a carrier with thousands of numbers opens quickly.
const ROW_LIMIT: usize = 100;

/// The carrier's phone numbers.
pub fn dids(context: &CarrierContext) -> AnyView {
    let filter = &context.did_filter;
    let may_change = use_session().may_change();
    let dids = &context.carrier.dids;
    let text = filter.text.trim().to_lowercase();
    let matching: Vec<&DidView> = dids.iter().filter(|did| text.is_empty() || matches(did, &text)).collect();
    let limit = if filter.all { matching.len() } else { ROW_LIMIT.min(matching.len()) };
    let table = match (dids.is_empty(), matching.is_empty()) {
        (true, _) => no_dids(context, may_change),
        (false, true) => view! {
            <EmptyState glyph=SEARCH title="No number found" text="Neither a number nor a label contains it."/>
        }
        .into_any(),
        (false, false) => table(context, &matching[..limit]),
    };
    let search = (dids.len() > ROW_LIMIT).then(|| {
        view! {
            <form method="get" role="search" action=urls::carrier(&context.carrier.id) data-instant="">
                <SearchBox name="numbers" label="Search number or label" value=filter.text.clone()/>
            </form>
        }
    });
    let add = may_change.then(|| {
        view! {
            <a class="btn ml-auto" id="add-number" href=context.href(&[("did", "new")]) data-noscroll="">
                {icon(PLUS)}
                "Add number"
            </a>
        }
    });
    let rest = (limit < matching.len()).then(|| {
        let every = context.href(&[("all", "1")]);
        view! {
            <p class="section-foot">
                {format!("Showing the first {} of {}. ", grouped(count(limit)), grouped(count(matching.len())))}
                "Search, or "
                <a class="link" href=every data-noscroll="">"show all"</a>
                "."
            </p>
        }
    });
    view! {
        <section class="card overflow-hidden mt-4" aria-labelledby="numbers">
            <div class="section-head">
                // Gets the focus after a number was removed together with its buttons.
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

fn table(context: &CarrierContext, dids: &[&DidView]) -> AnyView {
    let rows = dids.iter().map(|did| did_row(context, did)).collect_view();
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

fn no_dids(context: &CarrierContext, may_change: bool) -> AnyView {
    let add = may_change.then(|| {
        view! {
            <a class="btn-primary" href=context.href(&[("did", "new")]) data-noscroll="">
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

fn matches(did: &DidView, text: &str) -> bool {
    did.label.as_ref().is_some_and(|label| label.to_lowercase().contains(text))
        || same_digits(&did.number, text)
        || did.e164.as_ref().is_some_and(|e164| same_digits(e164, text))
}

fn count(amount: usize) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}
