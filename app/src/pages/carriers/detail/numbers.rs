use domain::view::DidView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{number_rows::NumberRow, state::use_detail};
use crate::{
    components::ui::{EmptyState, HASH, PLUS, SEARCH, SearchBox, grouped, icon, same_digits},
    session::use_session,
};

/// Rows that are drawn unasked: a carrier with thousands of numbers opens as fast as one with ten.
const DRAWN: usize = 100;

/// The carrier's phone numbers.
#[component]
pub fn Numbers() -> impl IntoView {
    let detail = use_detail();
    let params = use_query_map();
    let may_change = use_session().may_change();
    let filter = RwSignal::new(params.read_untracked().get("numbers").unwrap_or_default());
    let all = Memo::new(move |_| params.with(|params| params.get_str("all").is_some()));
    let total = Memo::new(move |_| detail.carrier.with(|carrier| carrier.dids.len()));
    let found = Memo::new(move |_| {
        let filter = filter.get().to_lowercase();
        detail.carrier.with(|carrier| {
            let dids = carrier.dids.iter().filter(|did| filter.trim().is_empty() || matches(did, filter.trim()));
            let most = if all.get() { usize::MAX } else { DRAWN };
            (dids.clone().count(), dids.take(most).cloned().collect::<Vec<_>>())
        })
    });
    // The table stays while its rows change.
    let emptiness = Memo::new(move |_| (total.get() == 0, found.read().0 == 0));
    let table = move || match emptiness.get() {
        (true, _) => view! { <NoNumbers may_change/> }.into_any(),
        (false, true) => view! {
            <EmptyState glyph=SEARCH title="No number found" text="Neither a number nor a label contains it."/>
        }
        .into_any(),
        (false, false) => view! { <Table found/> }.into_any(),
    };
    view! {
        <section class="card overflow-hidden mt-4" aria-labelledby="numbers">
            <div class="section-head">
                <h2 id="numbers" class="text-[14px] font-medium" tabindex="-1">
                    "Phone numbers "
                    <span class="num font-normal text-ink-2 ml-1">{move || grouped(count(total.get()))}</span>
                </h2>
                {move || (total.get() > DRAWN).then(|| view! {
                    <form method="get" role="search" on:submit=|event| event.prevent_default()>
                        <SearchBox
                            name="numbers"
                            label="Search number or label"
                            value=filter
                            search=move |text| filter.set(text)
                        />
                    </form>
                })}
                {may_change
                    .then(|| view! {
                        <a class="btn ml-auto" id="add-number" href=detail.href(&[("did", "new")]) data-noscroll="">
                            {icon(PLUS)}
                            "Add number"
                        </a>
                    })}
            </div>
            {table}
            {move || {
                let (matching, shown) = found.with(|(matching, shown)| (*matching, shown.len()));
                (shown < matching)
                    .then(|| view! {
                        <p class="section-foot">
                            {format!("Showing the first {} of {}. ", grouped(count(shown)), grouped(count(matching)))}
                            "Search, or "
                            <a class="link" href=detail.href(&[("all", "1")]) data-noscroll="">"show all"</a>
                            "."
                        </p>
                    })
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Table(found: Memo<(usize, Vec<DidView>)>) -> impl IntoView {
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
            <tbody role="rowgroup">
                <For each=move || found.get().1 key=|did| (did.id.clone(), did.version) let:did>
                    <NumberRow did/>
                </For>
            </tbody>
        </table>
    }
    .into_any()
}

#[component]
fn NoNumbers(may_change: bool) -> impl IntoView {
    let detail = use_detail();
    let add = may_change.then(|| {
        view! {
            <a class="btn-primary" href=detail.href(&[("did", "new")]) data-noscroll="">
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
